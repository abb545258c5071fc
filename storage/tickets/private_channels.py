"""Tickets of private channels that are not marked as private yet."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tickets import changes
from storage.tickets.audit import ChangeBy
from storage.tickets.tables import Ticket


def exposed_tickets(session: Session, channels: Collection[str]) -> Sequence[int]:
    """The tickets of these channels that others may read of. Looks through all tickets."""
    query = select(col(Ticket.id)).where(
        col(Ticket.channel_id).in_(channels), col(Ticket.private).is_(False)
    )
    return [number for number in session.scalars(query) if number is not None]


def hide_tickets(session: Session, numbers: Collection[int], by: ChangeBy) -> None:
    """Mark tickets as private."""
    for ticket in session.scalars(select(Ticket).where(col(Ticket.id).in_(numbers))):
        changes.change_ticket(session, ticket, by, private=True)
