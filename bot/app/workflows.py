"""What runs durably, by the names in the engine's file, and what is taken up again at a start."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial

import structlog

from bot.app.services import Services
from bot.notices import WORKFLOW as NOTICE
from bot.pipeline.forms import WORKFLOW as FORM
from bot.pipeline.intake import WORKFLOW as MESSAGE
from bot.runtime.scheduler import WORKFLOW as JOB
from bot.runtime.workflows import Workflow
from bot.tickets.outbox import WORKFLOW as OUTBOX
from bot.tickets.proposals import WORKFLOW as CHANGE
from storage.db.columns import utc_now

log = structlog.get_logger("replicas")


def workflows_of(services: Services) -> Mapping[str, Workflow]:
    """What a name in the engine's file stands for."""
    return {
        MESSAGE: services.messages.pipeline.run,
        OUTBOX: services.tickets.outbox.run,
        CHANGE: services.tickets.proposals.run,
        FORM: services.messages.forms.run,
        NOTICE: services.costs.notices.run,
        JOB: services.scheduler.run,
    }


@asynccontextmanager
async def running_workflows(services: Services) -> AsyncIterator[None]:
    """Start the engine and take up what was left; at the end begin nothing more, then stop it.

    Raises:
        SettingsError: another process has the database for itself.
    """
    async with services.workflows.running(workflows_of(services), partial(put_down, services)):
        standing, alarms = services.opened.slack.standing, services.costs.alarms
        breaker = services.opened.toolbox.breaker
        try:
            known = await alarms.names()
            standing.follow(alarms.set, known)
            breaker.follow(alarms.set, known)
            services.workflows.replicas.each_beat(services.tickets.modes.read_set_modes)
            services.workflows.replicas.each_beat(services.tickets.streams.heed_others)
            async with services.workflows.replicas.watching(partial(take_over, services)):
                await resume_unfinished(services)
                yield
        finally:
            await standing.stop()
            await breaker.stop()
            await services.tickets.proposals.stop()
            await services.messages.intake.close()


async def resume_unfinished(services: Services) -> None:
    """Take up what the last process left: messages, then what agents said, then what is shown."""
    await services.messages.intake.resume()
    await services.tickets.proposals.resume()
    await services.tickets.outbox.resume()
    await services.tickets.cards.resume()
    services.nightly.article_drafts.touch()
    await services.tickets.timers.look_again(utc_now())


async def put_down(services: Services) -> None:
    """Stop what goes on beside the stories, before other processes may do the same."""
    await services.tickets.cards.stop()
    await services.nightly.article_drafts.stop()


async def take_over(services: Services, dead: str) -> None:
    """Share among the processes that live what a dead one was at, as after a start of its own."""
    await services.workflows.take_over(dead)
    await services.messages.intake.take_over(dead)
    await services.tickets.proposals.begin_agreed()
    await services.tickets.outbox.resume()
    await services.tickets.cards.take_over()
    services.nightly.article_drafts.touch()
    log.info("process taken over", process=dead)
