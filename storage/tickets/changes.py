"""How a ticket changes: the one place that gives its columns new values, each with its audit row.

Every change is made in a write transaction. Writers take turns, so whoever comes second sees what
the first one did: with `expecting`, it learns who was faster.

`NAMES` are the columns that leave a row in the audit. `CURSORS` leave none: where the desk stands
with a ticket (`version`, `updated_at`, `clock_at`), and the moments of a status, which its own row
tells (`status_since`, `solved_at`; the latter leaves one where it changes without a status). What
is set when a ticket is opened (its thread, when) never changes; who asked does where the first
question turns out to have come after a later one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db import lookup
from storage.db.columns import utc_now
from storage.tickets import text_index
from storage.tickets.audit import NAMES, ChangeBy, audit_columns, last_change, told_value
from storage.tickets.states import NEXT, status_consequences, status_moments
from storage.tickets.tables import Change, Ticket

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
        wanted |= status_consequences(ticket, wanted["status"])
        moments = status_moments(wanted["status"], moment)
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


def touch_ticket(ticket: Ticket, at: datetime) -> None:
    """Mark a ticket as changed: its card is drawn anew and its timers look at it."""
    _set(ticket, _touched(ticket, at))


def look_again(session: Session, which: ColumnElement[bool], at: datetime) -> None:
    """Have the clock look at all these tickets, in one statement: they may be many."""
    query = update(Ticket).where(which).values(clock_at=at)
    session.execute(query.execution_options(synchronize_session=False))


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
            f"{ticket.number} is {_in_words(ticket.status)}: it cannot be {_in_words(status)} now."
        )
    wakes = wanted.get("wake_at", ticket.wake_at)
    if status == "on_hold" and wanted.keys() & {"status", "wake_at"}:
        if wakes is None or wakes <= at:
            raise NotAllowed("On hold needs a time to wake up that is still to come.")
    elif wanted.get("wake_at") is not None:
        raise NotAllowed("Only a ticket on hold wakes up.")


def _news(ticket: Ticket, to: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in to.items() if getattr(ticket, name) != value}


def delete_ticket(session: Session, number: int) -> None:
    """Take out a ticket that turned out to be none, with its audit. Nothing else may hold to it."""
    session.execute(delete(Change).where(col(Change.ticket_id) == number))
    session.execute(delete(Ticket).where(col(Ticket.id) == number))


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
        audit_columns(session, ticket, by, at, facts)
    touched = _touched(ticket, at) if facts.keys() - UNSEEN else {}
    _set(ticket, {**touched, **moments, **wanted})


def _touched(ticket: Ticket, at: datetime) -> dict[str, Any]:
    return {"version": ticket.version + 1, "updated_at": at, "clock_at": at}


def _set(ticket: Ticket, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(ticket, name, value)


def _in_words(status: str) -> str:
    return status.replace("_", " ")
