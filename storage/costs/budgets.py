"""What budgets need to know and to remember."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, literal, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.costs.daily_totals import DayCount
from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow


class BudgetState(StoredRow, table=True):
    """How far a budget's crossings have been announced for a day or a month (`period`)."""

    __tablename__ = "budget_states"

    budget: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    level: str
    since: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class BudgetLift(StoredRow, table=True):
    """An admin let a budget pass for a day."""

    __tablename__ = "budget_lifts"

    budget: str = Field(primary_key=True)
    day: date = Field(primary_key=True)
    lifted_by: str
    lifted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def budget_spend(
    session: Session, subjects: Sequence[tuple[str, str]], first: date, today: date
) -> dict[tuple[str, str], tuple[int, int]]:
    """Nano-dollars of each (kind, subject) today, and from the day `first` until today."""
    if not subjects:
        return {}
    of_today = func.sum(DayCount.nano_dollars).filter(col(DayCount.day) == today)
    # One lookup for each: asked for all together, the database walks through everybody's days.
    lookups = [
        select(
            literal(kind),
            literal(subject),
            func.coalesce(of_today, 0),
            func.coalesce(func.sum(DayCount.nano_dollars), 0),
        ).where(
            col(DayCount.kind) == kind,
            col(DayCount.subject) == subject,
            col(DayCount.day).between(first, today),
        )
        for kind, subject in subjects
    ]
    rows = session.execute(union_all(*lookups))
    return {(kind, subject): (day, month) for kind, subject, day, month in rows}


def lifted_budgets(session: Session, day: date) -> frozenset[str]:
    """The budgets that are lifted on a day."""
    query = select(col(BudgetLift.budget)).where(col(BudgetLift.day) == day)
    return frozenset(session.scalars(query))


def spend_and_lifts(
    session: Session, subjects: Sequence[tuple[str, str]], today: date
) -> tuple[dict[tuple[str, str], tuple[int, int]], frozenset[str]]:
    """What was spent today and this month by subject, and the budgets that are lifted today."""
    spent = budget_spend(session, subjects, today.replace(day=1), today)
    return spent, lifted_budgets(session, today)


def lift_budget(session: Session, budget: str, day: date, by: str) -> bool:
    """Let a budget pass for a day; False when it was lifted already."""
    row = {"budget": budget, "day": day, "lifted_by": by, "lifted_at": utc_now()}
    writing = (
        insert(BudgetLift).values(row).on_conflict_do_nothing().returning(col(BudgetLift.budget))
    )
    return session.scalar(writing) is not None


def budget_states(session: Session) -> Sequence[BudgetState]:
    """Every announcement that has not been taken back."""
    return session.scalars(select(BudgetState)).all()


def budget_state(session: Session, budget: str, period: str) -> BudgetState | None:
    """What was announced of a budget for a day or a month."""
    return session.get(BudgetState, (budget, period))


def keep_announcement(session: Session, budget: str, period: str, level: str) -> None:
    """Remember what was announced."""
    session.merge(BudgetState(budget=budget, period=period, level=level))


def clear_announcement(session: Session, budget: str, period: str) -> None:
    """Forget an announcement that was taken back."""
    gone = (col(BudgetState.budget) == budget) & (col(BudgetState.period) == period)
    session.execute(delete(BudgetState).where(gone))
