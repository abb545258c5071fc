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
_AN = re.compile(r"\b(?:an|mot) \Z")


def differs(
    fact: Fact, folded: str, ground: frozenset[FactKey], theirs: frozenset[FactKey] = frozenset()
) -> bool:
    """Whether it is by how much an amount or time of day of the sources' differs from another.

    The other one is the sources' as well, or the customer's: «buy another 80k», «an hour too late».
    """
    if not (_DIFFERENCE.match(folded, fact.end) or _MORE.search(folded[: fact.start][-30:])):
        return False
    for kind, value in _spans(fact, folded):
        ours = _levels(kind, ground)
        others = {*ours, *_levels(kind, theirs), *(large_numbers(theirs) if kind in MONEY else ())}
        if any(abs(one - other) == value for one in ours for other in sorted(others)[:_MOST]):
            return True
    return False


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
