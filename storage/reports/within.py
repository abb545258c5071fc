"""Conditions for a run of days."""

from typing import Any

from sqlmodel import col

from storage.costs.days import Days


def within_days(moment: Any, days: Days) -> tuple[Any, Any]:
    """Whether a column's moment falls into the days."""
    return col(moment) >= days.start, col(moment) < days.end


def on_days(table: Any, days: Days) -> Any:
    """Whether a row of the daily totals is of the days."""
    return col(table.day).between(days.first, days.last)
