"""By how much two amounts, times of day or dates differ: «15,000 more», «an hour too late»."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from fractions import Fraction

from bot.gate.arithmetic import LEAST_PRICE, large_numbers, number_of, values_of
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import MONEY
from bot.text.frames import frames

_DAY = 1_440
# Figures of a kind that are put together; an answer names a few.
_MOST = 24
_DIFFERENCE, _MORE = frames("difference"), frames("another")
_SINCE = frames("since")
# A year with which dates are put that name none.
_YEAR = 2_027
_AN = re.compile(r"\b(?:an|mot) \Z")


def differs(
    fact: Fact, folded: str, ground: frozenset[FactKey], theirs: frozenset[FactKey] = frozenset()
) -> bool:
    """Whether it is by how much an amount or time of day of the sources' differs from another.

    The other one is the sources' as well, or the customer's: «buy another 80k», «an hour too late».
    """
    if _since(fact, folded, theirs):
        return True
    if not (_DIFFERENCE.match(folded, fact.end) or _MORE.search(folded[: fact.start][-30:])):
        return False
    for kind, value in _spans(fact, folded):
        ours = _levels(kind, ground)
        others = {*ours, *_levels(kind, theirs), *(large_numbers(theirs) if kind in MONEY else ())}
        if any(abs(one - other) == value for one in ours for other in sorted(others)[:_MOST]):
            return True
    return False


def _since(fact: Fact, folded: str, theirs: frozenset[FactKey]) -> bool:
    """Whether it is how long ago one of the customer's dates was on another: «19 days ago»."""
    if not _SINCE.match(folded, fact.end):
        return False
    days = in_one_year(theirs)[:_MOST]
    lasted = {abs(one - other) for one in days for other in days}
    return any(kind == "minute" and value in lasted for kind, value in _spans(fact, folded))


def in_one_year(keys: frozenset[FactKey]) -> list[Fraction]:
    """The minutes of dates; those without a year are of the same one."""
    dated = (
        ("date", _YEAR if key[1] is None else key[1], *key[2:]) for key in keys if key[0] == "date"
    )
    return sorted(days_of(dated))


def _spans(fact: Fact, folded: str) -> Iterator[tuple[str, Fraction]]:
    for key in fact.needs:
        if key[0] == "amount":
            yield str(key[1]), number_of(key[2])
        elif key[0] == "any" and number_of(key[1]) >= LEAST_PRICE:
            yield from ((kind, number_of(key[1])) for kind in MONEY)
        elif key == ("every", "hour") and _AN.search(folded[: fact.start]):
            # Read as a rate, which «an hour too late» is none.
            yield "minute", Fraction(60)


def _levels(kind: str, keys: frozenset[FactKey]) -> list[Fraction]:
    known = sorted(values_of(kind, keys))
    if kind == "minute":
        known += [number_of(each[1]) for each in keys if each[0] == "time"]
        known += days_of(keys)
    return known[:_MOST]


def days_of(ground: Iterable[FactKey]) -> list[Fraction]:
    """The minutes at which the dates of the ground begin, as far as their year is named."""
    found = []
    for kind, *parts in ground:
        if kind == "date":
            try:
                found.append(Fraction(date(*map(int, map(number_of, parts))).toordinal() * _DAY))
            except ValueError:
                continue  # without its year, or no day of its month
    return found
