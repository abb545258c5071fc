"""Tickets that ask the same as others do: found and linked."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tickets.models import Message, Ticket

NEWEST = 200


def tickets_alike(
    session: Session, ticket: Ticket, since: datetime
) -> Sequence[tuple[Ticket, str]]:
    """Tickets opened since a moment about the same matter, with what was asked first, newest first.

    The same intent and no other product; those that were merged away count for nothing. At most
    `NEWEST`, so that a busy hour costs no more than a quiet one.
    """
    opened_by = col(Message.key) == (
        col(Ticket.team_id) + ":" + col(Ticket.channel_id) + ":" + col(Ticket.thread_ts)
    )
    query = (
        select(Ticket, col(Message.text))
        .join(Message, opened_by)
        .where(
            col(Ticket.opened_at) >= since,
            col(Ticket.intent) == ticket.intent,
            col(Ticket.id) != ticket.id,
            col(Ticket.merged_into).is_(None),
        )
        .order_by(col(Ticket.opened_at).desc())
        .limit(NEWEST)
    )
    if ticket.product is not None:
        query = query.where(
            or_(col(Ticket.product).is_(None), col(Ticket.product) == ticket.product)
        )
    return [(row[0], row[1]) for row in session.execute(query)]


def linked_tickets(session: Session, parent: int) -> Sequence[Ticket]:
    """The tickets that are parts of the incident a ticket stands for, oldest first."""
    return session.scalars(_LINKED, {"parent": parent}).all()


_LINKED = (
    select(Ticket).where(col(Ticket.incident_id) == bindparam("parent")).order_by(col(Ticket.id))
)
