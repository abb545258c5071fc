"""Reads the figures of a period, and makes its digest."""

import asyncio
from datetime import date, datetime, timedelta

from bot.config.desk import Desk
from bot.costs.usage import BudgetReader
from bot.knowledge.shelf_words import shelf_sentences
from bot.messages.outcomes import UNANSWERED
from bot.reports.digest import Digest, DigestContext, MonthSpend, assemble_digest, chart_days
from bot.reports.gaps import find_gaps
from bot.reports.periods import Period, period_of
from storage.costs.days import Days, day_of
from storage.db.database import Database
from storage.knowledge import shelf
from storage.reports import gaps as asked
from storage.reports import period_outcomes, proposal_counts, spend
from storage.reports.values import Figures

# A message without outcome for so long is counted as lost.
STUCK = timedelta(hours=1)


class DigestReader:
    """Makes digests of what the store knows."""

    def __init__(self, store: Database, desk: Desk, usage: BudgetReader) -> None:
        self._store = store
        self._desk = desk
        self._usage = usage

    async def digest(self, of: Period, now: datetime, *, late: bool = False) -> Digest:
        """The digest of a period, as far as it has gone."""
        month = period_of("month", min(of.days.last, day_of(now, of.days.zone)), of.days.zone)
        passed = Days(month.days.first, min(of.days.last, day_of(now, of.days.zone)), of.days.zone)
        shown = Days(of.days.last - timedelta(days=chart_days(of) - 1), of.days.last, of.days.zone)

        figures, before, so_far, by_day = await asyncio.gather(
            figures_of(self._store, of.days, stuck_before=now - STUCK),
            self._store.read(spend.usual_calls, of.before().days),
            self._store.read(spend.usual_calls, passed),
            self._store.read(spend.spend_by_day, shown),
        )
        unanswered = await self._store.read(
            asked.unanswered, UNANSWERED, of.days.start, of.days.end
        )
        empty: dict[date, dict[str, int]] = {shown.first: {}, passed.last: {}}
        around = DigestContext(
            before=before.nano_dollars,
            month=MonthSpend(so_far.nano_dollars, len(passed), len(month.days)),
            by_day=empty | by_day if by_day else {},
            budgets=await self._usage.named_usages(),
            hour=self._desk.people.hour if self._desk.people else None,
            complete=of.over(now),
            late=late,
            gaps=[(gap.title, gap.count) for gap in find_gaps(unanswered)],
            shelf=shelf_sentences(await self._store.read(shelf.shelf_state, None)),
        )
        return assemble_digest(self._desk.desk.name, of, figures, around)


async def figures_of(store: Database, days: Days, *, stuck_before: datetime) -> Figures:
    """All figures of some days; a message without outcome from before `stuck_before` is stuck.

    Beside each other: over a large ledger each takes its time, and waits for the disk.
    """
    spent, heard, tickets, counts, dearest, agent_seconds = await asyncio.gather(
        store.read(spend.spend_groups, days),
        store.read(period_outcomes.message_figures, days, stuck_before),
        store.read(period_outcomes.ticket_figures, days),
        store.read(spend.all_counts, days),
        store.read(spend.dearest_tickets, days),
        store.read(period_outcomes.agent_seconds, days),
    )
    alone = await store.read(proposal_counts.changes_alone, days)
    return Figures(spent, heard, tickets, counts, dearest, agent_seconds, alone)
