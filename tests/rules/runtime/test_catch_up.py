"""What comes by events waits for what was said before it, as long as that is being read."""

import asyncio

from bot.runtime.catch_up import CatchUp


async def test_it_waits_for_its_own_conversation_alone() -> None:
    """One that was read back lets its messages go while others are read."""
    catch_up = CatchUp()
    waiting = asyncio.create_task(catch_up.passed("C1"))
    catch_up.done("C2", catch_up.round)
    await catch_up.passed("C2")
    assert not waiting.done()

    catch_up.done("C1", catch_up.round)
    await waiting


async def test_another_interruption_begins_anew() -> None:
    """What was read before it says nothing of what was missed since."""
    catch_up = CatchUp()
    catch_up.done("C1", catch_up.round)
    catch_up.begin()
    waiting = asyncio.create_task(catch_up.passed("C1"))
    await asyncio.sleep(0)
    assert not waiting.done()

    catch_up.over(catch_up.round)
    await waiting


async def test_what_was_read_before_an_interruption_does_not_count_as_read_after_it() -> None:
    """A pass that was under way goes on, and is too early for what was missed meanwhile."""
    catch_up = CatchUp()
    earlier = catch_up.round
    catch_up.begin()
    waiting = asyncio.create_task(catch_up.passed("C1"))
    catch_up.done("C1", earlier)
    await asyncio.sleep(0)
    assert catch_up.waited_for("C1")

    catch_up.done("C1", catch_up.round)
    await waiting
    assert not catch_up.waited_for("C1")


async def test_what_was_missed_waits_until_all_of_it_is_taken_in() -> None:
    """However long that takes, and also where nothing waits for the events."""
    catch_up = CatchUp(patience=0.01)
    catch_up.over(catch_up.round)
    with catch_up.taking_in("C1"):
        waiting = asyncio.create_task(catch_up.taken_in("C1"))
        await catch_up.taken_in("C2")
        await catch_up.passed("C1")
        assert not waiting.done()
    await waiting


async def test_nobody_waits_for_ever() -> None:
    """Slack may not answer at all."""
    await CatchUp(patience=0.01).passed("C1")
