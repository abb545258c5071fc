"""What no event brought and the history had: counted, and compared with what is known."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Index, func, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.cards.cards import CardRow
from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow
from storage.intake.idempotency import ActRow, answered_key
from storage.intake.inbox import WaitingMessage
from storage.intake.notes import NoteRow
from storage.tickets.bursts import withdrawn
from storage.tickets.outbox import OutboxRow
from storage.tickets.states import LIVE
from storage.tickets.tables import IgnoredMessage, Message, Revision, Ticket
from storage.tickets.values import editions_range

# Keys in one question to the database.
AT_ONCE = 500
# Why an agent's thread command opens no ticket.
COMMAND = "macro"


class MissedMessage(StoredRow, table=True):
    """A message that was found in the history, because no event brought it in its time."""

    __tablename__ = "missed"
    __table_args__ = (Index("missed_when", "found_at"),)

    key: str = Field(primary_key=True)
    found_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


@dataclass(frozen=True)
class SaidMessage:
    """A stored message of a person that was not taken back, and the thread of its ticket."""

    key: str
    ts: str
    author_id: str
    thread_ts: str


def count_missed(session: Session, since: datetime, until: datetime) -> int:
    """How many messages were found in the history in that time."""
    found = select(func.count()).where(
        col(MissedMessage.found_at) >= since, col(MissedMessage.found_at) < until
    )
    return session.scalar(found) or 0


def count_unheard(session: Session, since: datetime) -> int:
    """How many messages were posted since then, and found without an event that brought them."""
    keys = session.scalars(
        select(col(MissedMessage.key)).where(col(MissedMessage.found_at) >= since)
    )
    moments = (each.rpartition(":")[2].partition("~")[0] for each in keys)
    return sum(float(each) >= since.timestamp() for each in moments)


def note_missed(session: Session, key: str) -> bool:
    """Count a message that was found, unless it turned out to be none of the desk's business."""
    taken = (Message, WaitingMessage, NoteRow, OutboxRow, ActRow)
    ours = any(session.get(table, key) is not None for table in taken)
    if ours:
        row = {"key": key, "found_at": utc_now()}
        session.execute(insert(MissedMessage).values(row).on_conflict_do_nothing())
    return ours


def heard_of(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these messages the desk has heard of, whatever became of them.

    A thread command counts as ignored before it is carried out; that it was is noted as an act.
    """
    said = (Message, WaitingMessage, NoteRow, OutboxRow, ActRow)
    ignored = select(col(IgnoredMessage.key)).where(col(IgnoredMessage.reason) != COMMAND)
    known: set[str] = set()
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        for table in said:
            known.update(session.scalars(select(col(table.key)).where(col(table.key).in_(some))))
        known.update(session.scalars(ignored.where(col(IgnoredMessage.key).in_(some))))
        answered = {answered_key(key): key for key in some}
        noted = select(col(ActRow.key)).where(col(ActRow.key).in_(answered))
        known.update(answered[mark] for mark in session.scalars(noted))
    return known


def known_edits(session: Session, keys: Collection[str]) -> Mapping[str, str]:
    """The moment of the latest edit or deletion that the desk has heard of, by message."""
    query = (
        select(col(Revision.message_key), func.max(col(Revision.edited_ts)).label("latest"))
        .where(col(Revision.message_key).in_(keys))
        .group_by(col(Revision.message_key))
    )
    return {row.message_key: row.latest for row in session.execute(query)}


def said_between(session: Session, first: str, last: str) -> Sequence[SaidMessage]:
    """What people said in a conversation and have not taken back, by the range of its keys."""
    query = (
        select(col(Message.key), col(Message.ts), col(Message.author_id), col(Ticket.thread_ts))
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(
            col(Message.key) >= first,
            col(Message.key) < last,
            col(Message.author).in_(("customer", "agent")),
            col(Message.outcome).is_distinct_from("relayed"),
            ~col(Message.key).contains(editions_range("")[0], autoescape=True),
            ~withdrawn(col(Message.key)),
        )
    )
    return [SaidMessage(*row) for row in session.execute(query)]


def _followed(since: datetime) -> Any:
    solved = (col(Ticket.status) == "solved") & (col(Ticket.solved_at) >= since)
    return col(Ticket.status).in_(LIVE) | solved


def followed_threads(session: Session, channel_id: str, since: datetime) -> Sequence[str]:
    """The threads of a conversation's tickets that are live, or were solved after a moment."""
    query = select(col(Ticket.thread_ts)).where(
        col(Ticket.channel_id) == channel_id, _followed(since)
    )
    return session.scalars(query).all()


def followed_cards(session: Session, channel_id: str, since: datetime) -> Sequence[str]:
    """Where the cards of such tickets stand in the agents' channel."""
    query = (
        select(col(CardRow.ts))
        .join(Ticket, col(Ticket.id) == col(CardRow.ticket_id))
        .where(col(CardRow.channel_id) == channel_id, col(CardRow.ts).is_not(None))
        .where(_followed(since))
    )
    return [ts for ts in session.scalars(query) if ts is not None]
