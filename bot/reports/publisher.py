"""Publishes digests, each once."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Protocol

import structlog

from bot.config.cron import next_time
from bot.config.desk import Desk
from bot.config.sections import DigestPlan
from bot.notices import Alarms
from bot.reports.digest import Digest
from bot.reports.digest_reader import DigestReader
from bot.reports.periods import Period, ended_periods
from bot.workspace.failures import CannotPost, PostRefused
from storage.db.database import Database
from storage.reports import published_digests

# A digest that is posted so long after it was due is marked late.
LATE = timedelta(minutes=15)
# Another process that claimed a digest so long ago will not finish it.
STALE = timedelta(minutes=30)

# Why a channel takes no digest, by Slack's word.
GONE: Mapping[str, str] = {
    "channel_not_found": "it is gone, or the bot is not in it",
    "is_archived": "it is archived",
    "not_in_channel": "the bot is not in it: invite it",
}

log = structlog.get_logger("digests")


class DigestChannel(Protocol):
    """Where digests are published. `handlers.slack.digests` does it in Slack."""

    async def publish(self, key: str, channel: str, digest: Digest) -> str:
        """Post a digest unless it stands there under this key; answers its ts."""


class DigestPublisher:
    """Digests. `holder` names this process among those that might publish the same one.

    `alarms` hear of a digest that has no channel any more.
    """

    def __init__(
        self,
        store: Database,
        desk: Desk,
        reader: DigestReader,
        press: DigestChannel,
        holder: str = "bot",
        alarms: Alarms | None = None,
    ) -> None:
        self._store = store
        self._desk = desk
        self._reader = reader
        self._digest_channel = press
        self._holder = holder
        self._alarms = alarms
        self._busy = asyncio.Lock()

    async def digest(self, of: Period, now: datetime, *, late: bool = False) -> Digest:
        """The digest of a period, as far as it has gone."""
        return await self._reader.digest(of, now, late=late)

    async def catch_up(self, now: datetime | None = None) -> None:
        """Publish every digest that is due and was not published."""
        moment = now or datetime.now(UTC)
        async with self._busy:
            await self._forget_unplanned()
            for plan in self._desk.digests:
                try:
                    await self._catch_up(plan, moment)
                except PostRefused as error:
                    await self._refused(plan, error)
                except CannotPost as error:
                    # It is tried again at the next look, and keeps no other channel waiting.
                    log.error("digest not published", channel=plan.channel, problem=str(error))  # noqa: TRY400

    async def _forget_unplanned(self) -> None:
        """A channel that no digest is planned for any more is no alarm."""
        if self._alarms is None:
            return
        planned = {f"digest:{plan.channel}" for plan in self._desk.digests}
        for name in await self._alarms.names():
            if name.startswith("digest:") and name not in planned:
                await self._alarms.set(name, None)

    async def _refused(self, plan: DigestPlan, error: PostRefused) -> None:
        """The channel is gone, or Slack will never take it: the agents hear of it once."""
        why = GONE.get(error.code)
        if why is None or self._alarms is None:
            log.error("digest not published", channel=plan.channel, problem=str(error))
            return
        log.warning("digest has no place", channel=plan.channel, code=error.code)
        told = f"The digest of each {plan.period} cannot be posted in {plan.channel}: {why}."
        await self._alarms.set(
            f"digest:{plan.channel}",
            f"{told} It is posted when that is mended, or name another channel in [[digests]].",
        )

    async def _catch_up(self, plan: DigestPlan, now: datetime) -> None:
        for missed in await self._missed(plan, now):
            await self._due(plan, missed, now)

    async def publish(self, channel: str, of: Period, digest: Digest) -> str | None:
        """Publish a digest in a channel once; its ts, or None when another process is at it."""
        key = f"digest:{channel}:{of.key}"
        claimed = await self._claim(key)
        if claimed == "mine":
            ts = await self._digest_channel.publish(key, channel, digest)
            await self._done(key, ts)
            return ts
        standing = await self._store.read(published_digests.find_publication, key)
        return standing.ts if standing else None

    async def _missed(self, plan: DigestPlan, now: datetime) -> list[Period]:
        """Periods that ended and whose digest is due, oldest first.

        We look back to the newest one that was published; on a desk's first day to the last only.
        """
        prefix = f"digest:{plan.channel}:{plan.period}:"
        newest = await self._store.read(published_digests.newest_publication, prefix)
        due: list[Period] = []
        for each in ended_periods(plan.period, now, self._desk.zone):
            if newest is not None and f"digest:{plan.channel}:{each.key}" <= newest:
                break
            if self._time(plan, each) <= now:
                due.append(each)
            if newest is None:
                break
        return due[::-1]

    async def _due(self, plan: DigestPlan, of: Period, now: datetime) -> None:
        late = now - self._time(plan, of) > LATE
        digest = await self.digest(of, now, late=late)
        # Late news that nothing happened is no news.
        if digest.quiet and (plan.quiet == "skip" or late):
            key = f"digest:{plan.channel}:{of.key}"
            if await self._claim(key) == "mine":
                await self._done(key, None)
            return
        await self.publish(plan.channel, of, digest)
        if self._alarms is not None:
            await self._alarms.set(f"digest:{plan.channel}", None)
        log.info("digest published", channel=plan.channel, period=of.key, late=late)

    def _time(self, plan: DigestPlan, of: Period) -> datetime:
        return next_time(plan.cron, of.days.end, self._desk.zone)

    async def _claim(self, key: str) -> published_digests.Claimed:
        stale = datetime.now(UTC) - STALE
        return await self._store.write(
            published_digests.claim_digest, key, self._holder, stale_before=stale
        )

    async def _done(self, key: str, ts: str | None) -> None:
        await self._store.write(published_digests.digest_done, key, ts)


def digest_crons(desk: Desk) -> Iterator[tuple[str, str]]:
    """A name and a cron line for each planned digest."""
    for number, plan in enumerate(desk.digests, start=1):
        yield f"digest {number} {plan.period}", plan.cron
