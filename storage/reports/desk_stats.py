"""Figures of the desk over a period, for people who work there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, TextClause, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.hints import likely
from storage.db.seconds_between import seconds_between
from storage.intake.imported import TEAM
from storage.tickets.states import LIVE
from storage.tickets.tables import CallRow, Change, Decision, Ticket


@dataclass(frozen=True)
class DeskStats:
    """What happened in a period, and how the desk stands now.

    Tickets opened, solved and come back in the period; those alive and late now; the median time
    to the first response of tickets opened in it; the bot's outcomes by message; nano-dollars
    spent; tickets solved by person.
    """

    opened: int
    solved: int
    reopened: int
    missed: int
    living: Mapping[str, int]
    first_response: timedelta | None
    outcomes: Mapping[str, int]
    nano_dollars: int
    solved_by: Mapping[str, int]


def desk_stats(session: Session, since: datetime) -> DeskStats:
    """The figures from a moment (aware UTC) until now; what other desks did is none of them."""
    changed = (col(Change.at) >= since) & (col(Change.source) != TEAM)
    solved = (changed, col(Change.what) == "status", col(Change.after) == "solved")
    returned = (changed, col(Change.what) == "status", col(Change.before).in_(("solved", "closed")))
    missed = (changed, col(Change.what) == "late", col(Change.after).is_not(None))
    return DeskStats(
        opened=_count(session, col(Ticket.opened_at) >= since, col(Ticket.team_id) != TEAM),
        solved=_changes(session, *solved),
        reopened=_changes(session, *returned, col(Change.after).in_(LIVE)),
        missed=_changes(session, *missed),
        living=living_tickets(session),
        first_response=_median_response(session, since),
        outcomes=_by(session, Decision.outcome, col(Decision.decided_at) >= since),
        nano_dollars=spend_since(session, since),
        solved_by=_by(session, Change.who, *solved),
    )


def living_tickets(session: Session) -> Mapping[str, int]:
    """How many tickets are in each status that is not an end."""
    return _by(session, Ticket.status, col(Ticket.status).in_(LIVE))


def spend_since(session: Session, since: datetime) -> int:
    """What model calls have cost from a moment on, in nano-dollars."""
    query = select(func.coalesce(func.sum(CallRow.nano_dollars), 0))
    return int(session.scalar(query.where(col(CallRow.called_at) >= since)) or 0)


def late_tickets(session: Session, now: datetime) -> int:
    """How many open tickets have a target that is missed."""
    return _count(session, likely(text("status = 'open'")), col(Ticket.due_at) < now)


def failed_messages(session: Session, since: datetime) -> int:
    """How many messages have failed from a moment on."""
    broken = (col(Decision.decided_at) >= since, col(Decision.outcome) == "failed")
    return session.scalar(select(func.count()).where(*broken)) or 0


def _count(session: Session, *conditions: ColumnElement[bool] | TextClause) -> int:
    return session.scalar(select(func.count(col(Ticket.id))).where(*conditions)) or 0


def _changes(session: Session, *conditions: ColumnElement[bool]) -> int:
    return session.scalar(select(func.count(col(Change.id))).where(*conditions)) or 0


def _by(session: Session, column: str, *conditions: ColumnElement[bool]) -> Mapping[str, int]:
    grouped = select(col(column), func.count()).where(*conditions).group_by(col(column))
    rows = session.execute(grouped.order_by(func.count().desc()))
    return {row[0]: row[1] for row in rows}


def _median_response(session: Session, since: datetime) -> timedelta | None:
    answered = (col(Ticket.opened_at) >= since, col(Ticket.first_response_at).is_not(None))
    count = _count(session, *answered)
    if not count:
        return None
    took = seconds_between(Ticket.opened_at, Ticket.first_response_at)
    middle = select(took).where(*answered).order_by(took).offset(count // 2).limit(1)
    return timedelta(seconds=round(session.scalar(middle) or 0))
