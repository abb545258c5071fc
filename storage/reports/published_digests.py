"""Which digests were published, so that each period has one."""

from datetime import datetime
from typing import Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow

Claimed = Literal["mine", "held", "done"]


class Publication(StoredRow, table=True):
    """A digest of a period in a channel, under its key `digest:channel:period:first day`.

    `done_at` is empty while `holder` works on it; without `ts` it was skipped: nothing happened.
    """

    __tablename__ = "publications"

    key: str = Field(primary_key=True)
    holder: str
    held_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ts: str | None = None


def claim_digest(session: Session, key: str, holder: str, *, stale_before: datetime) -> Claimed:
    """Claim a digest: it is mine now, another is at it, or it is done.

    What another claimed before `stale_before` and did not finish is mine.
    """
    row = {"key": key, "holder": holder, "held_at": utc_now()}
    session.execute(insert(Publication).values(row).on_conflict_do_nothing())
    standing = session.get_one(Publication, key)
    if standing.done_at is not None:
        return "done"
    if standing.holder != holder and standing.held_at >= stale_before:
        return "held"
    standing.holder, standing.held_at = holder, utc_now()
    return "mine"


def digest_done(session: Session, key: str, ts: str | None) -> None:
    """It stands in the channel, or was skipped."""
    publication = session.get_one(Publication, key)
    publication.done_at, publication.ts = utc_now(), ts


def find_publication(session: Session, key: str) -> Publication | None:
    """The publication under this key, if any was begun."""
    return session.get(Publication, key)


def newest_publication(session: Session, prefix: str) -> str | None:
    """The greatest key that was done and begins so."""
    query = select(func.max(Publication.key)).where(
        col(Publication.key).startswith(prefix, autoescape=True),
        col(Publication.done_at).is_not(None),
    )
    return session.scalar(query)
