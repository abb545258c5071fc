"""The life of a ticket: the one way to change it, and who changed what.

Every change is made in a write transaction, together with its row in `changes`. Writers take turns,
so whoever comes second sees what the first one did: with `expecting`, it learns who was faster.

`NAMES` are the columns that leave a row. `CURSORS` leave none: where the desk stands with a ticket
(`version`, `updated_at`, `clock_at`), and the moments of a status, which its own row tells
(`status_since`, `solved_at`; the latter leaves one where it changes without a status). What is set
when a ticket is opened (its thread, when) never changes; who asked does where the first question
turns out to have come after a later one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db import lookup
from storage.db.columns import table_of, utc_now
from storage.tickets import text_index
from storage.tickets.tables import Change, Ticket

Status = Literal["open", "pending", "on_hold", "solved", "closed"]
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
CURSORS = frozenset({"version", "updated_at", "clock_at", "status_since"})
# Neither the card nor the clock looks at these: a card would be drawn anew for nothing.
UNSEEN = frozenset(
    {
        "private",
        "summary",
        "confidence",
        "complexity",
        "sentiment",
        "urgency",
        "language",
        "product",
        "issue_type",
        "action_needed",
    }
)
# What the index of words holds of a ticket itself.
INDEXED = frozenset({"title", "summary"})


@dataclass(frozen=True)
class ChangeBy:
    """Who changes something, and from where. `who` is a user id, `bot` or `clock`."""

    who: str
    source: ChangeSource


BY_TIMER = ChangeBy("clock", "clock")


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
    """Give columns of a ticket new values, each of `NAMES` with its row in the audit.

    Has to happen in a write transaction. `at` is now when left out; `expecting` is what the person
    saw before they decided, column by column. Columns: those of `NAMES`, and of `CURSORS` where
    they are not to follow from the change by themselves.

    Raises:
        Conflict: a column that was expected to have a value has another one by now.
        NotAllowed: the status cannot follow the present one, or on_hold lacks a wake-up time.
    """
    moment = at or utc_now()
    _expect(session, ticket, by, expecting or {})
    wanted = _news(ticket, to)
    _check(ticket, wanted, moment)
    moments: Mapping[str, Any] = {}
    if "status" in wanted:
        wanted |= _consequences(ticket, wanted["status"])
        moments = _moments(wanted["status"], moment)
    _reindex(session, ticket, wanted)
    _write(session, ticket, by, moment, wanted, moments)


def take_over_news(
    session: Session, ticket: Ticket, by: ChangeBy, at: datetime, news: Mapping[str, Any]
) -> bool:
    """Write down what another desk says of its ticket: our rules do not hold there.

    Answers whether anything was news.
    """
    wanted = _news(ticket, news)
    _reindex(session, ticket, wanted)
    _write(session, ticket, by, at, wanted, {})
    return bool(wanted)


def audit_act(
    session: Session, ticket: Ticket, by: ChangeBy, what: str, after: str, at: datetime
) -> None:
    """Write an act into the audit that changes no column: a reminder that was sent, say."""
    _audit(session, [_change(ticket, by, what, at, None, after)])


def touch_ticket(ticket: Ticket, at: datetime) -> None:
    """Mark a ticket as changed: its card is drawn anew and its timers look at it."""
    _set(ticket, _touched(ticket, at))


def look_again(session: Session, which: ColumnElement[bool], at: datetime) -> None:
    """Have the clock look at all these tickets, in one statement: they may be many."""
    query = update(Ticket).where(which).values(clock_at=at)
    session.execute(query.execution_options(synchronize_session=False))


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
        winner = last_change(session, ticket.ticket_id, column)
        # A second click of the same person is no conflict: what they wanted is so.
        if winner is None or winner.who != by.who:
            raise Conflict(
                NAMES[column],
                told_value(now),
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


def _news(ticket: Ticket, to: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in to.items() if getattr(ticket, name) != value}


def _consequences(ticket: Ticket, status: str) -> dict[str, Any]:
    """What a new status brings with it: the end of a hold, of a merger, of being late."""
    follows: dict[str, Any] = {}
    if status != "on_hold" and ticket.wake_at is not None:
        follows["wake_at"] = None
    if status in LIVE and ticket.merged_into is not None:
        follows["merged_into"] = None
    if status in LIVE and ticket.status not in LIVE and ticket.late is not None:
        follows["late"] = None
    return follows


def _moments(status: str, at: datetime) -> Mapping[str, Any]:
    """The moments of a new status, which its row in the audit tells already."""
    moments: dict[str, Any] = {"status_since": at}
    if status == "solved":
        moments["solved_at"] = at
    elif status in LIVE:
        moments["solved_at"] = None
    return moments


def _reindex(session: Session, ticket: Ticket, wanted: Mapping[str, Any]) -> None:
    for name in wanted.keys() & INDEXED:
        before = getattr(ticket, name) or ""
        text_index.reindex_text(session, ticket.ticket_id, name, before, wanted[name] or "")


def _write(
    session: Session,
    ticket: Ticket,
    by: ChangeBy,
    at: datetime,
    wanted: Mapping[str, Any],
    moments: Mapping[str, Any],
) -> None:
    """Set the columns, with the rows of the audit that go with them."""
    facts = {name: value for name, value in wanted.items() if name not in CURSORS}
    if facts:
        _audit(
            session,
            [
                _change(ticket, by, NAMES[name], at, getattr(ticket, name), value)
                for name, value in facts.items()
            ],
        )
    touched = _touched(ticket, at) if facts.keys() - UNSEEN else {}
    _set(ticket, {**touched, **moments, **wanted})


def _touched(ticket: Ticket, at: datetime) -> dict[str, Any]:
    return {"version": ticket.version + 1, "updated_at": at, "clock_at": at}


def _set(ticket: Ticket, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(ticket, name, value)


def _change(
    ticket: Ticket, by: ChangeBy, what: str, at: datetime, before: Any, after: Any
) -> dict[str, Any]:
    """A row of the audit."""
    return {
        "ticket_id": ticket.ticket_id,
        "who": by.who,
        "what": what,
        "before": told_value(before),
        "after": told_value(after),
        "source": by.source,
        "at": at,
    }


_AUDIT = insert(table_of(Change))


def _audit(session: Session, changes: Sequence[dict[str, Any]]) -> None:
    session.connection().execute(_AUDIT, changes)


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


def _spoken(status: str) -> str:
    return status.replace("_", " ")
