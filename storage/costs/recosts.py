"""Costs of a day counted again, beside the first ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.costs import daily_totals, ledger
from storage.costs.days import Days
from storage.tickets.tables import CallRow


@dataclass(frozen=True)
class Recosted:
    """A call's cost before and now, and the figures that are to stand in it, in nano-dollars."""

    before: int
    after: int
    on_sonnet: int
    on_opus: int
    recost: int | None
    recost_version: str | None


def recost_day(
    session: Session, day: Days, price: Callable[[CallRow], Recosted], *, apply: bool
) -> Sequence[tuple[CallRow, Recosted]]:
    """Price each call of a day anew; with `apply` it is written, and the day's totals made anew."""
    counted = [(call, price(call)) for call in ledger.calls_within(session, day)]
    if not apply or not counted:
        return counted
    for call, cost in counted:
        call.on_sonnet, call.on_opus = cost.on_sonnet, cost.on_opus
        call.recost, call.recost_version = cost.recost, cost.recost_version
    session.flush()
    daily_totals.rebuild_day(session, day.first, day.zone)
    return counted
