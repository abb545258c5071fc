"""What other systems are told of tickets, and how far each of them has heard it.

The audit is what they are told from: its rows are written with the changes, so nothing is told that
did not happen, and nothing that happened is lost. Each system hears it in that order.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BigInteger, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, stored_id
from storage.db.rows import StoredRow
from storage.tickets.audit import NAMES
from storage.tickets.tables import Change, Ticket
from storage.tickets.values import TicketEventKind

_AT_ONCE = 100


class WebhookCursor(StoredRow, table=True):
    """How far a system has heard: up to a row of the audit. `since` is when it began to fail."""

    __tablename__ = "webhooks"

    name: str = Field(primary_key=True)
    change_id: int = Field(sa_type=BigInteger)
    attempts: int = 0
    since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True)
class TicketEvent:
    """Something that became of a ticket; `change_id` is the row of the audit that tells of it."""

    change_id: int
    kind: TicketEventKind
    ticket: Ticket
    who: str
    at: datetime

    @property
    def id(self) -> str:
        """The same event is told under the same name, however often."""
        return f"{self.change_id}-{self.kind}"


def keep_cursors(session: Session, names: Collection[str]) -> Sequence[WebhookCursor]:
    """How far each of these systems has heard; a new one begins now, and others are forgotten."""
    known = {each.name: each for each in session.scalars(select(WebhookCursor))}
    session.execute(delete(WebhookCursor).where(col(WebhookCursor.name).not_in(names)))
    latest = session.scalar(select(func.max(col(Change.id)))) or 0
    for name in names:
        if name not in known:
            known[name] = WebhookCursor(name=name, change_id=latest)
            session.add(known[name])
    return [known[name] for name in names]


def next_events(session: Session, after: int) -> tuple[Sequence[TicketEvent], int]:
    """What became of tickets after a row of the audit, oldest first; and how far that looks.

    A ticket is opened when the desk has first dealt with it. What came from another desk by an
    import is no news.
    """
    latest = session.scalar(select(func.max(col(Change.id)))) or after
    earlier = aliased(Change)
    first = ~exists().where(
        col(earlier.ticket_id) == col(Change.ticket_id), col(earlier.id) < col(Change.id)
    )
    query = (
        select(Change, Ticket, first)
        .join(Ticket, col(Ticket.id) == col(Change.ticket_id))
        .where(
            col(Change.id) > after,
            col(Change.id) <= latest,
            col(Change.source) != "import",
            or_(first, _HANDED_OVER, _SOLVED),
        )
        .order_by(col(Change.id))
        .limit(_AT_ONCE)
    )
    rows = session.execute(query).all()
    events = [each for row in rows for each in _events(row[0], row[1], is_first=row[2])]
    return events, events[-1].change_id if len(rows) == _AT_ONCE else latest


_HANDED_OVER = and_(col(Change.what) == NAMES["handed_over_at"], col(Change.after).is_not(None))
_SOLVED = and_(col(Change.what) == NAMES["status"], col(Change.after) == "solved")


def _events(change: Change, ticket: Ticket, *, is_first: bool) -> Sequence[TicketEvent]:
    kinds: list[TicketEventKind] = ["opened"] if is_first else []
    if change.what == NAMES["handed_over_at"] and change.after is not None:
        kinds.append("handed_over")
    if change.what == NAMES["status"] and change.after == "solved":
        kinds.append("solved")
    number = stored_id(change.id)
    return [TicketEvent(number, kind, ticket, change.who, change.at) for kind in kinds]


def heard_up_to(session: Session, name: str, change_id: int) -> None:
    """A system has taken what it was told, up to a row of the audit."""
    cursor = session.get(WebhookCursor, name)
    if cursor is not None:
        cursor.change_id = max(cursor.change_id, change_id)
        cursor.attempts, cursor.since, cursor.next_at = 0, None, None


def pass_over(session: Session, name: str, change_id: int) -> None:
    """What stands up to a row of the audit is nothing to tell a system."""
    cursor = session.get(WebhookCursor, name)
    if cursor is not None:
        cursor.change_id = max(cursor.change_id, change_id)


def not_heard(session: Session, name: str, now: datetime, next_at: datetime) -> int:
    """A system did not take what it was told, and is told again then; how often by now."""
    cursor = session.get(WebhookCursor, name)
    if cursor is None:
        return 0
    cursor.attempts += 1
    cursor.since = cursor.since or now
    cursor.next_at = next_at
    return cursor.attempts
