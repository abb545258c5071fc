"""Figures that lie one step from what a reader sees: a sum, a difference, a share.

One figure of a step is the desk's. The other one is seen: the answer names it, or the customer has.
So an answer that names one figure only, to a customer who named none, follows from nothing.
"""

from fractions import Fraction

from bot.gate.arithmetic import large_numbers, number_of, values_of
from bot.gate.differences import in_one_year
from bot.gate.reckoning import LEAST_MULTIPLE, MOST, KnownFigures
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import DURATIONS, MEASURES, MONEY
from bot.text.frames import frames

_CENT = Fraction(1, 200)
_YEAR = 12  # months
# Adding these up means nothing.
_LEVELS = frozenset({"percent", "degree", "age"})
_ADDED, _YEARLY, _EACH = frames("added up"), frames("by the year"), frames("for each")
_ENDS = (". ", "! ", "? ", "\n", ";")


def derives(fact: Fact, folded: str, figures: KnownFigures) -> bool:
    """Whether a figure is one step from one of the desk's and one that the reader sees.

    `folded` is the text: sums and differences say that they are such.
    """
    if fact.kind != "number" or fact.span is not None:
        return False
    shared = _EACH.search(folded[fact.start :][:60]) is not None
    told, paid = _told(fact, folded), _YEARLY.search(folded) is not None
    return any(
        (told and _apart_by(key, figures))
        or (paid and _left_of_a_year(key, figures))
        or (shared and _shared_out(key, figures))
        or _part(key, figures)
        or _between(key, figures)
        for key in fact.needs
        if key[0] == "amount"
    ) or (told and _numbers_apart(fact, figures))


def _numbers_apart(fact: Fact, figures: KnownFigures) -> bool:
    """Whether it is by how much two numbers without a unit differ: «20,000 rows too many»."""
    ours = _numbers(figures.ground)
    seen = _numbers(figures.named | figures.theirs)
    return any(
        abs(one - other) == number_of(key[1]) >= LEAST_MULTIPLE
        for key in fact.needs
        if key[0] == "any"
        for one in ours
        for other in seen
    )


def _numbers(keys: frozenset[FactKey]) -> list[Fraction]:
    return sorted({number_of(key[1]) for key in keys if key[0] == "any"}, reverse=True)[:MOST]


def _told(fact: Fact, folded: str) -> bool:
    """Whether the sentence of a figure says that something was added up or taken off."""
    begins = max(folded.rfind(mark, 0, fact.start) for mark in ".!?\n;") + 1
    ends = [place for mark in _ENDS if (place := folded.find(mark, fact.end)) >= 0]
    return _ADDED.search(folded[begins : min(ends, default=len(folded))]) is not None


def _apart_by(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is by how much two differ, or the sum of two that the answer speaks of."""
    kind, value = key[1], number_of(key[2])
    if value <= 0:
        return False
    if kind in _LEVELS:
        # Nobody adds up two rates; two that are named may differ.
        return _differ(value, *[_amounts(kind, figures.named)] * 2)
    ours, theirs = _amounts(kind, figures.ground), _theirs(kind, figures)
    named = _amounts(kind, figures.named | (figures.theirs & figures.beside)) - {value}
    if kind in DURATIONS:
        # Two spans of the desk's add up to none, and differ where both are named.
        return _differ(value, ours, theirs) or _differ(value, named, named)
    if any(value == one + other for one in ours for other in named):
        return True
    return _differ(value, ours, named | theirs)


def _differ(value: Fraction, some: set[Fraction], others: set[Fraction]) -> bool:
    return any(value == abs(one - other) for one in some for other in others)


def _shared_out(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is one of so many parts of an amount: «1.8 litres for six are 0.3 litres each»."""
    if key[1] not in MEASURES:
        return False
    seen = figures.beside | figures.theirs
    counts = {number_of(each[1]) for each in seen if each[0] in ("bare", "measured")}
    counts |= values_of("person", seen)
    return any(
        number_of(key[2]) * count == whole
        for whole in _amounts(key[1], figures.ground)
        for count in counts
        if count > 1
    )


def _left_of_a_year(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is how many months are paid: ten, with two that cost nothing."""
    return key[1] == "month" and _YEAR - number_of(key[2]) in values_of("month", figures.named)


def _part(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is a percentage of a price, or the price with that put on or taken off."""
    kind, value = key[1], number_of(key[2])
    if kind not in MONEY:
        return False
    ours, named = values_of("percent", figures.ground), values_of("percent", figures.beside)
    shown = ours & (named or values_of("percent", figures.theirs))
    seen = _amounts(kind, figures.named) | _theirs(kind, figures)
    return any(
        abs(value - one * part / 100) <= _CENT
        for prices, shares in (
            (seen - {value}, shown if named else ours),
            (_amounts(kind, figures.ground), shown),
        )
        for one in prices
        for share in shares
        for part in (share, 100 - share, 100 + share)
    )


def _between(key: FactKey, figures: KnownFigures) -> bool:
    """Whether so long lies between two times of day or dates that are seen."""
    seen = figures.beside | figures.theirs
    times = {number_of(each[1]) for each in seen if each[0] == "time"}
    return key[1] == "minute" and any(
        abs(one - other) == number_of(key[2])
        for points in (times, set(in_one_year(seen)))
        for one in sorted(points)[:MOST]
        for other in sorted(points)[:MOST]
    )


def _theirs(kind: object, figures: KnownFigures) -> set[Fraction]:
    bare = large_numbers(figures.theirs) if kind in MONEY else set[Fraction]()
    return _amounts(kind, figures.theirs) | bare


def _amounts(kind: object, keys: frozenset[FactKey]) -> set[Fraction]:
    return set(sorted(values_of(kind, keys))[: MOST * 2])
