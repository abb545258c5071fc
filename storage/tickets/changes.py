"""The life of a ticket: the one way to change it, and who changed what.

Every change is made in a write transaction, together with its row in `changes`. Writers take turns,
so whoever comes second sees what the first one did: with `expecting`, it learns who was faster.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import insert, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db import lookup
from storage.db.columns import table_of, utc_now
from storage.tickets import text_index
from storage.tickets.models import Change, Ticket

Status = Literal["open", "pending", "on_hold", "solved", "closed"]
ChangeSource = Literal[
    "story", "thread", "card", "command", "modal", "reaction", "shortcut", "macro", "home", "clock"
]

STATUSES: tuple[Status, ...] = ("open", "pending", "on_hold", "solved", "closed")
LIVE: tuple[Status, ...] = ("open", "pending", "on_hold")
PRIORITIES = ("low", "normal", "high", "urgent")
NEXT: Mapping[str, tuple[Status, ...]] = {
    "open": ("pending", "on_hold", "solved", "closed"),
    "pending": ("open", "on_hold", "solved", "closed"),
    "on_hold": ("open", "pending", "solved", "closed"),
    "solved": ("open", "pending", "closed"),
    "closed": ("open", "pending"),
}
# What people call the columns that may change.
NAMES: Mapping[str, str] = {
    "status": "status",
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
    "late": "late",
}


@dataclass(frozen=True)
class ChangeBy:
    """Who changes something, and from where. `who` is a user id, `bot` or `clock`."""

    who: str
    source: ChangeSource


class NoTicket(LookupError):
    """No ticket has this number."""


class NotAllowed(ValueError):
    """The ticket cannot be changed like that; the sentence says why."""


class Conflict(Exception):
    """Somebody was faster: `what` is `now`, and was changed by `who` at `when` (UTC)."""

    def __init__(self, what: str, now: str | None, who: str | None, when: datetime | None) -> None:
        super().__init__(f"{what} is already {now or 'none'}")
        self.what = what
        self.now = now
        self.who = who
        self.when = when


def get_ticket(session: Session, number: int) -> Ticket:
    """The ticket with this number, as it is now.

    Raises:
        NoTicket: there is none.
    """
    found = lookup.find_row(session, Ticket, number)
    if found is None:
        raise NoTicket(f"There is no ticket T-{number}.")
    return found


def change_ticket(
    session: Session,
    ticket: Ticket,
    by: ChangeBy,
    *,
    at: datetime | None = None,
    expecting: Mapping[str, Any] | None = None,
    **to: Any,
) -> None:
    """Give columns of a ticket new values, each with its row in the audit.

    Has to happen in a write transaction. `at` is now when left out; `expecting` is what the person
    saw before they decided, column by column. Columns: those of `NAMES`.

    Raises:
        Conflict: a column that was expected to have a value has another one by now.
        NotAllowed: the status cannot follow the present one, or on_hold lacks a wake-up time.
    """
    moment = at or utc_now()
    _expect(session, ticket, by, expecting or {})
    wanted = {name: value for name, value in to.items() if getattr(ticket, name) != value}
    _check(ticket, wanted, moment)
    if "status" in wanted:
        wanted |= _consequences(ticket, wanted["status"], moment)
    if "title" in wanted:
        text_index.reindex_text(session, ticket.id or 0, "title", ticket.title, wanted["title"])
    changes = [
        _change(ticket, by, NAMES[name], moment, getattr(ticket, name), value)
        for name, value in wanted.items()
    ]
    for name, value in wanted.items():
        setattr(ticket, name, value)
    if changes:
        touch_ticket(ticket, moment)
        _audit(session, changes)


def audit_act(
    session: Session, ticket: Ticket, by: ChangeBy, what: str, after: str, at: datetime
) -> None:
    """Write an act into the audit that changes no column: a reminder that was sent, say."""
    _audit(session, [_change(ticket, by, what, at, None, after)])


def touch_ticket(ticket: Ticket, at: datetime) -> None:
    """Note that a ticket is not as it was: cards are drawn anew and the clock looks at it."""
    ticket.version += 1
    ticket.updated_at = at
    ticket.clock_at = at


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


def surviving_ticket(session: Session, merged: Ticket) -> Ticket:
    """The ticket itself, or the one it was merged into in the end."""
    while merged.merged_into is not None:
        merged = get_ticket(session, merged.merged_into)
    return merged


def ticket_changes(session: Session, number: int) -> Sequence[Change]:
    """Every change of a ticket, oldest first."""
    query = select(Change).where(col(Change.ticket_id) == number).order_by(col(Change.id))
    return session.scalars(query).all()


def last_change(session: Session, number: int, column: str) -> Change | None:
    """The latest change of one column of a ticket, or None when it was never changed."""
    query = (
        select(Change)
        .where(col(Change.ticket_id) == number, col(Change.what) == NAMES[column])
        .order_by(col(Change.id).desc())
        .limit(1)
    )
    return session.scalars(query).first()


def _expect(session: Session, ticket: Ticket, by: ChangeBy, expecting: Mapping[str, Any]) -> None:
    for column, seen in expecting.items():
        now = getattr(ticket, column)
        if now == seen:
            continue
        winner = last_change(session, ticket.id or 0, column)
        # A second click of the same person is no conflict: what they wanted is so.
        if winner is None or winner.who != by.who:
            raise Conflict(
                NAMES[column],
                _told(now),
                winner.who if winner else None,
                winner.at if winner else None,
            )


def _check(ticket: Ticket, wanted: Mapping[str, Any], at: datetime) -> None:
    status = wanted.get("status", ticket.status)
    if "status" in wanted and status not in NEXT[ticket.status]:
        raise NotAllowed(
            f"{ticket.number} is {_spoken(ticket.status)}: it cannot be {_spoken(status)} now."
        )
    wakes = wanted.get("wake_at", ticket.wake_at)
    if status == "on_hold" and wanted.keys() & {"status", "wake_at"}:
        if wakes is None or wakes <= at:
            raise NotAllowed("On hold needs a time to wake up that is still to come.")
    elif wanted.get("wake_at") is not None:
        raise NotAllowed("Only a ticket on hold wakes up.")


def _consequences(ticket: Ticket, status: str, at: datetime) -> dict[str, Any]:
    """What a new status brings with it: its moments, and the end of a hold or a merger."""
    ticket.status_since = at
    if status == "solved":
        ticket.solved_at = at
    elif status in LIVE:
        ticket.solved_at = None
    follows: dict[str, Any] = {}
    if status != "on_hold" and ticket.wake_at is not None:
        follows["wake_at"] = None
    if status in LIVE and ticket.merged_into is not None:
        follows["merged_into"] = None
    if status in LIVE and ticket.status not in LIVE and ticket.late is not None:
        follows["late"] = None
    return follows


def _change(
    ticket: Ticket, by: ChangeBy, what: str, at: datetime, before: Any, after: Any
) -> dict[str, Any]:
    """A row of the audit."""
    return {
        "ticket_id": ticket.id or 0,
        "who": by.who,
        "what": what,
        "before": _told(before),
        "after": _told(after),
        "source": by.source,
        "at": at,
    }


_AUDIT = insert(table_of(Change))


def _audit(session: Session, changes: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(_AUDIT, changes)


def _told(value: Any) -> str | None:
    """A value as the audit keeps it: moments in ISO 8601, tags joined by commas."""
    match value:
        case None:
            return None
        case datetime():
            return value.isoformat(timespec="seconds")
        case list():
            return ", ".join(value) or None
        case _:
            return str(value)


def _spoken(status: str) -> str:
    return status.replace("_", " ")
