"""How the desk is doing at this moment, for its admins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from storage.intake import missed, watermarks
from storage.reports import desk_stats
from storage.tickets import outbox, tickets

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class DeskHealth:
    """How the desk is doing: spend by period (nano-dollars), what is waiting, what has failed.

    `missed` are messages of a week that no event brought, `read_back_at` is when the history was
    last read.
    """

    spent: Mapping[str, int]
    under_way: int
    unsent: int
    late: int
    failed: int
    missed: int
    read_back_at: datetime | None


def desk_health(session: Session, now: datetime, periods: Mapping[str, int]) -> DeskHealth:
    """The figures at `now`; `periods` are those of the spend, by name in days."""
    return DeskHealth(
        spent={
            name: desk_stats.spend_since(session, now - timedelta(days=days))
            for name, days in periods.items()
        },
        under_way=tickets.unfinished_messages(session),
        unsent=len(outbox.unsent_in_outbox(session)),
        late=desk_stats.late_tickets(session, now),
        failed=desk_stats.failed_messages(session, now - timedelta(days=1)),
        missed=missed.count_missed(session, now - WEEK, now),
        read_back_at=watermarks.last_read(session),
    )
