"""A digest for `deskhand digest`, beside a bot that may be running."""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.app.build import cost_services
from bot.config.desk import Desk
from bot.config.settings import Settings
from bot.llm.price_files import prices_of
from bot.reports.digest import Digest
from bot.reports.periods import Period, period_named
from bot.runtime.store import open_store
from bot.runtime.workflows import Workflows
from handlers.connection import client as slack_client
from handlers.slack.permalinks import Permalinks


async def digest_of(
    settings: Settings, desk: Desk, text: str, *, post: bool
) -> tuple[Digest, Mapping[str, str | None]]:
    """The digest of a period as people call it, and where it stands if it was to be posted.

    It goes to the channels of the planned digests, or to the agents; in each it stands once.
    Raises PeriodError or SettingsError.
    """
    now = datetime.now(UTC)
    period = period_named(text, now, desk.zone)
    async with open_store(settings, desk) as store, slack_client.connection(settings) as slack:
        process, workflows = f"cli:{os.getpid()}", Workflows(store)
        permalinks = Permalinks(slack.client)
        costs = cost_services(
            store, desk, prices_of(desk), slack, workflows, permalinks, process=process
        )
        publisher = costs.digest_publisher
        digest = await publisher.digest(period, now)
        channels = _channels(desk, period) if post else ()
        posted = {each: await publisher.publish(each, period, digest) for each in channels}
        return digest, posted


def _channels(desk: Desk, period: Period) -> Iterable[str]:
    planned = [plan.channel for plan in desk.digests if plan.period == period.name]
    return dict.fromkeys(planned or [desk.desk.agents_channel])
