"""Changes in the desk's own systems that wait for an agent, and what became of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, bindparam, func, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db import lookup
from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert_new
from storage.db.rows import StoredRow


class ProposalRow(StoredRow, table=True):
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


@dataclass(frozen=True)
class AloneLimits:
    """What a change has to keep to that needs nobody; else it takes so many `people`.

    On the day that began at `day` there may be so `many` of its tool, worth `total` together (in
    ten-thousandths). Since `seen`, people have to have agreed to so many (`after`) that were then
    done as the bot had proposed them, and to all but a twentieth of what they decided about.
    """

    people: int
    day: datetime
    many: int
    total: int | None
    after: int
    seen: datetime


def put_proposals(
    session: Session, rows: Sequence[ProposalRow], limits: Mapping[str, AloneLimits] | None = None
) -> Sequence[ProposalRow]:
    """Put proposals before the agents; doing it twice changes nothing. The rows as they stand then.

    One that is to be made without a person waits for people where that is beyond its `limits`, by
    its key.
    """
    for row in rows:
        limit = (limits or {}).get(row.key)
        known = session.get(ProposalRow, row.key)
        if known is None and limit is not None and not _keeps_to(session, row, limit):
            row.people, row.fate = limit.people, "waiting"
        insert_new(session, [row])
    keys = [row.key for row in rows]
    standing = session.scalars(select(ProposalRow).where(col(ProposalRow.key).in_(keys))).all()
    return sorted(standing, key=lambda row: keys.index(row.key))


def _keeps_to(session: Session, row: ProposalRow, limit: AloneLimits) -> bool:
    of_tool = col(ProposalRow.tool) == row.tool
    people, fate = col(ProposalRow.people), col(ProposalRow.fate)
    today = of_tool & (people == 0) & (col(ProposalRow.proposed_at) >= limit.day)
    sums = select(func.count(), func.coalesce(func.sum(col(ProposalRow.amount)), 0)).where(today)
    number, worth = session.execute(sums).one()
    if number >= limit.many:
        return False
    if limit.total is not None and (worth or 0) + (row.amount or 0) > limit.total:
        return False
    decided = of_tool & (people > 0) & (fate != "waiting")
    good = (fate == "done") & (col(ProposalRow.edition) == 0)
    counts = select(func.count().filter(good), func.count()).where(
        decided, col(ProposalRow.proposed_at) >= limit.seen
    )
    as_proposed, all_decided = session.execute(counts).one()
    return not limit.after or (as_proposed >= limit.after and as_proposed * 20 >= all_decided * 19)


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
