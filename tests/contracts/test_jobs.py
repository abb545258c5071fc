"""The table of jobs, and what a start that fails late leaves behind."""

from collections import Counter
from datetime import UTC

import pytest

from bot.app.bot import running
from bot.app.jobs import JOBS
from bot.config.cron import trigger
from bot.config.settings import SettingsError
from tests.support.workspace import Workspace


def test_each_job_has_a_name_of_its_own() -> None:
    """The engine knows a fire by it."""
    assert [name for name, count in Counter(job.name for job in JOBS).items() if count > 1] == []


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
def test_each_job_has_times(job: tuple[str, str, object]) -> None:
    """Its line is one of cron."""
    trigger(job[1], UTC)


async def test_the_scheduler_knows_the_table_and_what_the_desk_adds(place: Workspace) -> None:
    """A digest that is planned is one more job."""
    digest = f'[[digests]]\nchannel = "{place.agents.id}"\nperiod = "week"\n'
    bot = await place.start(digest)

    assert {job.name for job in JOBS} < set(bot.scheduler.names)
    assert "night" in bot.scheduler.names
    assert "meaning" not in bot.scheduler.names
    assert "gaps" in bot.scheduler.names
    assert len(bot.scheduler.names) == len(JOBS) + 3


async def test_a_start_that_fails_late_closes_what_was_open(place: Workspace) -> None:
    """A second bot on the same database says why it cannot be, and the first one answers on."""
    await place.start()

    with pytest.raises(SettingsError, match="another deskhand is running"):
        async with running(place.configure(), place.desk()):
            pass

    asked = await place.hears(place.linh, "How long does delivery take?")
    assert len(place.replies(asked)) == 1
