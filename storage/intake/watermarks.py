"""How far each conversation is known: nothing that was said before its watermark is missing."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import Field

from storage.db import lookup
from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow

# The watermark of the desk as a whole: for conversations that have none of their own yet.
DESK = ""


class Watermark(StoredRow, table=True):
    """The Slack `ts` up to which a conversation is known, and when it was last read."""

    __tablename__ = "watermarks"

    channel_id: str = Field(primary_key=True)
    ts: str
    read_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def all_watermarks(session: Session) -> Mapping[str, str]:
    """Every watermark, by conversation."""
    return {row.channel_id: row.ts for row in session.scalars(select(Watermark))}


def begin_watermark(session: Session, channel_id: str, ts: str) -> str:
    """Give a conversation its first watermark; the one that it has by now."""
    row = {"channel_id": channel_id, "ts": ts, "read_at": utc_now()}
    session.execute(insert(Watermark).values(row).on_conflict_do_nothing())
    known = lookup.find_row(session, Watermark, channel_id)
    return known.ts if known is not None else ts


def raise_watermark(session: Session, channel_id: str, ts: str) -> None:
    """A conversation was read to its end, and is known up to `ts`; it never sinks."""
    known = lookup.find_row(session, Watermark, channel_id)
    if known is not None:
        known.ts, known.read_at = max(known.ts, ts), utc_now()


def last_read(session: Session) -> datetime | None:
    """When all conversations were last read; None before the first time."""
    known = lookup.find_row(session, Watermark, DESK)
    return known.read_at if known is not None else None
