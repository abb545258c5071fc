"""Where a person's id stands besides their words: the ledger, the audit, accounts, budgets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Mapped, Session
from sqlmodel import SQLModel, col

from storage.costs import requester_totals
from storage.costs.budgets import BudgetLift, BudgetState
from storage.costs.daily_totals import DayCount
from storage.customers.connections import ConnectedAccount, ConnectionLink
from storage.intake.idempotency import ActRow
from storage.intake.notes import NoteRow
from storage.stories.author_bursts import AuthorBurst
from storage.tickets.audit import NAMES
from storage.tickets.corrections import Correction
from storage.tickets.states import LIVE
from storage.tickets.tables import CallRow, Change, Message, Ticket
from storage.tickets.values import NOBODY

Which = Callable[[str], ColumnElement[bool]]


@dataclass(frozen=True)
class _Trace:
    """Rows that name a person; without `values` they go, else they say so much instead."""

    table: type[SQLModel]
    which: Which
    values: dict[str, Any] | None = None


def count_traces(session: Session, person: str) -> int:
    """How many rows name a person, but for those of their live tickets."""
    return sum(
        session.scalar(select(func.count()).select_from(each.table).where(each.which(person))) or 0
        for each in (*_TRACES, _TOTALS)
    )


def erase_traces(session: Session, person: str) -> None:
    """Name a person nowhere any more, but for their live tickets; sums and moments stay."""
    requester_totals.erase_requester(session, person)
    for each in _TRACES:
        which = each.which(person)
        if each.values is None:
            session.execute(delete(each.table).where(which))
        else:
            session.execute(update(each.table).where(which).values(**each.values))


def _live(number: Any, person: str) -> ColumnElement[bool]:
    """Whether a row is of a live ticket of theirs."""
    theirs = select(col(Ticket.id)).where(
        col(Ticket.id) == number, col(Ticket.requester_id) == person, col(Ticket.status).in_(LIVE)
    )
    return theirs.exists()


def _as_customer(person: str) -> ColumnElement[bool]:
    """Whether they never worked at the desk: what an agent did is the desk's record."""
    said = select(col(Message.key)).where(
        col(Message.author_id) == person, col(Message.author) == "agent"
    )
    noted = select(col(NoteRow.key)).where(col(NoteRow.author_id) == person)
    owned = select(col(Ticket.id)).where(col(Ticket.assignee_id) == person)
    return ~said.exists() & ~noted.exists() & ~owned.exists()


def _was_requester(person: str, told: Mapped[str | None]) -> ColumnElement[bool]:
    """Rows of the audit that tell that a ticket became theirs, or was before."""
    of_requester = col(Change.what) == NAMES["requester_id"]
    return of_requester & (told == person) & ~_live(col(Change.ticket_id), person)


_TOTALS = _Trace(
    DayCount, lambda who: (col(DayCount.kind) == "requester") & (col(DayCount.subject) == who)
)
_TRACES = (
    _Trace(
        CallRow,
        lambda who: (col(CallRow.requester_id) == who) & ~_live(col(CallRow.ticket_id), who),
        {"requester_id": NOBODY},
    ),
    _Trace(
        Change,
        lambda who: (
            (col(Change.who) == who) & ~_live(col(Change.ticket_id), who) & _as_customer(who)
        ),
        {"who": NOBODY},
    ),
    _Trace(Change, lambda who: _was_requester(who, col(Change.before)), {"before": NOBODY}),
    _Trace(Change, lambda who: _was_requester(who, col(Change.after)), {"after": NOBODY}),
    _Trace(
        Correction,
        lambda who: (
            (col(Correction.by) == who) & ~_live(col(Correction.ticket_id), who) & _as_customer(who)
        ),
    ),
    _Trace(ConnectedAccount, lambda who: col(ConnectedAccount.user_id) == who),
    _Trace(ConnectionLink, lambda who: col(ConnectionLink.user_id) == who),
    _Trace(BudgetState, lambda who: col(BudgetState.budget) == f"requester {who}"),
    _Trace(BudgetLift, lambda who: col(BudgetLift.budget) == f"requester {who}"),
    _Trace(AuthorBurst, lambda who: col(AuthorBurst.place).endswith(f":{who}", autoescape=True)),
    _Trace(
        ActRow,
        lambda who: col(ActRow.key).contains(f":{who}:", autoescape=True) & _as_customer(who),
    ),
)
