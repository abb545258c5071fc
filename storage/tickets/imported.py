"""Tickets of another desk, brought into this one's tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.columns import utc_now
from storage.tickets import changes
from storage.tickets.audit import ChangeBy
from storage.tickets.tables import Message, Ticket

# In place of a Slack workspace: tickets that have no thread here.
TEAM = "import"
BY_IMPORT = ChangeBy("import", "import")

ImportedStatus = Literal["open", "pending", "solved", "closed"]


@dataclass(frozen=True)
class ImportedTicket:
    """A ticket as another desk kept it. `source` names that desk, `id` is its number there.

    `labels` are columns of the ticket that are known from elsewhere: intent, sentiment and so on.
    """

    source: str
    id: str
    text: str
    title: str = ""
    requester: str = ""
    assignee: str = ""
    answer: str = ""
    status: ImportedStatus = "closed"
    priority: str = "normal"
    opened_at: datetime = field(default_factory=utc_now)
    solved_at: datetime | None = None
    labels: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ImportCounts:
    """How many tickets an import added, changed and left as they were."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "ImportCounts") -> "ImportCounts":
        return ImportCounts(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )


def import_tickets(session: Session, past: Sequence[ImportedTicket]) -> ImportCounts:
    """Store tickets under their source and number; twice changes nothing, news are taken over."""
    known = _known(session, past)
    count = {"added": 0, "changed": 0, "unchanged": 0}
    for each in past:
        ticket = known.get((each.source, each.id))
        if ticket is None:
            _add(session, each)
            count["added"] += 1
        else:
            news = changes.take_over_news(session, ticket, BY_IMPORT, utc_now(), _facts(each))
            count["changed" if news else "unchanged"] += 1
    return ImportCounts(**count)


def _known(session: Session, past: Sequence[ImportedTicket]) -> dict[tuple[str, str], Ticket]:
    query = select(Ticket).where(
        col(Ticket.team_id) == TEAM,
        col(Ticket.channel_id).in_({each.source for each in past}),
        col(Ticket.thread_ts).in_([each.id for each in past]),
    )
    found = session.scalars(query).all()
    return {(ticket.channel_id, ticket.thread_ts): ticket for ticket in found}


def _add(session: Session, past: ImportedTicket) -> None:
    ticket = Ticket(
        team_id=TEAM,
        channel_id=past.source,
        thread_ts=past.id,
        requester_id=past.requester or "unknown",
        opened_at=past.opened_at,
        updated_at=past.solved_at or past.opened_at,
        # A person had it: the bot has no business in it.
        human_since=past.opened_at,
        **_facts(past),
    )
    session.add(ticket)
    session.flush()
    session.add(_message(ticket, past, "customer"))
    if past.answer:
        session.add(_message(ticket, past, "agent"))


def _facts(past: ImportedTicket) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "title": past.title,
        "status": past.status,
        "priority": past.priority,
        "assignee_id": past.assignee or None,
        "solved_at": past.solved_at,
    }
    return facts | past.labels


def _message(ticket: Ticket, past: ImportedTicket, author: Literal["customer", "agent"]) -> Message:
    customer = author == "customer"
    said_at = past.opened_at if customer else past.solved_at or past.opened_at
    return Message(
        key=f"{TEAM}:{past.source}:{past.id}:{0 if customer else 1}",
        ticket_id=ticket.ticket_id,
        channel_id=past.source,
        ts=f"{said_at.timestamp():017.6f}.{0 if customer else 1}",
        author_id=(past.requester if customer else past.assignee) or "unknown",
        author=author,
        text=past.text if customer else past.answer,
        outcome="imported",
        received_at=said_at,
    )
