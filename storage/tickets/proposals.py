"""Changes in the desk's own systems that wait for an agent, and what became of each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from storage.db import lookup
from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert_new
from storage.tickets import changes, notes
from storage.tickets.changes import NotAllowed


class ProposalRow(SQLModel, table=True):
    """A change that the bot proposes for a customer; it happens once under its key.

    `fate`: waiting, approved (on its way), done, declined, stale (things had changed by then),
    refused by the system, doubtful (nobody knows). `approvals` are the agents who agreed; `result`
    says in words what came of it.
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
    amount: float | None = None
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


def approved_proposals(session: Session) -> Sequence[ProposalRow]:
    """What was agreed to and is not settled."""
    return session.scalars(select(ProposalRow).where(col(ProposalRow.fate) == "approved")).all()


def decide(session: Session, key: str, number: int, who: str, *, agrees: bool) -> ProposalRow:
    """Note an agent's decision; with enough of them who agree the change is on its way.

    Raises:
        NotAllowed: it is not that ticket's, was decided already, or the agent has agreed before.
    """
    row = session.get(ProposalRow, key)
    if row is None or row.ticket_id != number:
        raise NotAllowed("This proposal is not one of that ticket. Nothing was changed.")
    if row.fate != "waiting":
        raise NotAllowed(f"This was decided already: {row.fate}. Nothing was changed.")
    if agrees and who in row.approvals:
        raise NotAllowed("You have agreed already; it takes a second person.")
    if agrees:
        row.approvals = [*row.approvals, who]
        row.fate = "approved" if len(row.approvals) >= row.people else "waiting"
    else:
        row.fate, row.settled_at = "declined", utc_now()
    told = "agreed to" if agrees else "declined"
    _note(session, row, who, f"{told}: {row.what}", f"{who}:{told}")
    return row


def settle(session: Session, key: str, fate: str, result: str) -> ProposalRow | None:
    """Note what came of a change; None when that was noted before."""
    row = session.get(ProposalRow, key)
    if row is None or row.fate != "approved":
        return None
    row.fate, row.result, row.settled_at = fate, result, utc_now()
    _note(session, row, row.approvals[-1], f"{row.what}: {fate}. {result}".strip(), "settled")
    return row


def _note(session: Session, row: ProposalRow, who: str, text: str, name: str) -> None:
    """Keep it with the ticket's history, whose card is drawn anew."""
    notes.keep_note(session, f"proposal:{row.key}:{name}", row.ticket_id, who, text)
    changes.touch_ticket(changes.get_ticket(session, row.ticket_id), utc_now())
