"""What an author said last in a place, where several processes hear them.

On a file there are no rows: one process remembers it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime
from storage.db.rows import StoredRow

BurstTold = TypeVar("BurstTold")


class AuthorBurst(StoredRow, table=True):
    """The words of an author in a row; `place` is `team:channel:author`."""

    __tablename__ = "author_bursts"

    place: str = Field(primary_key=True)
    root: str
    first: datetime = Field(sa_type=UtcDateTime)
    last: datetime = Field(sa_type=UtcDateTime, index=True)
    addressed: bool = True


def revise_burst(
    session: Session,
    place: str,
    revise: Callable[[AuthorBurst | None], tuple[AuthorBurst | None, BurstTold]],
) -> BurstTold:
    """Let what was said last in a place follow from what was said before, and from nothing else.

    `revise` is told the row, and answers the one that is to stand, or None, and what it found.
    """
    known = session.get(AuthorBurst, place)
    now, found = revise(known)
    if now is None:
        if known is not None:
            session.delete(known)
    else:
        session.merge(now)
    return found


def forget_bursts(session: Session, before: datetime) -> None:
    """Drop what was said before a moment: nothing is added to it any more."""
    session.execute(delete(AuthorBurst).where(col(AuthorBurst.last) < before))
