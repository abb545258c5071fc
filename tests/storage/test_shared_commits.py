"""Transactions that wait for the same commit: they share it, and nothing else."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from storage.db.database import TOGETHER, Database, Session
from storage.intake import idempotency


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


def held(_session: Session, gate: Event) -> None:
    """Keep the writer busy, so that others have to wait."""
    gate.wait(10)


def broken(session: Session, key: str) -> None:
    idempotency.first_time(session, key)
    raise RuntimeError(key)


@contextmanager
def committed(store: Database) -> Iterator[list[Connection]]:
    """What commits on the store's file until the block ends."""
    commits: list[Connection] = []

    def note(connection: Connection) -> None:
        if connection.engine.url == store.url:
            commits.append(connection)

    event.listen(Engine, "commit", note)
    try:
        yield commits
    finally:
        event.remove(Engine, "commit", note)


async def known(store: Database, key: str) -> bool:
    return not await store.write(idempotency.first_time, key)


async def at_once(store: Database, *work: Callable[[Session, str], object]) -> list[object]:
    """What becomes of transactions that wait together; each is given a letter of its own."""
    gate = Event()
    first = asyncio.create_task(store.write(held, gate))
    waiting = [
        asyncio.create_task(store.write(each, key)) for each, key in zip(work, "abc", strict=True)
    ]
    await asyncio.sleep(0)
    gate.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_those_that_wait_share_a_commit(store: Database) -> None:
    """Three that come while the writer is busy are committed as one."""
    with committed(store) as commits:
        ended = await at_once(
            store, idempotency.first_time, idempotency.first_time, idempotency.first_time
        )

    assert ended == [True, True, True]
    assert len(commits) == 2
    assert [await known(store, key) for key in "abc"] == [True, True, True]


async def test_the_one_that_raises_fails_alone(store: Database) -> None:
    """It is undone, and its neighbours on both sides are written."""
    before, failed, after = await at_once(
        store, idempotency.first_time, broken, idempotency.first_time
    )

    assert (before, after) == (True, True)
    assert isinstance(failed, RuntimeError)
    assert [await known(store, key) for key in "abc"] == [True, False, True]


async def test_who_is_cancelled_before_it_begins_never_does(store: Database) -> None:
    """Nobody waits for the outcome any more, and nothing is written."""
    gate = Event()
    first = asyncio.create_task(store.write(held, gate))
    given_up = asyncio.create_task(store.write(idempotency.first_time, "a"))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.sleep(0)
    gate.set()
    await first

    assert given_up.cancelled()
    assert not await known(store, "a")


async def test_those_that_share_a_commit_wake_the_loop_once(
    store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Woken for each of them, a loop that is busy would hold the writer up each time."""
    loop = asyncio.get_running_loop()
    woken: list[object] = []
    wake = loop.call_soon_threadsafe

    def noted(*args: Any, **options: Any) -> asyncio.Handle:
        woken.append(args)
        return wake(*args, **options)

    monkeypatch.setattr(loop, "call_soon_threadsafe", noted)
    assert await at_once(store, *[idempotency.first_time] * 3) == [True] * 3

    # Once for the one that kept the writer busy, once for the three.
    assert len(woken) == 2


async def test_more_than_share_a_commit_are_all_carried_out(store: Database) -> None:
    keys = [str(number) for number in range(3 * TOGETHER)]
    fresh = await asyncio.gather(*(store.write(idempotency.first_time, key) for key in keys))

    assert fresh == [True] * len(keys)


async def test_who_is_cancelled_after_it_has_begun_ends_all_the_same(store: Database) -> None:
    begun, gate = Event(), Event()

    def slow(session: Session) -> None:
        begun.set()
        gate.wait(10)
        idempotency.first_time(session, "a")

    task = asyncio.create_task(store.write(slow))
    await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.set()

    assert await known(store, "a")


async def test_a_closed_store_refuses_every_write(database_url: str) -> None:
    database = Database(database_url)
    await database.close()

    for key in "ab":
        with pytest.raises(RuntimeError):
            await database.write(idempotency.first_time, key)
