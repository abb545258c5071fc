"""Figures that lie one step from what a reader sees: a sum, a difference, so many times, a share.

One figure of a step is the desk's. The other one is seen: the answer names it, or the customer has.
So an answer that names one figure only, to a customer who named none, follows from nothing.
"""

from fractions import Fraction

from bot.gate.arithmetic import large_numbers, number_of, values_of
from bot.gate.differences import days_of
from bot.gate.reckoning import MOST, KnownFigures
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import DURATIONS, MONEY
from bot.text.frames import frames

# What is written of an amount of money, and of any other: to the cent, and to a hundredth of it.
_CENT = Fraction(1, 200)
_YEAR = 12  # months
# Adding these up, or taking one from the other, means nothing.
_ADDED, _YEARLY = frames("added up"), frames("by the year")
_ENDS = (". ", "! ", "? ", "\n", ";")
_LEVELS = frozenset({"percent", "degree", "age"})


def derives(fact: Fact, folded: str, figures: KnownFigures) -> bool:
    """Whether a figure is one step from one of the desk's and one that the reader sees.

    `folded` is the text: sums and differences say that they are such.
    """
    if fact.kind != "number" or fact.span is not None:
        return False
    told, paid = _told(fact, folded), _YEARLY.search(folded) is not None
    return any(
        _derived(key, figures, adds_up=told)
        # «Two months free when you pay by the year»: ten are paid.
        or (paid and key[:2] == ("amount", "month") and _left_of_a_year(key, figures))
        for key in fact.needs
    )


def _left_of_a_year(key: FactKey, figures: KnownFigures) -> bool:
    return _YEAR - number_of(key[2]) in values_of("month", figures.named)


def _told(fact: Fact, folded: str) -> bool:
    """Whether the sentence of a figure says that something was added up or taken off."""
    begins = max(folded.rfind(mark, 0, fact.start) for mark in ".!?\n;") + 1
    ends = [place for mark in _ENDS if (place := folded.find(mark, fact.end)) >= 0]
    return _ADDED.search(folded[begins : min(ends, default=len(folded))]) is not None


def _derived(key: FactKey, figures: KnownFigures, *, adds_up: bool) -> bool:
    if key[0] != "amount":
        return False
    kind, value = str(key[1]), number_of(key[2])
    ours, seen = _ours(kind, figures), _seen(kind, figures) - {value}
    return (
        (adds_up and kind not in _LEVELS and _apart_by(value, kind, ours, seen))
        or _part(value, kind, ours, seen, figures)
        or (kind == "minute" and _between(value, figures))
    )


def _apart_by(value: Fraction, kind: str, ours: set[Fraction], seen: set[Fraction]) -> bool:
    """Whether it is the sum of two, or by how much they differ; spans of time only differ."""
    return value > 0 and any(
        value == abs(one - other) or (kind not in DURATIONS and value == one + other)
        for one in ours
        for other in seen
    )



def _part(
    value: Fraction, kind: str, ours: set[Fraction], seen: set[Fraction], figures: KnownFigures
) -> bool:
    """Whether it is a percentage of an amount, or the amount with that put on or taken off."""
    if kind not in MONEY:
        return False
    shares = values_of("percent", figures.ground)
    named = values_of("percent", figures.beside)
    shown = shares & (named or values_of("percent", figures.theirs))
    shares = shown if named else shares
    return any(
        _same(value, one * part / 100)
        for of, percents in ((seen, shares), (ours, shown))
        for one in of
        for share in percents
        for part in (share, 100 - share, 100 + share)
    )


def _between(value: Fraction, figures: KnownFigures) -> bool:
    """Whether so long lies between two times or dates that are seen."""
    seen = figures.beside | figures.theirs
    times = {number_of(key[1]) for key in seen if key[0] == "time"}
    days = set(days_of(seen))
    return any(
        abs(one - other) == value for points in (times, days) for one in points for other in points
    )


def _ours(kind: str, figures: KnownFigures) -> set[Fraction]:
    return set(sorted(values_of(kind, figures.ground))[: MOST * 2])


def _seen(kind: str, figures: KnownFigures) -> set[Fraction]:
    # What the answer names and nobody knows proves nothing: «3 to 4 weeks».
    # Spans of ours that are named beside each other prove no third one.
    seen = figures.theirs if kind in DURATIONS else figures.named | figures.theirs
    found = values_of(kind, seen)
    if kind in MONEY:
        found |= large_numbers(seen)
    return set(sorted(found)[: MOST * 2])


def _same(written: Fraction, reckoned: Fraction) -> bool:
    return abs(written - reckoned) <= _CENT
