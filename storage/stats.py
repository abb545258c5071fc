"""Figures of the desk over a period, for people who work there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, TextClause, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.lifecycle import LIVE
from storage.models import Call, Change, Decision, Ticket


@dataclass(frozen=True)
class Stats:
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


async def stats(session: AsyncSession, since: datetime) -> Stats:
    """The figures from a moment (aware UTC) until now."""
    changed = col(Change.at) >= since
    solved = (changed, col(Change.what) == "status", col(Change.after) == "solved")
    returned = (changed, col(Change.what) == "status", col(Change.before).in_(("solved", "closed")))
    missed = (changed, col(Change.what) == "late", col(Change.after).is_not(None))
    return Stats(
        opened=await _count(session, col(Ticket.opened_at) >= since),
        solved=await _changes(session, *solved),
        reopened=await _changes(session, *returned, col(Change.after).in_(LIVE)),
        missed=await _changes(session, *missed),
        living=await living(session),
        first_response=await _median_response(session, since),
        outcomes=await _by(session, Decision.outcome, col(Decision.decided_at) >= since),
        nano_dollars=await spent(session, since),
        solved_by=await _by(session, Change.who, *solved),
    )


async def living(session: AsyncSession) -> Mapping[str, int]:
    """How many tickets are in each status that is not an end."""
    return await _by(session, Ticket.status, col(Ticket.status).in_(LIVE))


async def spent(session: AsyncSession, since: datetime) -> int:
    """What model calls have cost from a moment on, in nano-dollars."""
    query = select(func.coalesce(func.sum(Call.nano_dollars), 0))
    return int(await session.scalar(query.where(col(Call.called_at) >= since)) or 0)


async def late(session: AsyncSession, now: datetime) -> int:
    """How many open tickets have a target that is missed."""
    return await _count(session, text("status = 'open'"), col(Ticket.due_at) < now)


async def failed(session: AsyncSession, since: datetime) -> int:
    """How many messages have failed from a moment on."""
    broken = (col(Decision.decided_at) >= since, col(Decision.outcome) == "failed")
    return await session.scalar(select(func.count()).where(*broken)) or 0


async def _count(session: AsyncSession, *conditions: ColumnElement[bool] | TextClause) -> int:
    return await session.scalar(select(func.count(col(Ticket.id))).where(*conditions)) or 0


async def _changes(session: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    return await session.scalar(select(func.count(col(Change.id))).where(*conditions)) or 0


async def _by(
    session: AsyncSession, column: str, *conditions: ColumnElement[bool]
) -> Mapping[str, int]:
    grouped = select(col(column), func.count()).where(*conditions).group_by(col(column))
    rows = await session.execute(grouped.order_by(func.count().desc()))
    return {row[0]: row[1] for row in rows}


async def _median_response(session: AsyncSession, since: datetime) -> timedelta | None:
    answered = (col(Ticket.opened_at) >= since, col(Ticket.first_response_at).is_not(None))
    count = await _count(session, *answered)
    if not count:
        return None
    took = func.unixepoch(Ticket.first_response_at) - func.unixepoch(Ticket.opened_at)
    middle = select(took).where(*answered).order_by(took).offset(count // 2).limit(1)
    return timedelta(seconds=await session.scalar(middle) or 0)
