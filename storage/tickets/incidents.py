"""Tickets that ask the same as others do: found and linked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db import lookup
from storage.tickets import bursts, changes, messages, outbox
from storage.tickets.audit import ChangeBy
from storage.tickets.outbox import OutboxRow
from storage.tickets.tables import Message, Ticket
from storage.tickets.values import Incident, IncidentQuestion

NEWEST = 200
BY_STORY = ChangeBy("bot", "story")

FindIncident = Callable[[IncidentQuestion, Sequence[IncidentQuestion]], Incident | None]
TellBegin = Callable[[Ticket, Incident], OutboxRow]


@dataclass(frozen=True)
class LinkedTickets:
    """What became of tickets that ask the same.

    `parts` were linked now to the ticket that stands for all, the `head`. `members` are as many as
    ask by now, the head with them. `note` is the key of what the agents are to be told when an
    incident begins.
    """

    parts: Sequence[int] = ()
    head: int | None = None
    members: int = 0
    note: str | None = None


def tickets_alike(
    session: Session, ticket: Ticket, since: datetime
) -> Sequence[tuple[Ticket, str]]:
    """Tickets opened since a moment about the same matter, with what was asked first, newest first.

    The same intent and no other product; those that were merged away count for nothing, nor those
    that the bot settled by itself. At most `NEWEST`, so that a busy hour costs no more than a
    quiet one.
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
            or_(col(Ticket.status) == "open", col(Ticket.handed_over_at).is_not(None)),
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


def link_alike(
    session: Session,
    number: int,
    key: str,
    since: datetime,
    now: datetime,
    find: FindIncident,
    tell: TellBegin,
) -> LinkedTickets:
    """Link a new ticket to those that ask the same since a moment, if `find` says so.

    `key` is its first message. Doing it twice changes nothing.
    """
    ticket, message = lookup.find_row(session, Ticket, number), messages.find_message(session, key)
    if ticket is None or message is None or not ticket.title:
        return LinkedTickets()
    if message.ts != ticket.thread_ts or ticket.incident_id or ticket.merged_into:
        return LinkedTickets()
    if bursts.settled_alone(ticket):
        return LinkedTickets()
    earlier = [_asked(each, text) for each, text in tickets_alike(session, ticket, since)]
    found = find(_asked(ticket, message.text), earlier)
    if found is None:
        return LinkedTickets()
    for each in found.linked:
        part = changes.get_ticket(session, each)
        changes.change_ticket(session, part, BY_STORY, at=now, incident_id=found.parent)
    parent = changes.get_ticket(session, found.parent)
    changes.touch_ticket(parent, now)
    told = tell(parent, found) if found.begins else None
    if told is not None:
        outbox.put_in_outbox(session, told)
    session.flush()
    parts = session.scalar(_PARTS, {"parent": found.parent}) or 0
    return LinkedTickets(found.linked, found.parent, parts + 1, told.key if told else None)


_PARTS = select(func.count()).where(col(Ticket.incident_id) == bindparam("parent"))


def _asked(ticket: Ticket, text: str) -> IncidentQuestion:
    acts = bool(ticket.action_needed)
    return IncidentQuestion(
        ticket.ticket_id, ticket.requester_id, text, ticket.incident_id, acts=acts
    )
