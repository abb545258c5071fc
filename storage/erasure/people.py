"""All that a person wrote: their own tickets, their words in the tickets of others, their id."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, update
from sqlalchemy.orm import Session
from sqlmodel import col, select

from storage.erasure import traces
from storage.erasure.erased_tickets import AT_ONCE, erase_article_drafts, erase_tickets
from storage.erasure.over import tickets_over
from storage.erasure.spoken import erase_messages
from storage.nightly import nights
from storage.tickets import changes
from storage.tickets.audit import NAMES, ChangeBy
from storage.tickets.tables import Change, Message, Ticket


@dataclass(frozen=True)
class PersonalWords:
    """What the desk has of a person: numbers of tickets, and how many messages elsewhere.

    Of `live` tickets somebody may still be answering; they are not erased before they are over.
    `named` says in how many rows besides their id stands. `as_agent` counts what they said as an
    agent, which stays.
    """

    ended: Sequence[int]
    live: Sequence[int]
    elsewhere: int
    named: int = 0
    as_agent: int = 0

    @property
    def empty(self) -> bool:
        """Whether there is nothing that can be taken out, now or later."""
        return not (self.ended or self.live or self.elsewhere or self.named)


def is_slack_id(given: str) -> bool:
    """Whether it is the id of a user in Slack."""
    return given[:1] in ("U", "W") and len(given) > 2 and given.isalnum() and given.isupper()


def personal_words(session: Session, person: str) -> PersonalWords:
    """What the desk has of a person, by their Slack id or their name in imported tickets."""
    theirs = col(Ticket.requester_id) == person
    ended = tickets_over(session, theirs)
    tickets = session.scalars(select(col(Ticket.id)).where(theirs).order_by(col(Ticket.id)))
    agents = select(func.count()).where(
        col(Message.author_id) == person, col(Message.author) == "agent"
    )
    return PersonalWords(
        ended=ended,
        live=sorted({number for number in tickets if number is not None} - set(ended)),
        elsewhere=len(_elsewhere(session, person)),
        named=traces.count_traces(session, person) if is_slack_id(person) else 0,
        as_agent=session.scalar(agents) or 0,
    )


def erase_person(session: Session, person: str, by: ChangeBy, at: datetime) -> int:
    """Erase some of what a person wrote, without live tickets of theirs; 0 when nothing is left."""
    some = tickets_over(session, col(Ticket.requester_id) == person)[:AT_ONCE]
    erase_tickets(session, some, by, at)
    said = () if some else _elsewhere(session, person)[:AT_ONCE]
    _erase_elsewhere(session, said, by, at)
    if not some and not said and is_slack_id(person):
        traces.erase_traces(session, person)
    return len(some) + len(said)


def _erase_elsewhere(session: Session, said: Sequence[Message], by: ChangeBy, at: datetime) -> None:
    """Their words in tickets of others, and what was made of those tickets' words as a whole."""
    erase_messages(session, said)
    numbers = sorted({each.ticket_id for each in said})
    erase_article_drafts(session, numbers)
    for number in numbers:
        nights.forget_ticket(session, number)
        ticket = changes.get_ticket(session, number)
        changes.change_ticket(session, ticket, by, at=at, summary=None)
        changes.touch_ticket(ticket, at)
        session.flush()
        told = (col(Change.ticket_id) == number) & (col(Change.what) == NAMES["summary"])
        session.execute(update(Change).where(told).values(before=None, after=None))


def _elsewhere(session: Session, person: str) -> Sequence[Message]:
    """What they said as a customer in tickets of others; one that is erased has no author.

    What the desk is still at work on is left for the next time.
    """
    query = (
        select(Message)
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(
            col(Message.author_id) == person,
            col(Message.author) == "customer",
            col(Message.outcome).is_not(None),
            col(Ticket.requester_id) != person,
        )
        .order_by(col(Message.key))
    )
    return session.scalars(query).all()
