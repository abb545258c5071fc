"""Tickets that were closed in favour of another one."""

from datetime import datetime

from sqlalchemy.orm import Session

from storage.db.columns import utc_now
from storage.tickets import proposals
from storage.tickets.audit import ChangeBy
from storage.tickets.changes import NotAllowed, change_ticket, get_ticket, touch_ticket
from storage.tickets.tables import Ticket


def merge_ticket(
    session: Session, ticket: Ticket, into: Ticket, by: ChangeBy, *, at: datetime | None = None
) -> None:
    """Close a ticket in favour of another one, where the customer's next words will go.

    Raises:
        NotAllowed: it would merge a ticket with itself, or show a private one to others.
    """
    target = surviving_ticket(session, into)
    if target.id == ticket.id:
        raise NotAllowed(f"{ticket.number} cannot be merged with itself.")
    if ticket.merged_into is not None:
        raise NotAllowed(f"{ticket.number} was merged into T-{ticket.merged_into} already.")
    strangers = ticket.requester_id != target.requester_id
    elsewhere = ticket.channel_id != target.channel_id
    if (ticket.private or target.private) and strangers and elsewhere:
        raise NotAllowed(
            "A private ticket can only be merged with one of the same person or the same channel."
        )
    if ticket.private and not target.private:
        raise NotAllowed("A private ticket cannot be merged into a public one.")
    change_ticket(session, ticket, by, at=at, status="closed", merged_into=target.id)
    if proposals.move_waiting(session, ticket.ticket_id, target.ticket_id):
        touch_ticket(target, utc_now())


def surviving_ticket(session: Session, merged: Ticket) -> Ticket:
    """The ticket itself, or the one it was merged into in the end."""
    while merged.merged_into is not None:
        merged = get_ticket(session, merged.merged_into)
    return merged


def find_surviving_ticket(session: Session, number: int) -> Ticket:
    """The ticket of this number, or the one it was merged into in the end.

    Raises:
        NoTicket: there is none.
    """
    return surviving_ticket(session, get_ticket(session, number))
