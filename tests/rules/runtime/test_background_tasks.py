"""Work that goes on beside the stories."""

import asyncio

from structlog.testing import capture_logs

from bot.runtime.tasks import BackgroundTasks


async def test_what_is_under_way_is_waited_for() -> None:
    """Also what a background task begins in its turn."""
    background, done = BackgroundTasks(), []

    async def second() -> None:
        done.append("second")

    async def first() -> None:
        done.append("first")
        background.begin(second())

    background.begin(first())
    assert len(background) == 1
    await background.wait_idle()

    assert done == ["first", "second"]
    assert not background


async def test_a_failure_is_logged_and_hurts_nobody_else() -> None:
    """Nobody awaits a background task, so it would pass unseen."""
    background = BackgroundTasks()

    async def broken() -> None:
        raise RuntimeError("no")

    with capture_logs() as logs:
        background.begin(broken())
        await background.wait_idle()
        await asyncio.sleep(0)

    assert [line["event"] for line in logs] == ["background task failed"]


async def test_stopping_waits_for_its_grace_and_breaks_off_the_rest() -> None:
    """What can end in time does; what waits for ever is cancelled."""
    background, ended = BackgroundTasks(), []

    async def short() -> None:
        ended.append("short")

    async def endless() -> None:
        await asyncio.Event().wait()
        ended.append("endless")

    background.begin(short())
    background.begin(endless())
    await background.stop(grace=0.01)

    assert ended == ["short"]
    assert not background
