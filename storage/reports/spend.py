"""What was spent in a run of days, and on what: read from the daily totals."""

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.costs.daily_totals import SUMS, DayCalls, DayCount
from storage.costs.days import Days
from storage.db.hints import apart
from storage.reports.values import DearestTicket, RecentCalls, SpendGroup
from storage.reports.within import on_days
from storage.tickets.tables import CallRow, Ticket

DEAREST = 5
# Grouped by the column itself, SQLite walks in its order through all the years.
_SUBJECT = apart(DayCount.subject)


def all_counts(session: Session, days: Days) -> dict[str, dict[str, int]]:
    """How often each subject was met, for every kind that a digest tells of."""
    return {
        kind: subject_counts(session, kind, days)
        for kind in ("latency", "handled", "outcome", "asked")
    }


def spend_groups(session: Session, days: Days) -> tuple[SpendGroup, ...]:
    """The calls of some days in groups; their sum is the ledger's."""
    keys = [getattr(DayCalls, each.name) for each in fields(SpendGroup) if each.name not in SUMS]
    sums = [func.sum(getattr(DayCalls, name)) for name in SUMS]
    query = select(*keys, *sums).where(on_days(DayCalls, days)).group_by(*keys)
    return tuple([SpendGroup(*row) for row in (session.execute(query))])


def day_rows(session: Session, days: Days) -> list[DayCalls]:
    """The daily totals themselves, day by day."""
    order = (col(DayCalls.day), col(DayCalls.model), col(DayCalls.purpose), DayCalls.intent)
    query = select(DayCalls).where(on_days(DayCalls, days)).order_by(*order)
    return list(session.scalars(query))


def spend_by_day(session: Session, days: Days) -> dict[date, dict[str, int]]:
    """Nano-dollars by day and model."""
    cost = func.sum(DayCalls.nano_dollars)
    query = select(col(DayCalls.day), col(DayCalls.model), cost).where(on_days(DayCalls, days))
    found: dict[date, dict[str, int]] = {}
    for day, model, nano in session.execute(query.group_by(col(DayCalls.day), col(DayCalls.model))):
        found.setdefault(day, {})[model] = nano
    return found


def subject_counts(session: Session, kind: str, days: Days) -> dict[str, int]:
    """How often each subject of a kind was met."""
    query = (
        select(col(DayCount.subject), func.sum(DayCount.count))
        .where(col(DayCount.kind) == kind, on_days(DayCount, days))
        .group_by(_SUBJECT)
    )
    return dict(session.execute(query).all())


def subject_costs(
    session: Session, kind: str, days: Days, limit: int | None = None
) -> Sequence[tuple[str, int, int]]:
    """Subject, calls and nano-dollars of a kind (desk, channel, requester, ticket), dearest first.

    What no subject is known of stands under an empty name.
    """
    cost = func.sum(DayCount.nano_dollars)
    query = (
        select(col(DayCount.subject), func.sum(DayCount.count), cost)
        .where(col(DayCount.kind) == kind, on_days(DayCount, days))
        .group_by(_SUBJECT)
        .order_by(cost.desc(), col(DayCount.subject))
        .limit(limit)
    )
    return session.execute(query).all()


def dearest_tickets(session: Session, days: Days) -> tuple[DearestTicket, ...]:
    """The tickets whose calls cost most."""
    found = subject_costs(session, "ticket", days, DEAREST + 1)
    cost = {int(subject): nano for subject, _calls, nano in found if subject}
    query = select(Ticket).where(col(Ticket.id).in_(cost))
    tickets = {ticket.ticket_id: ticket for ticket in session.scalars(query)}
    return tuple(
        DearestTicket(number, each.title, each.channel_id, each.thread_ts, each.private, nano)
        for number, nano in list(cost.items())[:DEAREST]
        if (each := tickets.get(number)) is not None
    )


def recent_calls(session: Session, since: datetime) -> RecentCalls:
    """The calls of the ledger since a moment; few, so they are read from the ledger itself."""
    query = select(*_gist(CallRow, func.count())).where(col(CallRow.called_at) >= since)
    return RecentCalls(*session.execute(query).one())


def usual_calls(session: Session, days: Days) -> RecentCalls:
    """The calls of whole days."""
    query = select(*_gist(DayCalls, func.sum(DayCalls.calls))).where(on_days(DayCalls, days))
    return RecentCalls(*session.execute(query).one())


def _gist(table: Any, calls: Any) -> list[Any]:
    """Calls, those that failed or were refused, prompt tokens, those from the cache, and cost."""
    each = 1 if table is CallRow else table.calls
    bad = case((col(table.status).in_(("ok", "max_tokens")), 0), else_=each)
    prompt = (
        table.input_tokens
        + table.cache_write_5m_tokens
        + table.cache_write_1h_tokens
        + table.cache_read_tokens
    )
    cost = (
        func.coalesce(CallRow.recost, CallRow.nano_dollars)
        if table is CallRow
        else table.nano_dollars
    )
    sums = (func.sum(bad), func.sum(prompt), func.sum(table.cache_read_tokens), func.sum(cost))
    return [func.coalesce(total, 0) for total in (calls, *sums)]
