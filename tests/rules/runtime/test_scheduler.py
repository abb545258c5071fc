"""The clock on the real engine: each fire happens once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.config.settings import SettingsError
from bot.runtime.scheduler import WORKFLOW, Scheduler
from bot.runtime.workflows import Workflows
from tests.support.databases import engine_at

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

Prepare = Callable[[Scheduler], None]


@asynccontextmanager
async def clock_at(folder: Path, prepare: Prepare) -> AsyncIterator[tuple[Scheduler, Workflows]]:
    workflows = engine_at(folder / "deskhand.db")
    scheduler = Scheduler(workflows, ZoneInfo("Asia/Ho_Chi_Minh"))
    prepare(scheduler)
    await workflows.start({WORKFLOW: scheduler.run})
    try:
        yield scheduler, workflows
    finally:
        scheduler.stop()
        await workflows.stop()


def noting(done: list[datetime]) -> Prepare:
    """Prepare a clock with one daily job that notes the moment it was due."""

    async def note(due: datetime) -> None:
        done.append(due)

    return lambda scheduler: scheduler.add_job("daily", "0 8 * * *", note)


async def test_a_job_is_done_once_for_a_moment_however_often_it_fires(tmp_path: Path) -> None:
    """The same job for the same moment is one story; another moment is another."""
    done: list[datetime] = []

    async with clock_at(tmp_path, noting(done)) as (scheduler, workflows):
        await scheduler.fire("daily", NOON)
        await scheduler.fire("daily", NOON)
        await scheduler.fire("daily", NOON + timedelta(days=1))
        await workflows.wait_idle()

    assert sorted(done) == [NOON, NOON + timedelta(days=1)]


async def test_a_restart_does_not_repeat_what_was_done(tmp_path: Path) -> None:
    """The id of a fire is remembered on disk."""
    done: list[datetime] = []

    for _ in range(2):
        async with clock_at(tmp_path, noting(done)) as (scheduler, workflows):
            await scheduler.fire("daily", NOON)
            await workflows.wait_idle()

    assert done == [NOON]


async def test_a_fire_that_was_cut_short_is_done_by_the_next_process(tmp_path: Path) -> None:
    """A job under way at the stop runs again after the start."""
    begun, resumed = asyncio.Event(), asyncio.Event()

    async def hang(_due: datetime) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def finish(_due: datetime) -> None:
        resumed.set()

    workflows = engine_at(tmp_path / "deskhand.db", grace=0)
    scheduler = Scheduler(workflows)
    scheduler.add_job("daily", "0 8 * * *", hang)
    await workflows.start({WORKFLOW: scheduler.run})
    await scheduler.fire("daily", NOON)
    await begun.wait()
    await workflows.stop()

    async with clock_at(
        tmp_path, lambda scheduler: scheduler.add_job("daily", "0 8 * * *", finish)
    ):
        async with asyncio.timeout(10):
            await resumed.wait()

    assert resumed.is_set()


async def test_a_job_that_this_version_no_longer_has_is_left_out(tmp_path: Path) -> None:
    """An old fire of a job that is gone ends quietly."""
    async with clock_at(tmp_path, lambda _clock: None) as (scheduler, workflows):
        await scheduler.fire("gone", NOON)
        await workflows.wait_idle()

        assert await workflows.unfinished(WORKFLOW) == []


async def test_a_line_that_is_no_cron_line_is_refused(tmp_path: Path) -> None:
    """A typing mistake in a cron line is found at start."""
    with pytest.raises(ValueError, match="fields"):
        Scheduler(engine_at(tmp_path / "deskhand.db")).add_job(
            "daily", "tomorrow at eight", _nothing
        )


async def test_checkpoints_are_dropped_only_when_their_stories_ended_long_ago(
    tmp_path: Path,
) -> None:
    """What ended before the moment is forgotten; what ended after it stays known."""
    done: list[datetime] = []

    async with clock_at(tmp_path, noting(done)) as (scheduler, workflows):
        await scheduler.fire("daily", NOON)
        await workflows.wait_idle()
        now = datetime.now(UTC)

        assert await workflows.forget(now - timedelta(hours=1)) == 0
        assert await workflows.forget(now + timedelta(minutes=1)) == 1


async def test_a_second_process_on_the_same_database_is_refused(tmp_path: Path) -> None:
    """Two bots on one SQLite file would handle each other's messages."""
    async with clock_at(tmp_path, lambda _clock: None):
        with pytest.raises(SettingsError, match="another deskhand is running"):
            await engine_at(tmp_path / "deskhand.db").start({})


async def _nothing(_due: datetime) -> None:
    return
