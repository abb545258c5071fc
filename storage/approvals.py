"""Answers that an agent approved, kept so that the same question need not be paid for twice."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index
from sqlmodel import Field, SQLModel

from storage.columns import UtcDateTime, utc_now


class Approval(SQLModel, table=True):
    """An approved answer to the question of `message_key`, and what it had cost to make.

    `triage` is the verdict on that question; `evidence` are the cited passages by source and
    digest, which must still be so when the answer is given again. `approved_by` is the agent.
    """

    __tablename__ = "approvals"
    __table_args__ = (Index("approvals_when", "approved_at"),)

    message_key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    intent: str
    question: str
    answer: str
    triage: dict[str, Any] = Field(sa_type=JSON)
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    nano_dollars: int = Field(default=0, sa_type=BigInteger)
    approved_by: str
    approved_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
