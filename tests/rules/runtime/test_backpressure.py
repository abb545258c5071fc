"""Who gives way to a crowd, and for how long."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from bot.runtime.backpressure import FEW, Backpressure


@contextmanager
def inside(crowd: Backpressure, number: int) -> Iterator[None]:
    """So many are inside until the block ends."""
    with ExitStack() as stack:
        for _ in range(number):
            stack.enter_context(crowd)
        yield


async def test_nobody_waits_for_a_few() -> None:
    """Those who come one by one are not kept."""
    few = Backpressure()
    with inside(few, FEW):
        async with asyncio.timeout(0):
            await few.passed()


async def test_who_gives_way_goes_on_when_the_crowd_has_passed() -> None:
    """Not before: those who left a moment ago may be followed by more."""
    many = Backpressure(patience=60)
    with inside(many, FEW + 1):
        waiting = asyncio.create_task(many.passed())
        await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not waiting.done()

    await waiting


async def test_a_crowd_that_stays_is_not_waited_for_for_ever() -> None:
    """Somebody behind it goes on all the same."""
    many = Backpressure(patience=0.01)
    with inside(many, FEW + 1):
        await many.passed()
