"""One message of a thread at a time, oldest first."""

import asyncio

import pytest

from bot.runtime.thread_order import ThreadOrder


async def take(thread_order: ThreadOrder, ts: str, order: list[str], thread: str = "t") -> None:
    async with thread_order.turn(thread, ts):
        order.append(ts)
        await asyncio.sleep(0)


async def test_turns_are_granted_by_age_and_not_by_arrival() -> None:
    """Announced first, three messages that begin in the wrong order are told in the right one."""
    thread_order, order = ThreadOrder(), list[str]()
    for ts in ("3", "1", "2"):
        thread_order.join("t", ts)

    async with asyncio.timeout(5):
        await asyncio.gather(*(take(thread_order, ts, order) for ts in ("3", "2", "1")))

    assert order == ["1", "2", "3"]
    assert not thread_order.occupied("t")


async def test_threads_do_not_wait_for_each_other() -> None:
    """A message that thinks for long holds up its own thread only."""
    thread_order, order = ThreadOrder(), list[str]()
    async with thread_order.turn("busy", "1"), asyncio.timeout(5):
        await take(thread_order, "2", order, thread="free")

    assert order == ["2"]


async def test_one_that_failed_makes_way() -> None:
    """An error inside a turn ends the turn."""
    thread_order, order = ThreadOrder(), list[str]()
    with pytest.raises(RuntimeError):
        async with thread_order.turn("t", "1"):
            raise RuntimeError
    async with asyncio.timeout(5):
        await take(thread_order, "2", order)

    assert order == ["2"]


async def test_one_that_was_cancelled_while_waiting_makes_way() -> None:
    """A story that is stopped leaves no gap behind it."""
    thread_order, order = ThreadOrder(), list[str]()
    async with thread_order.turn("t", "1"):
        waiting = asyncio.create_task(take(thread_order, "2", order))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(5):
        await take(thread_order, "3", order)

    assert order == ["3"]
    assert not thread_order.occupied("t")


async def test_an_announcement_taken_back_is_not_waited_for() -> None:
    """Nothing came of the older message, so the younger goes on."""
    thread_order, order = ThreadOrder(), list[str]()
    thread_order.join("t", "1")
    thread_order.join("t", "1")
    waiting = asyncio.create_task(take(thread_order, "2", order))
    await asyncio.sleep(0)
    assert order == []

    thread_order.leave("t", "1")
    async with asyncio.timeout(5):
        await waiting

    assert order == ["2"]


async def test_one_that_never_comes_is_waited_for_only_so_long() -> None:
    """A lost announcement blocks a thread no longer than the patience."""
    thread_order, order = ThreadOrder(patience=0.02), list[str]()
    thread_order.join("t", "1")
    async with asyncio.timeout(5):
        await take(thread_order, "2", order)

    assert order == ["2"]


async def test_patience_does_not_overtake_one_that_is_at_work() -> None:
    """However long the older message takes, once it has its turn it keeps it."""
    thread_order, order = ThreadOrder(patience=0.01), list[str]()
    async with thread_order.turn("t", "1"):
        waiting = asyncio.create_task(take(thread_order, "2", order))
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.05):
                await asyncio.shield(waiting)
        assert order == []
    async with asyncio.timeout(5):
        await waiting

    assert order == ["2"]
