"""What happens at certain times; a job looks for what is due, so a missed time costs nothing."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

from bot.app.retention import forget_old
from bot.app.services import Services
from bot.reports.publisher import digest_crons
from storage.db.columns import utc_now

EACH_MINUTE, EACH_FIVE_MINUTES = "* * * * *", "*/5 * * * *"


class ScheduledJob(NamedTuple):
    """`cron` is read in the desk's time zone; `work` is told the moment that was due, in UTC."""

    name: str
    cron: str
    work: Callable[[Services, datetime], Awaitable[None]]


def publish_digests(services: Services, _due: datetime) -> Awaitable[None]:
    """Publish the digests that are due."""
    return services.costs.digest_publisher.catch_up()


def continue_night(services: Services, _due: datetime) -> Awaitable[None]:
    """Begin the nightly run, or take it a step further."""
    return services.nightly.run.continue_night()


async def follow_sources(services: Services, _due: datetime) -> None:
    """Read what changed in the sources of articles, and tell what was lost by it."""
    await services.knowledge.sync.keep()
    await services.costs.shelf_news.tell(services.knowledge.sync.news())


async def follow_websites(services: Services, _due: datetime) -> None:
    """Read the websites that are due, and tell what was lost by it."""
    await services.knowledge.websites.keep()
    await services.costs.shelf_news.tell(services.knowledge.websites.news())


JOBS: Sequence[ScheduledJob] = (
    ScheduledJob("forget", "15 3 * * *", forget_old),
    ScheduledJob("tick", EACH_MINUTE, lambda on, due: on.tickets.timers.tick(due)),
    ScheduledJob("knowledge", EACH_MINUTE, follow_sources),
    ScheduledJob("cards", EACH_MINUTE, lambda on, _due: on.tickets.cards.retry()),
    ScheduledJob("files", EACH_MINUTE, lambda on, _due: on.tickets.private_files.show()),
    ScheduledJob(
        "seclusion",
        "25 * * * *",
        lambda on, _due: on.workspace.private_channels.hide_private_tickets(),
    ),
    ScheduledJob("watch", EACH_FIVE_MINUTES, lambda on, _due: on.nightly.monitor.check_spending()),
    ScheduledJob("models", "10 9 * * *", lambda on, _due: on.nightly.monitor.check_models()),
    ScheduledJob("digests", "55 * * * *", publish_digests),
    ScheduledJob("nights", EACH_FIVE_MINUTES, continue_night),
    ScheduledJob("articles", EACH_MINUTE, lambda on, _due: on.nightly.article_drafts.catch_up()),
)


def jobs_of(services: Services) -> Iterator[ScheduledJob]:
    """The table, and the times that `desk.toml` names."""
    yield from JOBS
    desk, reranker = services.opened.desk, services.knowledge.reranker
    if reranker:
        yield ScheduledJob("meaning", EACH_MINUTE, lambda _on, _due: reranker.read_passages())
    if desk.webhooks:
        yield ScheduledJob("webhooks", EACH_MINUTE, lambda on, due: on.tickets.webhooks.tell(due))
    if desk.sources:
        yield ScheduledJob("websites", EACH_FIVE_MINUTES, follow_websites)
    yield ScheduledJob("night", desk.nightly.cron, continue_night)
    for name, cron in digest_crons(desk):
        yield ScheduledJob(name, cron, publish_digests)


def add_jobs(services: Services) -> None:
    """Let the scheduler know its jobs; it needs them before the engine resumes one."""
    for name, cron, work in jobs_of(services):
        services.scheduler.add_job(name, cron, _for(services, work))


@asynccontextmanager
async def running_jobs(services: Services) -> AsyncIterator[None]:
    """Fire jobs until the block ends; digests that a stopped bot missed are published at once."""
    try:
        services.scheduler.start()
        if services.opened.desk.digests:
            await services.scheduler.fire("digests", utc_now())
        yield
    finally:
        services.scheduler.stop()
        services.knowledge.sync.stop()
        services.knowledge.websites.stop()
        if services.knowledge.reranker:
            services.knowledge.reranker.stop()


def _for(
    services: Services, work: Callable[[Services, datetime], Awaitable[None]]
) -> Callable[[datetime], Awaitable[None]]:
    return lambda due: work(services, due)
