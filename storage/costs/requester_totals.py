"""Who caused which cost on a day, said of nobody any more; the sums stay."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, update
from sqlalchemy.orm import Session
from sqlmodel import col, select

from storage.costs.daily_totals import DayCount
from storage.db.columns import table_of
from storage.db.insert import insert
from storage.tickets.tables import CallRow
from storage.tickets.values import NOBODY


def erase_requester(session: Session, person: str) -> None:
    """Count what a person caused as caused by nobody."""
    _erase(session, col(DayCount.subject) == person)


def erase_requesters(session: Session, before: datetime) -> None:
    """The same for everybody, on days before this moment's, in the ledger as in its sums."""
    old = (col(CallRow.called_at) < before) & col(CallRow.requester_id).not_in(("", NOBODY))
    session.execute(update(CallRow).where(old).values(requester_id=NOBODY))
    somebody = col(DayCount.subject).not_in(("", NOBODY))
    _erase(session, (col(DayCount.day) < before.date()) & somebody)


def _erase(session: Session, which: ColumnElement[bool]) -> None:
    theirs = (col(DayCount.kind) == "requester") & which
    count, cost = func.sum(col(DayCount.count)), func.sum(col(DayCount.nano_dollars))
    sums = session.execute(
        select(col(DayCount.day), count, cost).where(theirs).group_by(col(DayCount.day))
    ).all()
    session.execute(delete(DayCount).where(theirs))
    if not sums:
        return
    rows = [
        {"kind": "requester", "subject": NOBODY, "day": day, "count": n, "nano_dollars": spent}
        for day, n, spent in sums
    ]
    totals, adding = table_of(DayCount).c, insert(table_of(DayCount))
    grown = {each: totals[each] + adding.excluded[each] for each in ("count", "nano_dollars")}
    keys = ["kind", "subject", "day"]
    session.connection().execute(
        adding.on_conflict_do_update(index_elements=keys, set_=grown), rows
    )
