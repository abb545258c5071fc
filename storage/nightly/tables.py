"""The tables of the nights."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON
from sqlmodel import Field

from storage.db.columns import UtcDateTime, utc_now
from storage.db.rows import StoredRow


class Night(StoredRow, table=True):
    """One night. `state`: under_way, done, skipped or failed; `problem` says why, for people."""

    __tablename__ = "nights"

    due_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    state: str = "under_way"
    problem: str | None = None
    begun_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class NightTicket(StoredRow, table=True):
    """A solved ticket on a night's list. One that comes back and is solved again is listed again.

    `summary` and `article` say what became of each: wanted, done, none or failed.
    """

    __tablename__ = "night_tickets"

    ticket_id: int = Field(primary_key=True, foreign_key="tickets.id")
    solved_at: datetime = Field(primary_key=True, sa_type=UtcDateTime)
    due_at: datetime = Field(foreign_key="nights.due_at", index=True, sa_type=UtcDateTime)
    summary: str = "wanted"
    article: str = "none"

    @property
    def key(self) -> str:
        """What its questions are asked under, as a batch's custom ids allow."""
        return f"{self.ticket_id}-{int(self.solved_at.timestamp())}"


class NightBatch(StoredRow, table=True):
    """A message batch: written down before it is submitted, and again when its id is known."""

    __tablename__ = "night_batches"

    name: str = Field(primary_key=True)
    due_at: datetime = Field(foreign_key="nights.due_at", index=True, sa_type=UtcDateTime)
    keys: list[str] = Field(sa_type=JSON)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    batch: str | None = None
    fetched: bool = False


class NightReply(StoredRow, table=True):
    """An answer that was paid for, until its night is over."""

    __tablename__ = "night_replies"

    key: str = Field(primary_key=True)
    due_at: datetime = Field(foreign_key="nights.due_at", index=True, sa_type=UtcDateTime)
    reply: dict[str, Any] = Field(sa_type=JSON)
