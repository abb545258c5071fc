"""Which tickets the clock has to look at, and what it does to them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tickets import audit, changes, outbox
from storage.tickets.audit import BY_TIMER
from storage.tickets.outbox import OutboxRow
from storage.tickets.states import LIVE
from storage.tickets.tables import Change, Ticket
from storage.tickets.values import NOBODY, DueTicket, PastChange


def due_tickets(session: Session, now: datetime, limit: int) -> Sequence[int]:
    """The numbers of at most `limit` tickets that want to be looked at, longest due first."""
    query = (
        select(col(Ticket.id))
        .where(col(Ticket.clock_at) <= now)
        .order_by(col(Ticket.clock_at))
        .limit(limit)
    )
    return [number for number in session.scalars(query) if number is not None]


@dataclass(frozen=True)
class TimerAct:
    """Something that time does to a ticket: columns, a row in the audit, words to be sent."""

    to: Mapping[str, Any] = field(default_factory=dict)
    audit: tuple[str, str] | None = None
    says: OutboxRow | None = None


@dataclass(frozen=True)
class DueDecision:
    """What is to be done now, when the next target is due, and when to look again (aware UTC)."""

    acts: Sequence[TimerAct]
    due_at: datetime | None
    look_at: datetime | None


Decide = Callable[[DueTicket, datetime], DueDecision]


def do_what_is_due(
    session: Session, numbers: Sequence[int], now: datetime, decide: Decide
) -> tuple[list[str], list[int]]:
    """Do what `decide` says of each of these tickets, in one transaction with what it says.

    Answers the keys of what is to be sent, and the numbers of the tickets that have changed.
    """
    seen = session.scalars(select(Ticket).where(col(Ticket.id).in_(numbers))).all()
    before = {ticket.id: ticket.version for ticket in seen}
    histories = _histories(session, numbers)
    said = [
        key
        for ticket in seen
        for key in _look(session, ticket, histories.get(ticket.ticket_id, ()), now, decide)
    ]
    return said, [each.ticket_id for each in seen if each.version != before[each.id]]


def _look(
    session: Session, ticket: Ticket, history: Sequence[Change], now: datetime, decide: Decide
) -> list[str]:
    decided = decide(due_ticket(ticket, history), now)
    for act in decided.acts:
        changes.change_ticket(session, ticket, BY_TIMER, at=now, **act.to)
        if act.audit is not None:
            audit.audit_act(session, ticket, BY_TIMER, *act.audit, now)
    written = [act.says for act in decided.acts if act.says is not None]
    if decided.acts:
        session.flush()
        changed = audit.ticket_changes(session, ticket.ticket_id)
        decided = decide(due_ticket(ticket, changed), now)
    # The card shows when the next target is due.
    changes.change_ticket(
        session, ticket, BY_TIMER, at=now, due_at=decided.due_at, clock_at=decided.look_at
    )
    return [row.key for row in written if outbox.put_in_outbox(session, row) is None]


def due_ticket(ticket: Ticket, history: Sequence[Change]) -> DueTicket:
    """A ticket as the clock looks at it; `history` is all that happened to it, oldest first."""
    return DueTicket(
        ticket_id=ticket.ticket_id,
        opened_at=ticket.opened_at,
        status_since=ticket.status_since,
        status=ticket.status,
        priority=ticket.priority,
        wake_at=ticket.wake_at,
        first_response_at=ticket.first_response_at,
        channel_id=ticket.channel_id,
        language=ticket.language,
        assignee_id=ticket.assignee_id,
        history=tuple(PastChange(each.what, each.before, each.after, each.at) for each in history),
        erased=ticket.requester_id == NOBODY,
    )


def _histories(session: Session, numbers: Sequence[int]) -> Mapping[int, Sequence[Change]]:
    """What happened to each of these tickets, oldest first."""
    query = select(Change).where(col(Change.ticket_id).in_(numbers)).order_by(col(Change.id))
    found: dict[int, list[Change]] = defaultdict(list)
    for change in session.scalars(query):
        found[change.ticket_id].append(change)
    return found


def look_again_at_all(session: Session, now: datetime) -> None:
    """Have every ticket that is not closed looked at."""
    changes.look_again(session, col(Ticket.status).in_((*LIVE, "solved")), now)
