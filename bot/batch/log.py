"""What was asked and answered, in a file beside the output that is only ever added to.

A line is written the moment an answer arrives, so a process that is killed has paid for nothing it
cannot read again; a half-written last line is dropped. Lines:

    {"began": …}                          what the work depends on; must be the same to go on
    {"key": …, "digest": …, "reply": …}   an answer that was paid for
    {"sending": …, "keys": […]}           a message batch is about to be submitted
    {"sent": …, "batch": …}               … and this is its id
    {"fetched": …}                        its results have been written down
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Protocol

from bot.llm.calls import Completion, Question
from bot.llm.structured import Stopped
from storage.db.columns import utc_now


@dataclass
class SubmittedBatch:
    """A message batch: the keys in it, when it was about to be submitted, and its id if known."""

    name: str
    keys: frozenset[str]
    at: datetime
    batch: str | None = None


class CallLog(Protocol):
    """Where questions, batches and answers are written down; `sendings` are those not fetched."""

    @property
    def sendings(self) -> Mapping[str, SubmittedBatch]: ...

    def tries(self, key: str) -> int: ...

    async def reply(self, key: str, question: Question) -> Completion | None: ...

    async def answered(self, key: str, question: Question, reply: Completion) -> None: ...

    async def sending(self, name: str, keys: Sequence[str]) -> SubmittedBatch: ...

    async def sent(self, sending: SubmittedBatch, batch: str) -> None: ...

    async def fetched(self, sending: SubmittedBatch) -> None: ...


@dataclass
class _KnownLog:
    """What an earlier run left."""

    began: dict[str, Any] | None = None
    replies: dict[str, tuple[str, Completion]] = field(default_factory=dict)
    sendings: dict[str, SubmittedBatch] = field(default_factory=dict)
    spent: int = 0


class JobLog:
    """The log of one piece of work. Keys are `{number}-…`, the row's place first."""

    def __init__(self, path: Path, began: dict[str, Any], written: int = 0) -> None:
        """Read what is there and open it for more; rows before `written` need no answers.

        Raises:
            Stopped: it belongs to other work.
        """
        self._path = path
        self._file = path.open("ab", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Stopped(f"another run is writing {path}") from None
        known = _read(path, written)
        if known.began not in (None, began):
            raise Stopped(f"{path} belongs to other work: {_difference(known.began, began)}")
        self.spent = known.spent
        self.sendings = known.sendings
        self._replies = known.replies
        if known.began is None:
            self._add({"began": began})

    async def reply(self, key: str, question: Question) -> Completion | None:
        """The answer to this very question, if it has been paid for; it is handed out once."""
        digest, reply = self._replies.get(key, (None, None))
        if digest != _digest(question):
            return None
        del self._replies[key]
        return reply

    async def answered(self, key: str, question: Question, reply: Completion) -> None:
        """Write an answer down."""
        self.spent += reply.call.nano_dollars
        line = {"key": key, "digest": _digest(question), "reply": reply.model_dump(mode="json")}
        self._add(line)

    async def sending(self, name: str, keys: Sequence[str]) -> SubmittedBatch:
        """Write down that a message batch is about to be submitted."""
        sending = SubmittedBatch(name, frozenset(keys), utc_now())
        self.sendings[name] = sending
        self._add({"sending": name, "at": sending.at.isoformat(), "keys": list(keys)})
        return sending

    async def sent(self, sending: SubmittedBatch, batch: str) -> None:
        """Write down the id that the API gave a message batch."""
        sending.batch = batch
        self._add({"sent": sending.name, "batch": batch})

    async def fetched(self, sending: SubmittedBatch) -> None:
        """Write down that a batch is over: its results are here, or it never was."""
        self.sendings.pop(sending.name, None)
        self._add({"fetched": sending.name})

    def tries(self, key: str) -> int:  # noqa: ARG002 - each run of the command begins to count anew
        """How many batches of earlier runs have left a question unanswered."""
        return 0

    def close(self) -> None:
        os.fsync(self._file.fileno())
        self._file.close()

    def _add(self, line: dict[str, Any]) -> None:
        write_line(self._file, self._path, line)


def write_line(file: IO[bytes], path: Path, line: dict[str, Any]) -> None:
    """Write an object as a line, at once and whole.

    Raises:
        Stopped: it cannot be written.
    """
    data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
    try:
        # Without a buffer a full disk may take a part.
        written = file.write(data)
    except OSError as error:
        raise Stopped(f"{path} cannot be written: {error.strerror}") from None
    if written != len(data):
        raise Stopped(f"{path} cannot be written: no space left")


def began_of(path: Path) -> dict[str, Any] | None:
    """What the work of a log depends on; None when there is no log."""
    return _read(path, 0).began if path.exists() else None


def whole_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file up to the last that was written whole; the rest is cut off."""
    if not path.exists():
        return
    end = 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            end += len(line)
            yield line
    if path.stat().st_size > end:
        os.truncate(path, end)


def _read(path: Path, written: int) -> _KnownLog:
    known = _KnownLog()
    for line in whole_lines(path):
        entry = json.loads(line)
        if "key" in entry:
            _remember(known, entry, written)
        elif "began" in entry:
            known.began = entry["began"]
        elif "sending" in entry:
            at = datetime.fromisoformat(entry["at"])
            name = entry["sending"]
            known.sendings[name] = SubmittedBatch(name, frozenset(entry["keys"]), at)
        elif "sent" in entry:
            known.sendings[entry["sent"]].batch = entry["batch"]
        elif "fetched" in entry:
            known.sendings.pop(entry["fetched"], None)
    return known


def _remember(known: _KnownLog, entry: dict[str, Any], written: int) -> None:
    known.spent += entry["reply"]["call"]["nano_dollars"]
    if int(entry["key"].partition("-")[0]) >= written:
        reply = Completion.model_validate(entry["reply"])
        known.replies[entry["key"]] = (entry["digest"], reply)


def _digest(question: Question) -> str:
    asked = f"{question.model}\n{question.prompt.version}\n{question.content}"
    return blake2b(asked.encode(errors="replace"), digest_size=12).hexdigest()


def _difference(before: dict[str, Any] | None, now: dict[str, Any]) -> str:
    changed = [name for name in now if (before or {}).get(name) != now[name]]
    return ", ".join(
        f"{name} was {(before or {}).get(name)!r}, is {now[name]!r}" for name in changed
    )
