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
    """`cron` is read in the desk's time zone; `work` is told the moment that was due, in UTC.

    Among several processes one does it for each moment, and no other does what has the same
    `matter` meanwhile. What has none is every process's own.
    """

    name: str
    cron: str
    work: Callable[[Services, datetime], Awaitable[None]]
    matter: str | None


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


def scheduled(
    name: str,
    cron: str,
    work: Callable[[Services, datetime], Awaitable[None]],
    matter: str | None = None,
) -> ScheduledJob:
    """A job that is a matter of its own, unless it is said to be part of another."""
    return ScheduledJob(name, cron, work, matter or name)


JOBS: Sequence[ScheduledJob] = (
    scheduled("forget", "15 3 * * *", forget_old),
    scheduled("tick", EACH_MINUTE, lambda on, due: on.tickets.timers.tick(due)),
    scheduled("knowledge", EACH_MINUTE, follow_sources),
    # Which cards Slack refused is remembered by the process that drew them.
    ScheduledJob("cards", EACH_MINUTE, lambda on, _due: on.tickets.cards.retry(), None),
    scheduled("files", EACH_MINUTE, lambda on, _due: on.tickets.private_files.show()),
    scheduled(
        "seclusion",
        "25 * * * *",
        lambda on, _due: on.workspace.private_channels.hide_private_tickets(),
    ),
    scheduled("watch", EACH_FIVE_MINUTES, lambda on, _due: on.nightly.monitor.check_spending()),
    scheduled("models", "10 9 * * *", lambda on, _due: on.nightly.monitor.check_models()),
    scheduled("digests", "55 * * * *", publish_digests),
    scheduled("nights", EACH_FIVE_MINUTES, continue_night, "night"),
    scheduled("articles", EACH_MINUTE, lambda on, _due: on.nightly.article_drafts.catch_up()),
)


def jobs_of(services: Services) -> Iterator[ScheduledJob]:
    """The table, and the times that `desk.toml` names."""
    yield from JOBS
    desk, reranker = services.opened.desk, services.knowledge.reranker
    if reranker:
        yield scheduled("meaning", EACH_MINUTE, lambda _on, _due: reranker.read_passages())
    if desk.webhooks:
        yield scheduled("webhooks", EACH_MINUTE, lambda on, due: on.tickets.webhooks.tell(due))
    if desk.trackers:
        yield scheduled("issues", EACH_FIVE_MINUTES, lambda on, due: on.tickets.issues.follow(due))
    if desk.sources:
        yield scheduled("websites", EACH_FIVE_MINUTES, follow_websites)
    yield scheduled("night", desk.nightly.cron, continue_night)
    for name, cron in digest_crons(desk):
        yield scheduled(name, cron, publish_digests, "digests")


def add_jobs(services: Services) -> None:
    """Let the scheduler know its jobs; it needs them before the engine resumes one."""
    for job in jobs_of(services):
        each = job.matter is None
        services.scheduler.add_job(job.name, job.cron, _for(services, job), each=each)


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


def _for(services: Services, job: ScheduledJob) -> Callable[[datetime], Awaitable[None]]:
    async def work(due: datetime) -> None:
        if job.matter is None:
            await job.work(services, due)
            return
        async with services.workflows.replicas.alone(f"job:{job.matter}"):
            await job.work(services, due)

    return work
