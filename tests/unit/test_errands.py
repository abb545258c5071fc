"""Work that goes on beside the stories."""

import asyncio

from structlog.testing import capture_logs

from bot.errands import Errands


async def test_what_is_under_way_is_waited_for() -> None:
    """Also what an errand begins in its turn."""
    errands, done = Errands(), []

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        done.append("first")
        errands.begin(second())

    errands.begin(first())
    assert len(errands) == 1
    await errands.quiet()

    assert done == ["first", "second"]
    assert not errands


async def test_a_failure_is_logged_and_hurts_nobody_else() -> None:
    """Nobody awaits an errand, so it would pass unseen."""
    errands = Errands()

    async def broken() -> None:
        raise RuntimeError("no")

    with capture_logs() as logs:
        errands.begin(broken())
        await errands.quiet()
        await asyncio.sleep(0)

    assert [line["event"] for line in logs] == ["errand failed"]


async def test_stopping_waits_for_its_grace_and_breaks_off_the_rest() -> None:
    """What can end in time does; what waits for ever is cancelled."""
    errands, ended = Errands(), []

    async def short() -> None:
        ended.append("short")

    async def endless() -> None:
        await asyncio.Event().wait()
        ended.append("endless")

    errands.begin(short())
    errands.begin(endless())
    await errands.stop(grace=0.01)

    assert ended == ["short"]
    assert not errands
