"""Which tickets the clock has to look at."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tickets import changes
from storage.tickets.changes import LIVE
from storage.tickets.models import Change, Ticket


def due_tickets(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """The numbers of at most `limit` tickets that want to be looked at, longest due first."""
    query = (
        select(col(Ticket.id))
        .where(col(Ticket.clock_at) <= now)
        .order_by(col(Ticket.clock_at))
        .limit(limit)
    )
    return [number for number in session.scalars(query) if number is not None]


def tickets_numbered(session: Session, numbers: Sequence[int]) -> Sequence[Ticket]:
    """The tickets with these numbers as they are now."""
    return session.scalars(select(Ticket).where(col(Ticket.id).in_(numbers))).all()


def ticket_histories(session: Session, numbers: Sequence[int]) -> Mapping[int, Sequence[Change]]:
    """What happened to each of these tickets, oldest first."""
    query = select(Change).where(col(Change.ticket_id).in_(numbers)).order_by(col(Change.id))
    found: dict[int, list[Change]] = defaultdict(list)
    for change in session.scalars(query):
        found[change.ticket_id].append(change)
    return found


def look_again_at_all(session: Session, now: datetime) -> None:
    """Have every ticket that is not closed looked at."""
    changes.look_again(session, col(Ticket.status).in_((*LIVE, "solved")), now)
