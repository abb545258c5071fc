"""Changes in the desk's own systems that wait for an agent, and what became of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from storage.db import lookup
from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert_new


class ProposalRow(SQLModel, table=True):
    """A change that the bot proposes for a customer; it happens once under its key.

    `fate`: waiting, approved (on its way), done, declined, stale (things had changed by then),
    refused by the system, doubtful (nobody knows). `why` is what the customer wants, in a line;
    `amount` what it is worth, in ten-thousandths of the system's unit; `people` how many agents it
    takes, 0 for what is made by itself. `approvals` are the agents who agreed to this `edition`,
    which is 0 until an agent edits it; `result` says in words what came of it.
    """

    __tablename__ = "proposals"
    __table_args__ = (Index("proposals_ticket", "ticket_id"),)

    key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    tool: str
    what: str
    arguments: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    customer: str
    language: str | None = None
    before: list[str] = Field(default_factory=list, sa_type=JSON)
    amount: int | None = Field(default=None, sa_type=BigInteger)
    why: str = ""
    edition: int = 0
    people: int = 1
    approvals: list[str] = Field(default_factory=list, sa_type=JSON)
    fate: str = "waiting"
    result: str = ""
    proposed_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def put_proposals(session: Session, rows: Sequence[ProposalRow]) -> None:
    """Put proposals before the agents; doing it twice changes nothing."""
    insert_new(session, rows)


def find_proposal(session: Session, key: str) -> ProposalRow | None:
    """The proposal under this key, or None."""
    return lookup.find_row(session, ProposalRow, key)


def proposals_of_ticket(session: Session, ticket_id: int) -> Sequence[ProposalRow]:
    """A ticket's proposals, oldest first."""
    return session.scalars(_OF_TICKET, {"ticket": ticket_id}).all()


_OF_TICKET = (
    select(ProposalRow)
    .where(col(ProposalRow.ticket_id) == bindparam("ticket"))
    .order_by(col(ProposalRow.proposed_at), col(ProposalRow.key))
)


def move_waiting(session: Session, ticket_id: int, into: int) -> int:
    """Have what waits for people wait in another ticket; how many there are."""
    waiting = [row for row in proposals_of_ticket(session, ticket_id) if row.fate == "waiting"]
    for row in waiting:
        row.ticket_id = into
    return len(waiting)


def approved_proposals(session: Session) -> Sequence[ProposalRow]:
    """What was agreed to and is not settled."""
    return session.scalars(select(ProposalRow).where(col(ProposalRow.fate) == "approved")).all()
