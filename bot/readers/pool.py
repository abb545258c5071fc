"""Child processes that read files: a few, begun when the first file comes, replaced now and then.

The bot never parses what strangers send. A child that takes too long is killed, one that crashes is
gone; either is one file that cannot be read, and the next file gets another child.
"""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore, Lock, Timer
from time import monotonic
from typing import Any, BinaryIO, cast, get_args

from bot.readers.document import CannotRead, Document
from bot.readers.framing import BEGUN, BadFrame, Frame, read_exactly, read_frame, write_frame
from bot.readers.reader_limits import ReaderLimits
from bot.readers.registry import DOCUMENTS, PLAIN, Reader, choose_reader
from bot.readers.unreadable import Unreadable
from bot.text.file_problems import UnreadableReason

# Files that a child reads before another takes its place, so that nothing piles up in it.
RECYCLED = 500
# Bytes of a picture that was made ready are fewer than those of any text.
BYTES_A_CHARACTER = 4
REASONS: tuple[UnreadableReason, ...] = get_args(UnreadableReason)


class ReaderPool:
    """Reads files within limits. All that can be wrong with a file comes as Unreadable.

    Its functions may be called from any thread. A file's seconds begin with its turn: those before
    it cost it nothing but time.
    """

    def __init__(self, limits: ReaderLimits | None = None) -> None:
        self.limits = limits or ReaderLimits()
        self._turns = BoundedSemaphore(self.limits.children)
        self._threads = ThreadPoolExecutor(self.limits.children, thread_name_prefix="read")
        self._lock = Lock()
        self._resting: list[_Child] = []
        self._all: set[_Child] = set()

    async def document(
        self, name: str, data: bytes, media_type: str = "", readers: Collection[Reader] = DOCUMENTS
    ) -> Document:
        """As `read_bytes`, without holding the loop."""
        turn_by = self._turn_by()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._threads, self._read, name, data, media_type, readers, turn_by
        )

    async def picture(self, name: str, data: bytes) -> tuple[str, bytes]:
        """The media type and the bytes of a picture as a model takes it; raises Unreadable."""
        turn_by = self._turn_by()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._picture, name, data, turn_by)

    def read_path(self, path: Path, readers: Collection[Reader] = DOCUMENTS) -> Document:
        """The document at a path; blocks. Raises Unreadable, and OSError where there is no file."""
        with path.open("rb") as file:
            data = file.read(self.limits.file_bytes + 1)
        return self.read_bytes(str(path), data, readers=readers)

    def read_bytes(
        self, name: str, data: bytes, media_type: str = "", readers: Collection[Reader] = DOCUMENTS
    ) -> Document:
        """The document that some bytes are, with the ends of lines that Markdown has; blocks.

        Raises:
            Unreadable: nobody reads it, or its reader could not, within the limits.
        """
        return self._read(name, data, media_type, readers, self._turn_by())

    def close(self) -> None:
        """End all children; what they read is given up."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            ended, self._resting, self._all = self._all, [], set()
        for child in ended:
            child.end()

    def _turn_by(self) -> float:
        return monotonic() + self.limits.waiting_seconds

    def _read(
        self,
        name: str,
        data: bytes,
        media_type: str,
        readers: Collection[Reader],
        turn_by: float,
    ) -> Document:
        try:
            kind = choose_reader(name, data, media_type, readers).kind
            if kind == PLAIN.kind and (text := _utf8(data)):
                return self._short(text)
            about, body = self._asked({"kind": kind}, data, turn_by)
        except CannotRead as error:
            raise Unreadable(name, error.why, error.detail) from None
        return Document(body.decode("utf-8", "replace"), about["front"], about["left_out"])

    def _short(self, text: str) -> Document:
        if len(text) > self.limits.characters:
            raise CannotRead("large", "more text than is read")
        return Document(text)

    def _picture(self, name: str, data: bytes, turn_by: float) -> tuple[str, bytes]:
        try:
            about, body = self._asked({"kind": "picture"}, data, turn_by)
        except CannotRead as error:
            raise Unreadable(name, error.why, error.detail) from None
        return str(about["media_type"]), body

    def _asked(self, about: Mapping[str, Any], data: bytes, turn_by: float) -> Frame:
        """What a child says to a request; raises CannotRead."""
        if not data:
            raise CannotRead("empty", "no bytes")
        if len(data) > self.limits.file_bytes:
            raise CannotRead("large")
        left = turn_by - monotonic()
        if left <= 0 or not self._turns.acquire(timeout=left):
            raise CannotRead("busy", "no child was free in time")
        try:
            reply = self._told(about, data)
        finally:
            self._turns.release()
        for why in REASONS:
            if reply[0].get("why") == why:
                raise CannotRead(why, reply[0].get("detail", ""))
        return reply

    def _told(self, about: Mapping[str, Any], data: bytes) -> Frame:
        child = self._rested(about, data) or self._begun(about, data)
        most = max(self.limits.characters * BYTES_A_CHARACTER, self.limits.file_bytes)
        try:
            reply = child.reply(most)
        except BadFrame as error:
            self._drop(child)
            raise child.verdict(error) from None
        if child.served < RECYCLED:
            with self._lock:
                self._resting.append(child)
        else:
            self._drop(child)
        return reply

    def _rested(self, about: Mapping[str, Any], data: bytes) -> "_Child | None":
        """A child that was at rest and has begun on the file; None where all have ended by now."""
        while True:
            with self._lock:
                if not self._resting:
                    return None
                child = self._resting.pop()
            if child.begin(about, data):
                return child
            self._drop(child)

    def _begun(self, about: Mapping[str, Any], data: bytes) -> "_Child":
        child = _Child(self.limits)
        with self._lock:
            self._all.add(child)
        if not child.begin(about, data):
            self._drop(child)
            raise child.verdict(BadFrame("it did not begin"))
        return child

    def _drop(self, child: "_Child") -> None:
        with self._lock:
            self._all.discard(child)
        child.end()


@cache
def shared_pool(limits: ReaderLimits | None = None) -> ReaderPool:
    """A pool with these limits or the usual ones, for those who were given none."""
    return ReaderPool(limits)


def _utf8(data: bytes) -> str:
    """The text of bytes that are plainly UTF-8, which needs no reader; "" where they are not."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""
    return "" if "\0" in text or not text.strip() else _lines(text)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


class _Child:
    """One process, and the pipes to it. One thread at a time speaks to it."""

    def __init__(self, limits: ReaderLimits) -> None:
        # The environment has the desk's secrets; the child gets the paths of modules alone.
        paths = os.pathsep.join(str(Path(each).resolve()) for each in sys.path)
        command = [sys.executable, "-m", "bot.readers.child", json.dumps(asdict(limits))]
        self._process = subprocess.Popen(  # noqa: S603 - nothing in it comes from a file
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": paths, "PYTHONDONTWRITEBYTECODE": "1"},
            cwd="/",
            start_new_session=True,
        )
        self._requests = cast("BinaryIO", self._process.stdin)
        self._replies = cast("BinaryIO", self._process.stdout)
        self._seconds = limits.seconds
        self._timer: Timer | None = None
        self._late = False
        self.served = 0

    def begin(self, about: Mapping[str, Any], data: bytes) -> bool:
        """Hand a file over; whether the child has it. From now on the file's seconds count."""
        self._late = False
        self._timer = Timer(self._seconds, self._give_up)
        self._timer.daemon = True
        self._timer.start()
        try:
            write_frame(self._requests, about, data)
            begun = read_exactly(self._replies, 1) == BEGUN
        except (OSError, BadFrame):
            begun = False
        if not begun:
            self._timer.cancel()
        return begun

    def reply(self, most: int) -> Frame:
        """What it says; raises BadFrame where it ended without a word, or says nonsense."""
        try:
            reply = read_frame(self._replies, most)
        finally:
            if self._timer:
                self._timer.cancel()
        self.served += 1
        return reply

    def verdict(self, error: BadFrame) -> CannotRead:
        """Why it gave no reply, to be asked once it has ended."""
        code = self._process.returncode
        if self._late or code == -signal.SIGXCPU:
            return CannotRead("slow", "its reader was stopped")
        if code in (-signal.SIGKILL, -signal.SIGABRT):
            # By the machine, or by itself: native code aborts when it gets no more memory.
            return CannotRead("large", "its reader ended, most likely for want of memory")
        return CannotRead("damaged", f"its reader ended with {code}: {error}")

    def end(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.wait()
        self._replies.close()
        with suppress(OSError):  # what was not yet written has no reader
            self._requests.close()

    def _give_up(self) -> None:
        self._late = True
        self._process.kill()
