"""Messages of the bot's that are being written in Slack: where each stands, from its beginning."""

from datetime import datetime

from sqlalchemy import Index, delete
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db import lookup
from storage.db.columns import UtcDateTime, utc_now
from storage.db.rows import StoredRow


class StreamRow(StoredRow, table=True):
    """A message that was begun for the customer's message under `key`; a crash leaves it there."""

    __tablename__ = "streams"
    __table_args__ = (Index("streams_when", "begun_at"),)

    key: str = Field(primary_key=True)
    channel_id: str
    ts: str
    begun_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def stream_begun(session: Session, key: str, channel: str, ts: str) -> None:
    """Write down where the message stands; the latest beginning counts."""
    session.merge(StreamRow(key=key, channel_id=channel, ts=ts))


def find_stream(session: Session, key: str) -> StreamRow | None:
    """The message that was begun under this key, or None."""
    return lookup.find_row(session, StreamRow, key)


def forget_streams(session: Session, before: datetime) -> None:
    """Drop what was begun before a moment: by then every workflow about it has ended."""
    session.execute(delete(StreamRow).where(col(StreamRow.begun_at) < before))
