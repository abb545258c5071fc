"""What comes by events waits for what was said before it, as long as that is being read."""

import asyncio

from bot.runtime.catch_up import CatchUp


async def test_it_waits_for_its_own_conversation_alone() -> None:
    """One that was read back lets its messages go while others are read."""
    catch_up = CatchUp()
    waiting = asyncio.create_task(catch_up.passed("C1"))
    catch_up.done("C2")
    await catch_up.passed("C2")
    assert not waiting.done()

    catch_up.done("C1")
    await waiting


async def test_another_interruption_begins_anew() -> None:
    """What was read before it says nothing of what was missed since."""
    catch_up = CatchUp()
    catch_up.done("C1")
    catch_up.begin()
    waiting = asyncio.create_task(catch_up.passed("C1"))
    await asyncio.sleep(0)
    assert not waiting.done()

    catch_up.over()
    await waiting


async def test_nobody_waits_for_ever() -> None:
    """Slack may not answer at all."""
    await CatchUp(patience=0.01).passed("C1")
