"""What waits at this moment, for whoever watches the process."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.intake.inbox import WaitingMessage
from storage.reports import desk_stats
from storage.tickets import outbox, tickets
from storage.tickets.tables import Message


@dataclass(frozen=True)
class Backlog:
    """Messages that wait for their story or are in it, the oldest of them, and what else waits."""

    waiting: int
    under_way: int
    unsent: int
    late_tickets: int
    oldest: datetime | None

    @property
    def figures(self) -> Mapping[str, int]:
        """How many there are of each kind, by name."""
        return {
            "waiting": self.waiting,
            "under_way": self.under_way,
            "unsent": self.unsent,
            "late_tickets": self.late_tickets,
        }


def read_backlog(session: Session, now: datetime) -> Backlog:
    """The backlog at a moment."""
    waiting, first = session.execute(
        select(func.count(), func.min(col(WaitingMessage.received_at))).select_from(WaitingMessage)
    ).one()
    begun = session.scalar(
        select(func.min(col(Message.received_at))).where(
            text("outcome IS NULL AND author = 'customer'")
        )
    )
    return Backlog(
        waiting=waiting,
        under_way=tickets.unfinished_messages(session),
        unsent=len(outbox.unsent_in_outbox(session)),
        late_tickets=desk_stats.late_tickets(session, now),
        oldest=min((each for each in (first, begun) if each is not None), default=None),
    )


def take_turn(_session: Session) -> None:
    """Nothing: a transaction that begins and ends shows that others can be written."""
