"""How many calls are under way at once, where that changes."""

import asyncio

from bot.llm.slots import Slots


async def test_so_many_at_once_and_others_in_their_order() -> None:
    """More are let in when there may be more; fewer when those that are have ended."""
    slots, inside, leave = Slots(1), list[int](), asyncio.Event()

    async def call(number: int) -> None:
        async with slots:
            inside.append(number)
            await leave.wait()

    calls = [asyncio.create_task(call(number)) for number in range(4)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert inside == [0]

    slots.resize(3)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert inside == [0, 1, 2]
    slots.resize(1)
    leave.set()
    await asyncio.gather(*calls)
    assert inside == [0, 1, 2, 3]


async def test_who_gives_up_waiting_takes_no_place() -> None:
    """Neither while it waits, nor when it was let in at that moment."""
    slots = Slots(1)
    async with slots:
        waits = asyncio.create_task(slots.__aenter__())
        await asyncio.sleep(0)
        waits.cancel()
        await asyncio.gather(waits, return_exceptions=True)
    async with asyncio.timeout(5), slots:
        pass
