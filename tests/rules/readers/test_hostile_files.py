"""Files that want a reader's memory, time or stack: each gets a document or a named reason."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import get_args

import pytest

from bot.readers.child import READ
from bot.readers.pool import ReaderPool
from bot.readers.reader_limits import MB, ReaderLimits
from bot.readers.registry import READERS
from bot.readers.unreadable import Unreadable
from bot.text.file_problems import UnreadableReason
from tests.support.hostile_files import hostile_files, word_file

LIMITS = ReaderLimits(
    seconds=60,
    processor_seconds=1,
    memory_mb=100,
    characters=300_000,
    pages=200,
    megapixels=5,
    children=2,
)
PARAGRAPH = "<w:p><w:r><w:t>x</w:t></w:r></w:p>"
PICTURES = (".png", ".gif", ".jpg", ".webp")


@pytest.fixture
async def readers() -> AsyncIterator[ReaderPool]:
    """A pool with small limits."""
    pool = ReaderPool(LIMITS)
    yield pool
    await asyncio.to_thread(pool.close)


async def outcome(readers: ReaderPool, name: str, data: bytes) -> str:
    """The reason why a file was not read; "" where it was."""
    try:
        if name.endswith(PICTURES):
            await readers.picture(name, data)
        else:
            await readers.document(name, data, readers=READERS)
    except Unreadable as error:
        return error.why
    return ""


@pytest.mark.long
async def test_every_hostile_file_ends_as_a_document_or_with_a_reason(readers: ReaderPool) -> None:
    """Nothing is raised but reasons, no file outlives its limits, and the next is read as ever."""
    files = hostile_files()
    found = {name: await outcome(readers, name, data) for name, data in files.items()}

    assert len(files) >= 60
    assert set(found.values()) <= {"", *get_args(UnreadableReason)}
    assert found["most-pixels.png"] == found["many-pages.pdf"] == "large"
    assert found["stream-bomb.pdf"] == "large"
    assert found["one-stream-many-pages.pdf"] == found["many-entities.html"] == "slow"
    assert found["entities.docx"] == found["cut.pdf"] == "damaged"
    assert found["wide-cell.docx"] == ""
    assert await outcome(readers, "good.docx", word_file(PARAGRAPH)) == ""


async def test_what_computes_too_long_is_stopped_and_others_go_on(readers: ReaderPool) -> None:
    """One child is killed; the file beside it does not notice."""
    slow, good = hostile_files()["one-stream-many-pages.pdf"], "Wipe the lid.".encode("utf-16")
    ends = await asyncio.gather(
        outcome(readers, "slow.pdf", slow), outcome(readers, "good.txt", good)
    )
    assert [*ends] == ["slow", ""]


async def test_a_good_file_behind_hostile_ones_is_read_all_the_same() -> None:
    """The seconds of a file count from its turn: it is not told slow for those before it."""
    pool = ReaderPool(ReaderLimits(seconds=3, processor_seconds=60, children=1))
    slow, good = hostile_files()["one-stream-many-pages.pdf"], word_file(PARAGRAPH)
    sent = {"1.pdf": slow, "2.pdf": slow, "good.docx": good}
    ends = await asyncio.gather(*(outcome(pool, name, data) for name, data in sent.items()))
    await asyncio.to_thread(pool.close)

    assert [*ends] == ["slow", "slow", ""]


async def test_whose_turn_does_not_come_is_told_that_others_were_before_it() -> None:
    """A wait has its end, and then nothing bad is said of the file."""
    pool = ReaderPool(ReaderLimits(seconds=3, waiting_seconds=1, processor_seconds=60, children=1))
    slow, good = hostile_files()["one-stream-many-pages.pdf"], word_file(PARAGRAPH)
    sent = {"slow.pdf": slow, "good.docx": good}
    ends = await asyncio.gather(*(outcome(pool, name, data) for name, data in sent.items()))
    await asyncio.to_thread(pool.close)

    assert [*ends] == ["slow", "busy"]


def test_a_child_has_no_secrets_no_files_and_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """What its process may do is held by the kernel; its environment is not the bot's."""
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    others = set(children_of(os.getpid()))
    pool = ReaderPool(LIMITS)
    pool.read_bytes("a.docx", word_file(PARAGRAPH))
    (child,) = [
        each
        for each in set(children_of(os.getpid())) - others
        if b"bot.readers.child" in _said(each, "cmdline")
    ]
    limits = _said(child, "limits").decode().splitlines()
    used = len([*Path(f"/proc/{child}/fd").iterdir()])
    environment = _said(child, "environ")
    pool.close()

    assert b"secret" not in environment
    held = {line[:25].strip(): line[25:].split()[0] for line in limits}
    assert used == int(held["Max open files"]) == 3
    assert held["Max file size"] == "0"
    assert int(held["Max address space"]) < 2_000 * MB
    assert set(READ) == {each.kind for each in READERS}


def children_of(process: int) -> list[int]:
    """The processes that one began; a thread may end while it is asked."""
    found: list[int] = []
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):
            found += map(int, (task / "children").read_text().split())
    return found


def _said(process: int, what: str) -> bytes:
    return Path(f"/proc/{process}/{what}").read_bytes()
