"""The clock on the real engine: each fire happens once."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copy
from zoneinfo import ZoneInfo

import pytest

from bot.config.settings import SettingsError
from bot.runtime.scheduler import WORKFLOW, Scheduler
from bot.runtime.workflows import Workflows
from storage.db.database import Database

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

Prepare = Callable[[Scheduler], None]


@pytest.fixture
async def store(tmp_path: Path, migrated: Path) -> AsyncIterator[Database]:
    """A migrated database, beside which the engine will make a new file of its own."""
    opened = Database(f"sqlite:///{copy(migrated, tmp_path)}")
    yield opened
    await opened.close()


@asynccontextmanager
async def clock_at(store: Database, prepare: Prepare) -> AsyncIterator[tuple[Scheduler, Workflows]]:
    workflows = Workflows(store)
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


async def test_a_job_is_done_once_for_a_moment_however_often_it_fires(store: Database) -> None:
    """The same job for the same moment is one story; another moment is another."""
    done: list[datetime] = []

    async with clock_at(store, noting(done)) as (scheduler, workflows):
        await scheduler.fire("daily", NOON)
        await scheduler.fire("daily", NOON)
        await scheduler.fire("daily", NOON + timedelta(days=1))
        await workflows.wait_idle()

    assert sorted(done) == [NOON, NOON + timedelta(days=1)]


async def test_a_restart_does_not_repeat_what_was_done(store: Database) -> None:
    """The id of a fire is remembered on disk."""
    done: list[datetime] = []

    for _ in range(2):
        async with clock_at(store, noting(done)) as (scheduler, workflows):
            await scheduler.fire("daily", NOON)
            await workflows.wait_idle()

    assert done == [NOON]


async def test_a_fire_that_was_cut_short_is_done_by_the_next_process(store: Database) -> None:
    """A job under way at the stop runs again after the start."""
    begun, resumed = asyncio.Event(), asyncio.Event()

    async def hang(_due: datetime) -> None:
        begun.set()
        await asyncio.Event().wait()

    async def finish(_due: datetime) -> None:
        resumed.set()

    workflows = Workflows(store, grace=0)
    scheduler = Scheduler(workflows)
    scheduler.add_job("daily", "0 8 * * *", hang)
    await workflows.start({WORKFLOW: scheduler.run})
    await scheduler.fire("daily", NOON)
    await begun.wait()
    await workflows.stop()

    async with clock_at(store, lambda scheduler: scheduler.add_job("daily", "0 8 * * *", finish)):
        async with asyncio.timeout(10):
            await resumed.wait()

    assert resumed.is_set()


async def test_a_job_that_this_version_no_longer_has_is_left_out(store: Database) -> None:
    """An old fire of a job that is gone ends quietly."""
    async with clock_at(store, lambda _clock: None) as (scheduler, workflows):
        await scheduler.fire("gone", NOON)
        await workflows.wait_idle()

        assert await workflows.unfinished(WORKFLOW) == []


async def test_a_line_that_is_no_cron_line_is_refused(store: Database) -> None:
    """A typing mistake in a cron line is found at start."""
    with pytest.raises(ValueError, match="fields"):
        Scheduler(Workflows(store)).add_job("daily", "tomorrow at eight", _nothing)


async def test_checkpoints_are_dropped_only_when_their_stories_ended_long_ago(
    store: Database,
) -> None:
    """What ended before the moment is forgotten; what ended after it stays known."""
    done: list[datetime] = []

    async with clock_at(store, noting(done)) as (scheduler, workflows):
        await scheduler.fire("daily", NOON)
        await workflows.wait_idle()
        now = datetime.now(UTC)

        assert await workflows.forget(now - timedelta(hours=1)) == 0
        assert await workflows.forget(now + timedelta(minutes=1)) == 1


async def test_a_second_process_on_the_same_database_is_refused(store: Database) -> None:
    """Two bots on one SQLite file would handle each other's messages."""
    async with clock_at(store, lambda _clock: None):
        with pytest.raises(SettingsError, match="another deskhand is running"):
            await Workflows(store).start({})


async def _nothing(_due: datetime) -> None:
    return
