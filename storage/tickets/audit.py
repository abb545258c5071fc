"""The audit: who changed what of a ticket, from what to what, when and from where.

`NAMES` are the columns that leave a row; the others leave none, and `changes` says why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.columns import table_of
from storage.tickets.tables import Change, Ticket

ChangeSource = Literal[
    "story",
    "thread",
    "card",
    "command",
    "modal",
    "reaction",
    "shortcut",
    "macro",
    "home",
    "clock",
    "outbox",
    "night",
    "import",
    "api",
]


# What people call the columns that leave a row in the audit.
NAMES: Mapping[str, str] = {
    "status": "status",
    "requester_id": "requester",
    "assignee_id": "owner",
    "priority": "priority",
    "intent": "category",
    "title": "title",
    "tags": "tags",
    "link": "link",
    "wake_at": "wake-up",
    "merged_into": "merge",
    "incident_id": "incident",
    "human_since": "taken over",
    "handed_over_at": "handed over",
    "first_response_at": "first response",
    "solved_at": "solved at",
    "due_at": "due",
    "late": "late",
    "private": "private",
    "summary": "summary",
    "confidence": "confidence",
    "complexity": "complexity",
    "sentiment": "sentiment",
    "urgency": "urgency",
    "language": "language",
    "product": "product",
    "issue_type": "issue type",
    "action_needed": "action needed",
}


@dataclass(frozen=True)
class ChangeBy:
    """Who changes something, and from where. `who` is a user id, `bot`, `clock` or `api:NAME`."""

    who: str
    source: ChangeSource


BY_TIMER = ChangeBy("clock", "clock")


def ticket_changes(session: Session, number: int) -> Sequence[Change]:
    """Every change of a ticket, oldest first."""
    return session.scalars(_OF_TICKET, {"ticket": number}).all()


_OF_TICKET = (
    select(Change).where(col(Change.ticket_id) == bindparam("ticket")).order_by(col(Change.id))
)


def last_change(session: Session, number: int, column: str) -> Change | None:
    """The latest change of one column of a ticket, or None when it was never changed."""
    query = (
        select(Change)
        .where(col(Change.ticket_id) == number, col(Change.what) == NAMES[column])
        .order_by(col(Change.id).desc())
        .limit(1)
    )
    return session.scalars(query).first()


def audit_columns(
    session: Session, ticket: Ticket, by: ChangeBy, at: datetime, to: Mapping[str, Any]
) -> None:
    """Write a row for each column that is about to change, with what it was and what it will be."""
    rows = [
        _row(ticket, by, at, NAMES[column], before=getattr(ticket, column), after=value)
        for column, value in to.items()
    ]
    session.connection().execute(_ADD, rows)


def audit_act(
    session: Session, ticket: Ticket, by: ChangeBy, what: str, after: str, at: datetime
) -> None:
    """Write an act into the audit that changes no column: a reminder that was sent, say."""
    session.connection().execute(_ADD, [_row(ticket, by, at, what, before=None, after=after)])


_ADD = insert(table_of(Change))


def _row(
    ticket: Ticket, by: ChangeBy, at: datetime, what: str, *, before: Any, after: Any
) -> dict[str, Any]:
    return {
        "ticket_id": ticket.ticket_id,
        "who": by.who,
        "what": what,
        "before": told_value(before),
        "after": told_value(after),
        "source": by.source,
        "at": at,
    }


def told_value(value: Any) -> str | None:
    """A value as the audit keeps it: moments in ISO 8601, tags joined by commas, yes and no."""
    match value:
        case None:
            return None
        case datetime():
            return value.isoformat(timespec="seconds")
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(value) or None
        case _:
            return str(value)
