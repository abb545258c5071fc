"""Received = ticketed + ignored + failed, counted at any time."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tickets.tables import IgnoredMessage, Message
from storage.tickets.values import editions_range


@dataclass(frozen=True)
class MessageBalance:
    """Where every message went: `received == ticketed + sum(ignored) + failed`."""

    ticketed: int
    ignored: dict[str, int]
    failed: int

    @property
    def received(self) -> int:
        return self.ticketed + sum(self.ignored.values()) + self.failed


def message_balance(session: Session) -> MessageBalance:
    """Count every message that came in from a person or another bot, by what became of it.

    What the bot posted for an agent came from nowhere but the desk itself, a message that was
    edited came once, and what was said in a thread before the desk was called is counted where it
    was heard, if it was.
    """
    heard = select(func.count()).where(
        col(Message.author) != "bot",
        col(Message.outcome).is_distinct_from("relayed"),
        ~col(Message.key).contains(editions_range("")[0], autoescape=True),
        col(Message.outcome).is_distinct_from("history"),
    )
    failed = session.scalar(heard.where(col(Message.outcome) == "failed")) or 0
    total = session.scalar(heard) or 0
    reasons = session.execute(
        select(col(IgnoredMessage.reason), func.count()).group_by(col(IgnoredMessage.reason))
    )
    return MessageBalance(total - failed, dict(reasons.all()), failed)
