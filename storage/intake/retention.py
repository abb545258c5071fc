"""What is dropped of what came in when it is of no use any more."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.intake.missed import MissedMessage
from storage.tickets.tables import IgnoredMessage, Revision

# Rows of one transaction: others are written between two.
AT_ONCE = 1_000


def forget_ignored(session: Session, before: datetime) -> int:
    """Drop some messages that opened no ticket and were seen before a moment; how many.

    What they said after an edit goes with them.
    """
    old = select(col(IgnoredMessage.key)).where(col(IgnoredMessage.seen_at) < before).limit(AT_ONCE)
    keys = session.scalars(old).all()
    session.execute(delete(Revision).where(col(Revision.message_key).in_(keys)))
    session.execute(delete(IgnoredMessage).where(col(IgnoredMessage.key).in_(keys)))
    return len(keys)


def forget_missed(session: Session, before: datetime) -> int:
    """Likewise what was counted as found in the history."""
    old = select(col(MissedMessage.key)).where(col(MissedMessage.found_at) < before).limit(AT_ONCE)
    keys = session.scalars(old).all()
    session.execute(delete(MissedMessage).where(col(MissedMessage.key).in_(keys)))
    return len(keys)
