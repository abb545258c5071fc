"""Acts of people that Slack or somebody else may send twice: each counts once."""

from datetime import datetime

from sqlalchemy import Index, delete
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow


class ActRow(StoredRow, table=True):
    """A click, a submission or a thread command that has been carried out."""

    __tablename__ = "acts"
    __table_args__ = (Index("acts_when", "acted_at"),)

    key: str = Field(primary_key=True)
    acted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def first_time(session: Session, key: str) -> bool:
    """Note an act; False when it was noted before.

    In the transaction of its effect, so that both are written or neither is.
    """
    row = insert(ActRow).values(key=key, acted_at=utc_now()).on_conflict_do_nothing()
    return session.execute(row.returning(col(ActRow.key))).first() is not None


def same_as_before(session: Session, key: str, content: str) -> bool:
    """Note what is asked for under a key; False where something else was before."""
    told = f"{key}:{content}"
    if first_time(session, f"asked:{key}"):
        return first_time(session, told)
    return was_done(session, told)


def was_done(session: Session, key: str) -> bool:
    """Whether an act was noted before."""
    return session.get(ActRow, key) is not None


def answered_key(key: str) -> str:
    """Under what it is noted that a typed message was answered, though nothing was done perhaps."""
    return f"answered:{key}"


def forget_acts(session: Session, before: datetime) -> None:
    """Drop the acts before a moment: by then nobody sends them again."""
    session.execute(delete(ActRow).where(col(ActRow.acted_at) < before))
