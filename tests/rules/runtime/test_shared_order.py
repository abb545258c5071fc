"""The order of a thread among several processes, as one of them keeps it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.runtime.thread_order import SharedOrder
from storage.db.database import Database, StoreFailure
from storage.stories import turns
from storage.stories.turns import TurnRow
from tests.support.databases import taking_nothing

THREAD = "T:C:1.000000"


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Database]:
    opened = Database(database_url)
    yield opened
    await opened.close()


def turn(number: int, executor: str = "here") -> TurnRow:
    ts = f"{number}.000000"
    return TurnRow(thread=THREAD, ts=ts, story=f"T:C:{ts}", executor=executor)


class Process:
    """One of several: it tells stories, and notes which."""

    def __init__(self, store: Database, name: str, told: list[int]) -> None:
        self.order = SharedOrder(store)
        self._name, self._told = name, told

    async def tell(self, number: int) -> None:
        async with self.order.turn(turn(number, self._name)):
            self._told.append(number)
            await asyncio.sleep(0)


async def test_two_processes_tell_a_thread_in_its_order(store: Database) -> None:
    """Whoever has which message, and in whatever order they come to their turns."""
    told: list[int] = []
    here, there = Process(store, "here", told), Process(store, "there", told)
    for number in range(1, 9):
        await store.write(turns.join_turn, turn(number))

    async with asyncio.timeout(60):
        await asyncio.gather(*((here, there)[n % 2].tell(n) for n in (5, 8, 2, 7, 1, 3, 6, 4)))

    assert told == [1, 2, 3, 4, 5, 6, 7, 8]
    assert not await store.read(turns.turns_in, THREAD)


async def test_a_story_that_fails_frees_its_thread_and_one_that_is_broken_off_does_not(
    store: Database,
) -> None:
    """The latter will be told by another process, in its turn."""
    order = SharedOrder(store)
    with pytest.raises(RuntimeError):
        async with order.turn(turn(1)):
            raise RuntimeError
    assert not await order.expects(THREAD)

    with pytest.raises(asyncio.CancelledError):
        async with order.turn(turn(2)):
            raise asyncio.CancelledError
    assert await order.expects(THREAD)


class Refusing(Database):
    """A database that tells when it has refused something."""

    refused = 0

    async def write(self, *work: Any, **named: Any) -> Any:
        try:
            return await super().write(*work, **named)
        except StoreFailure:
            self.refused += 1
            raise


async def test_a_database_that_takes_nothing_delays_a_turn_and_loses_none(
    database_url: str,
) -> None:
    """What fails is tried again: the story must not end by it."""
    told: list[int] = []
    store = Refusing(database_url)
    process = Process(store, "here", told)
    with taking_nothing(database_url, "turns"):
        telling = asyncio.create_task(process.tell(1))
        async with asyncio.timeout(60):
            while not store.refused:  # noqa: ASYNC110 - the store tells nobody
                await asyncio.sleep(0.01)
        assert told == []
    async with asyncio.timeout(60):
        await telling
    await store.close()

    assert told == [1]


async def test_a_thread_that_stands_still_is_passed(store: Database) -> None:
    """Nothing came of the older one; while it is told it is waited for, however long."""
    told: list[int] = []
    process = Process(store, "here", told)
    process.order = SharedOrder(store, patience=0.05)
    await store.write(turns.join_turn, turn(1, "gone"))
    async with asyncio.timeout(60):
        await process.tell(2)

    assert told == [2]
