"""Times, days and dates that follow: «you fly at 14:30, so it closes at 13:30»."""

from collections.abc import Hashable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import product

from bot.gate.arithmetic import values_of
from bot.text.facts.fact import Fact, FactKey

_DAY = 1_440
_MOVING = ("time", "date", "weekday")
# A year that is none of the customer's: one with a leap day, and one without.
_YEARS = (2_027, 2_028)
# Figures of a kind that are put together; an answer names a few.
MOST = 16


def shifted(
    fact: Fact, ground: frozenset[FactKey], named: frozenset[FactKey], theirs: frozenset[FactKey]
) -> bool:
    """Whether it is a time, day or date that lies one of the desk's durations before or after.

    `named` is what of the `ground` the answer names; `theirs` is the customer's.
    """
    steps = sorted(values_of("minute", named))[:MOST]
    # What the customer plans moves by what the desk says; a time of the desk's by what is named.
    any_of_ours = sorted(each for each in values_of("minute", ground) if each <= _DAY)[:MOST]
    for keys, shifts in ((theirs, {*steps, *any_of_ours}), (named, set(steps))):
        bases = [key for key in keys if key[0] in _MOVING][: MOST * 4]
        if any(
            moved in fact.needs
            for base, shift, sign in product(bases, shifts, (1, -1))
            for moved in _moved(base, shift * sign)
        ):
            return True
    return False


def named_day(fact: Fact, ground: frozenset[FactKey]) -> bool:
    """Whether it is the weekday of a date: «Monday, 11 January 2027»."""
    wanted = {key[1] for key in fact.needs if key[0] == "weekday"}
    dates = [key[1:] for key in ground if key[0] == "date" and isinstance(key[1], int)]
    return bool(wanted) and any(
        day is not None and day.weekday() in wanted for day in map(_date, dates[: MOST * 4])
    )


def _date(parts: tuple[Hashable, ...]) -> date | None:
    try:
        return date(*(int(str(each)) for each in parts))
    except ValueError:
        return None


def _moved(base: FactKey, minutes: Fraction) -> Iterator[FactKey]:
    kind, *parts = base
    if kind == "time" and isinstance(parts[0], int) and minutes % _DAY:
        yield ("time", int(parts[0] + minutes) % _DAY)
    days = minutes / _DAY
    if days.denominator != 1:
        return
    if kind == "weekday" and isinstance(parts[0], int) and len(parts) == 1:
        yield ("weekday", int(parts[0] + days) % 7)
    if kind == "date":
        yield from _moved_date(parts, int(days))


def _moved_date(parts: list[Hashable], days: int) -> Iterator[FactKey]:
    written, month, day = parts
    for year in (written,) if isinstance(written, int) else _YEARS:
        try:
            moved = date(int(year), int(str(month)), int(str(day))) + timedelta(days=days)
        except (ValueError, OverflowError):
            continue
        yield ("date", moved.year if isinstance(written, int) else None, moved.month, moved.day)
        yield ("date", None, moved.month, moved.day)
