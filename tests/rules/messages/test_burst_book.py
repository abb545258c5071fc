"""What an author said last, written down: another process reads on where the first one was."""

from collections.abc import AsyncIterator

import pytest

from bot.messages.burst_book import BurstBook
from bot.messages.inbound import IncomingMessage
from storage.db.database import Database


def said(ts: str, *, user: str = "U1", thread: str | None = None) -> IncomingMessage:
    return IncomingMessage(team="T1", channel="C1", ts=ts, user=user, thread_ts=thread)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


async def test_several_processes_hear_one_author(store: Database) -> None:
    """The second message is more of the first, whoever hears it; another author's is not."""
    here, there = (BurstBook(60, store, shared=True) for _ in range(2))

    assert await here.join_burst(said("1800000000.000100")) is None
    assert await there.join_burst(said("1800000010.000100")) == "1800000000.000100"
    assert await there.join_burst(said("1800000011.000100", user="U2")) is None
    assert await here.burst_before(said("1800000020.000100")) == "1800000000.000100"
    assert await there.join_burst(said("1800000090.000100")) is None


async def test_what_was_answered_parted_or_withdrawn_is_known_to_all(store: Database) -> None:
    """The time counts from the answer; a parted matter is the one that goes on."""
    here, there = (BurstBook(60, store, shared=True) for _ in range(2))
    first = said("1800000000.000100")
    await here.join_burst(first)
    await here.answered(first, "1800000050.000100")
    assert await there.join_burst(said("1800000100.000100")) == first.ts

    await there.parted(first, "1800000100.000100")
    assert await here.join_burst(said("1800000110.000100")) == "1800000100.000100"
    await here.withdrawn(said("1800000100.000100"))
    assert await there.join_burst(said("1800000120.000100")) is None


async def test_what_one_process_remembers_is_nobody_elses(store: Database) -> None:
    """On a file nothing is written down; where there are no bursts, nothing is looked up."""
    here, there = (BurstBook(60, store, shared=False) for _ in range(2))
    none = BurstBook(0, store, shared=True)

    assert await here.join_burst(said("1800000000.000100")) is None
    assert await here.join_burst(said("1800000001.000100")) == "1800000000.000100"
    assert await there.join_burst(said("1800000002.000100")) is None
    assert await none.join_burst(said("1800000003.000100")) is None
    assert await none.join_burst(said("1800000004.000100")) is None
