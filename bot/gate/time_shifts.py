"""Times, days and dates that follow: «you fly at 14:30, so it closes at 13:30»."""

from collections.abc import Hashable, Iterator
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product

from bot.gate.arithmetic import number_of, values_of
from bot.text.facts.fact import Fact, FactKey

_DAY = 1_440
# What is over by tomorrow.
_TOMORROW = frozenset({("amount", "minute", Fraction(_DAY)), ("amount", "workday", Fraction(1))})
# How many days after today each is.
_AFTER_TODAY = {"today": 0, "tomorrow": 1, "yesterday": -1}
_MOVING = ("time", "date", "weekday")
# Working days after which nobody names a weekday any more.
_WORKDAYS = 10
# A year that is none of the customer's: one with a leap day, and one without.
_YEARS = (2_027, 2_028)
# Figures of a kind that are put together; an answer names a few.
MOST = 16
_LAST_MINUTE = 59


def shifted(
    fact: Fact, ground: frozenset[FactKey], beside: frozenset[FactKey], theirs: frozenset[FactKey]
) -> bool:
    """Whether it is a time, day or date that lies one of the desk's durations before or after.

    `beside` is what else the answer names; `theirs` is the customer's.
    """
    named = ground & beside
    steps = sorted(values_of("minute", named))[:MOST]
    # What the customer plans moves by what the desk says; a time of the desk's by what is named.
    any_of_ours = sorted(
        number_of(key[1]) for key in ground if key[0] == "moves" and number_of(key[1]) <= _DAY
    )[:MOST]
    # «45 minutes, then four hours»: two that the answer names, one after the other.
    after = {one + other for one, other in combinations(steps, 2)}
    # Who says «after 59 minutes» means the full hour.
    # «15 days from the 1st» end with the 15th, the first day counted.
    after |= {each - _DAY for each in steps if each >= 2 * _DAY}
    after |= {each + 1 for each in {*steps, *any_of_ours} if each % 60 == _LAST_MINUTE}
    for keys, shifts in ((theirs, {*steps, *after, *any_of_ours}), (named, set(steps))):
        bases = [key for key in keys if key[0] in _MOVING][: MOST * 4]
        if any(
            moved in fact.needs
            for base, shift, sign in product(bases, shifts, (1, -1))
            for moved in _moved(base, shift * sign)
        ):
            return True
    # What the answer names of the customer's dates moves by any of the desk's terms.
    dates = [key for key in theirs & beside if key[0] == "date"][:MOST]
    terms = sorted(values_of("minute", ground))[:MOST]
    if any(
        moved in fact.needs for base, term in product(dates, terms) for moved in _moved(base, term)
    ):
        return True
    if _beside_today(fact, named, theirs):
        return True
    if ("near", "this month") in fact.needs and ("near", "next month") in named:
        return True
    if ("near", "tomorrow") in fact.needs and not _TOMORROW.isdisjoint(named):
        return True
    return (
        _in_months(fact, named, theirs)
        or _in_workdays(fact, named, theirs)
        or _by_workdays(fact, named, theirs)
    )


def _by_workdays(fact: Fact, named: frozenset[FactKey], theirs: frozenset[FactKey]) -> bool:
    """Whether it is a date that lies the desk's working days after one of the customer's."""
    spans = [int(each) for each in values_of("workday", named) if each <= _WORKDAYS]
    bases = [key for key in theirs if key[0] == "date"][:MOST]
    return any(
        moved in fact.needs
        for base, span in product(bases, spans)
        # One or two weekends lie between, and perhaps a holiday.
        for after in range(span, span + 2 * (span // 5 + 1) + 1)
        for moved in _moved(base, Fraction(after * _DAY))
    )


def _beside_today(fact: Fact, named: frozenset[FactKey], theirs: frozenset[FactKey]) -> bool:
    """Whether a date that the answer names is today or tomorrow by the one date of the customer's.

    «The sale ends on 15 October, which is tomorrow», to «it is the 14th of October».
    """
    days = {key[2:] for key in theirs if key[0] == "date"}
    if len(days) != 1:
        return False
    return any(
        ("near", name) in fact.needs and moved in named
        for name, after in _AFTER_TODAY.items()
        for each in days
        for moved in _moved(("date", None, *each), Fraction(after * _DAY))
    )


def _in_months(fact: Fact, named: frozenset[FactKey], theirs: frozenset[FactKey]) -> bool:
    """Whether it is a month that lies the desk's months after, or before, one of the customer's."""
    if any(
        moved in fact.needs
        for base in sorted(theirs, key=str)
        if base[0] == "date"
        for span, sign in product(sorted(values_of("month", named))[:MOST], (1, -1))
        for moved in _months_from(base, int(span * sign))
    ):
        return True
    wanted = {_months(key) for key in fact.needs if key[0] in ("month", "date")} - {None}
    bought = {_months(key) for key in theirs if key[0] == "month"} - {None}
    spans = sorted(values_of("month", named))[:MOST]
    return any(
        month is not None and month + int(span * sign) in wanted
        for month, span, sign in product(list(bought)[:MOST], spans, (1, -1))
    )


def _months_from(base: FactKey, span: int) -> Iterator[FactKey]:
    """The same day so many months from a date, where that month has it."""
    _, year, month, day = base
    begun = int(str(month)) - 1 + span
    if isinstance(year, int):
        yield ("date", year + begun // 12, begun % 12 + 1, day)
    yield ("date", None, begun % 12 + 1, day)


def _months(key: FactKey) -> int | None:
    """The month of a date or a month, counted from the year 0."""
    year, month = key[1:3]
    return year * 12 + int(str(month)) if isinstance(year, int) else None


def _in_workdays(fact: Fact, named: frozenset[FactKey], theirs: frozenset[FactKey]) -> bool:
    """Whether it is a weekday that lies the desk's working days after one of the customer's."""
    wanted = {key[1] for key in fact.needs if key[0] == "weekday"}
    begun = {int(str(key[1])) for key in theirs if key[0] == "weekday" and len(key) == 2}
    spans = [int(each) for each in values_of("workday", named) if each <= _WORKDAYS]
    return any(_workday(day, span) in wanted for day in begun for span in spans)


def _workday(day: int, after: int) -> int:
    """The weekday so many working days after a day; those of a Sunday begin with Monday."""
    return (day + after) % 5 if day < 5 else (after - 1) % 5


def named_day(fact: Fact, ground: frozenset[FactKey]) -> bool:
    """Whether it is the weekday of a date, or one of those that an exception leaves.

    «Monday, 11 January 2027»; «from Monday to Saturday», where Sundays have hours of their own.
    """
    wanted = {key[1] for key in fact.needs if key[0] == "weekday"}
    if wanted and ("days a week", 7) in ground:
        return True
    exceptions = {key[1] for key in ground if key[0] == "weekday"}
    if wanted and len(exceptions) == 1:
        return wanted.isdisjoint(exceptions)
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
    if kind == "time" and isinstance(parts[0], int):
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
