"""What became of proposed changes: how often people agreed, and what was done without them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.costs.days import Days
from storage.reports.values import ChangeAlone
from storage.reports.within import within_days
from storage.tickets.proposals import ProposalRow


@dataclass(frozen=True)
class ProposalCounts:
    """The proposals of one tool: `unchanged` ones were agreed to as the bot had made them.

    `alone` were begun without a person.
    """

    tool: str
    unchanged: int = 0
    edited: int = 0
    declined: int = 0
    waiting: int = 0
    alone: int = 0

    @property
    def decided(self) -> int:
        """How many a person has decided about."""
        return self.unchanged + self.edited + self.declined


def proposal_counts(session: Session, since: datetime) -> Sequence[ProposalCounts]:
    """What became of the proposals from a moment on, by tool."""
    edition, people, fate = (
        col(ProposalRow.edition),
        col(ProposalRow.people),
        col(ProposalRow.fate),
    )
    undecided = fate.in_(("waiting", "declined"))
    agreed = (people > 0) & ~undecided
    counted = (
        agreed & (edition == 0),
        agreed & (edition > 0),
        (people > 0) & (fate == "declined"),
        (people > 0) & (fate == "waiting"),
        people == 0,
    )
    query = (
        select(col(ProposalRow.tool), *(func.count().filter(each) for each in counted))
        .where(col(ProposalRow.proposed_at) >= since)
        .group_by(col(ProposalRow.tool))
        .order_by(col(ProposalRow.tool))
    )
    return [
        ProposalCounts(row[0], row[1], row[2], row[3], row[4], row[5])
        for row in session.execute(query)
    ]


def changes_alone(session: Session, days: Days) -> tuple[ChangeAlone, ...]:
    """What was begun without a person on some days, and what came of it."""
    query = (
        select(ProposalRow)
        .where(*within_days(ProposalRow.proposed_at, days), col(ProposalRow.people) == 0)
        .order_by(col(ProposalRow.proposed_at))
    )
    return tuple(ChangeAlone(row.ticket_id, row.tool, row.fate) for row in session.scalars(query))
