"""All that a person wrote: their own tickets, and their words in the tickets of others."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import col, select

from storage.cards.card_notes import CardNoteRow
from storage.costs import requester_totals
from storage.db.columns import stored_id
from storage.erasure.erased_tickets import AT_ONCE, ENDED, erase_messages, erase_tickets
from storage.tickets.audit import ChangeBy
from storage.tickets.tables import Message, Ticket


@dataclass(frozen=True)
class PersonalWords:
    """What the desk has of a person: numbers of tickets, and how many messages elsewhere.

    Of `live` tickets somebody may still be answering; they are not erased before they end.
    """

    ended: Sequence[int]
    live: Sequence[int]
    elsewhere: int


def personal_words(session: Session, person: str) -> PersonalWords:
    """What the desk has of a person, by their Slack id."""
    tickets = session.execute(
        select(col(Ticket.id), col(Ticket.status))
        .where(col(Ticket.requester_id) == person)
        .order_by(col(Ticket.id))
    ).all()
    return PersonalWords(
        ended=[stored_id(number) for number, status in tickets if status in ENDED],
        live=[stored_id(number) for number, status in tickets if status not in ENDED],
        elsewhere=len(_elsewhere(session, person)),
    )


def erase_person(session: Session, person: str, by: ChangeBy, at: datetime) -> int:
    """Erase some of what a person wrote, without live tickets of theirs; 0 when nothing is left."""
    requester_totals.erase_requester(session, person)
    some = personal_words(session, person).ended[:AT_ONCE]
    erase_tickets(session, some, by, at)
    said = () if some else _elsewhere(session, person)[:AT_ONCE]
    erase_messages(session, said)
    session.execute(delete(CardNoteRow).where(col(CardNoteRow.key).in_([row.key for row in said])))
    return len(some) + len(said)


def _elsewhere(session: Session, person: str) -> Sequence[Message]:
    """What they said as a customer in tickets of others; one that is erased has no author."""
    query = (
        select(Message)
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(
            col(Message.author_id) == person,
            col(Message.author) == "customer",
            col(Ticket.requester_id) != person,
        )
        .order_by(col(Message.key))
    )
    return session.scalars(query).all()
