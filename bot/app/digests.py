"""A digest for `deskhand digest`, beside a bot that may be running."""

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from bot.config.desk import Desk
from bot.config.settings import Settings
from bot.costs.usage import BudgetReader
from bot.reports.digest import Digest
from bot.reports.digest_reader import DigestReader
from bot.reports.periods import Period, period_named
from bot.runtime.store import open_store
from storage.db.database import Database


async def digest_of(
    settings: Settings, desk: Desk, text: str, *, post: bool
) -> tuple[Digest, Mapping[str, str | None]]:
    """The digest of a period as people call it, and where it stands if it was to be posted.

    It goes to the channels of the planned digests, or to the agents; in each it stands once.
    Raises PeriodError or SettingsError.
    """
    now = datetime.now(UTC)
    period = period_named(text, now, desk.zone)
    async with open_store(settings, desk) as store:
        reader = DigestReader(store, desk, BudgetReader(store, desk))
        digest = await reader.digest(period, now)
        posted = await _posted(settings, store, desk, reader, digest) if post else {}
        return digest, posted


async def _posted(
    settings: Settings, store: Database, desk: Desk, reader: DigestReader, digest: Digest
) -> Mapping[str, str | None]:
    # Whoever only reads a digest waits for nothing of Slack's.
    from bot.reports.publisher import DigestPublisher  # noqa: PLC0415
    from handlers.connection import client as slack_client  # noqa: PLC0415
    from handlers.slack.digests import SlackDigestChannel  # noqa: PLC0415
    from handlers.slack.permalinks import Permalinks  # noqa: PLC0415

    async with slack_client.connection(settings) as slack:
        place = SlackDigestChannel(slack.client, slack.poster, Permalinks(slack.client))
        publisher = DigestPublisher(store, desk, reader, place, f"cli:{os.getpid()}")
        period = digest.period
        return {
            each: await publisher.publish(each, period, digest) for each in _channels(desk, period)
        }


def _channels(desk: Desk, period: Period) -> Iterable[str]:
    planned = [plan.channel for plan in desk.digests if plan.period == period.name]
    return dict.fromkeys(planned or [desk.desk.agents_channel])
