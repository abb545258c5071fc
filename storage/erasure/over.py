"""Which tickets are over: nothing is said, sent or changed in them any more."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Session
from sqlmodel import col, select

from storage.tickets.mergers import surviving_ticket
from storage.tickets.outbox import OutboxRow
from storage.tickets.proposals import ProposalRow
from storage.tickets.states import LIVE
from storage.tickets.tables import Message, Ticket

ENDED = ("solved", "closed")
_ID = col(Ticket.id)


def tickets_over(session: Session, *which: ColumnElement[bool]) -> Sequence[int]:
    """The numbers of the tickets that are over, among those of a kind; oldest first.

    One is not while a story of its runs, words for the customer or a change are on their way, or
    the ticket that it was merged into is live.
    """
    over = (
        col(Ticket.status).in_(ENDED),
        ~exists().where(
            col(Message.ticket_id) == _ID,
            col(Message.outcome).is_(None),
            col(Message.author) == "customer",
        ),
        ~exists().where(
            col(OutboxRow.ticket_id) == _ID,
            col(OutboxRow.kind) == "words",
            col(OutboxRow.ts).is_(None),
            col(OutboxRow.problem).is_(None),
        ),
        ~exists().where(col(ProposalRow.ticket_id) == _ID, col(ProposalRow.fate) == "approved"),
    )
    found = session.scalars(select(Ticket).where(*over, *which).order_by(_ID))
    return [each.ticket_id for each in found if not _lives_on(session, each)]


def _lives_on(session: Session, ticket: Ticket) -> bool:
    return ticket.merged_into is not None and surviving_ticket(session, ticket).status in LIVE
