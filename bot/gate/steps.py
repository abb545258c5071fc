"""Figures that take one step more than a price so many times.

«12 million takes three withdrawals of 5 million», «300 a minute, so 18,000 an hour», «yearly saves
you $216», «310 less the excess of 60». The desk's part of each stands in the answer.
"""

from collections.abc import Iterable
from fractions import Fraction
from math import ceil

from bot.gate.arithmetic import large_numbers, number_of, values_of
from bot.gate.reckoning import LEAST_MULTIPLE, MOST, KnownFigures, period_ratio, periods_of
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import DURATIONS, MONEY

MOST_PORTIONS = 50
# A number without a unit that a customer gives for a price: «the bill is 310».
_LEAST_PRICE = 20


def takes_a_step(fact: Fact, figures: KnownFigures) -> bool:
    """Whether a figure is made of one of the desk's that the answer names, in one step more."""
    if fact.kind == "day":
        return _of_a_rate(fact, figures)
    return fact.kind == "number" and (
        _portions(fact, figures)
        or any(
            _rate(key, figures)
            or _saved(key, figures)
            or _with_theirs(key, figures)
            or _with_made(key, figures)
            for key in fact.needs
        )
    )


def _portions(fact: Fact, figures: KnownFigures) -> bool:
    """Whether it is in how many of the desk's largest portions the customer's amount goes."""
    counts = {number_of(key[1]) for key in fact.gives if key[0] == "any"}
    kinds = {str(key[1]) for key in figures.named if key[0] == "amount"} - {*DURATIONS, "percent"}
    return any(
        ceil(theirs / ours) in counts
        for kind in kinds
        for ours in sorted(values_of(kind, figures.named))[:MOST]
        for theirs in _theirs(kind, figures)
        if ours and 1 < theirs / ours <= MOST_PORTIONS
    )


def _rate(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is a number that the desk gives for one period, for another that is named."""
    if key[0] != "any" or number_of(key[1]) < LEAST_MULTIPLE:
        return False
    ours = sorted(number_of(each[1]) for each in figures.named if each[0] == "any")[: MOST * 2]
    return any(
        number_of(key[1]) == one * ratio
        for one in ours
        for ratio in _ratios(figures.beside, figures.named)
        if one >= LEAST_MULTIPLE
    )


def _of_a_rate(fact: Fact, figures: KnownFigures) -> bool:
    """Whether it only says for which period a number was worked out."""
    periods = periods_of(fact.needs)
    worked = KnownFigures(
        figures.ground, figures.beside | {("every", each) for each in periods}, figures.theirs
    )
    return bool(periods) and any(_rate(key, worked) for key in figures.beside - figures.ground)


def _saved(key: FactKey, figures: KnownFigures) -> bool:
    """Whether a price for one period differs by it from a price for another: paid by the year."""
    if key[0] != "amount" or key[1] not in MONEY:
        return False
    value = number_of(key[2])
    prices = sorted(values_of(key[1], figures.named))[:MOST]
    ratios = {ratio for ratio in _ratios(figures.beside, figures.beside) if ratio > 1}
    return value > 0 and any(
        abs(one * ratio - other) == value for one in prices for other in prices for ratio in ratios
    )


def _with_theirs(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is an amount of the customer's, once or several times, and one of the desk's."""
    if key[0] != "amount" or key[1] not in MONEY:
        return False
    value = number_of(key[2])
    ours = sorted(values_of(key[1], figures.named))[:MOST]
    return any(
        value in (one * count + other, one - other)
        for one in _theirs(key[1], figures)
        for other in ours
        for count in (Fraction(1), *_counts(figures))
    )


def _with_made(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is a price several times, and one that was worked out: two adults and a child."""
    if key[0] != "amount" or key[1] not in MONEY:
        return False
    prices = sorted(values_of(key[1], figures.named))[:MOST]
    made = sorted(values_of(key[1], figures.made & figures.named))[:MOST]
    return any(
        number_of(key[2]) == one * count + other
        for one in prices
        for other in made
        for count in _counts(figures)
        if one != other
    )


def _counts(figures: KnownFigures) -> list[Fraction]:
    counted = {number_of(each[1]) for each in figures.beside if each[0] in ("bare", "measured")}
    return sorted(each for each in counted if 1 < each <= MOST_PORTIONS)[:MOST]


def _theirs(kind: object, figures: KnownFigures) -> list[Fraction]:
    found = values_of(kind, figures.theirs)
    if kind in MONEY:
        found |= large_numbers(figures.theirs)
        # Who names no amount of money at all may leave the currency out.
        if not any(key[0] == "amount" and key[1] in MONEY for key in figures.theirs):
            bare = (number_of(key[1]) for key in figures.theirs if key[0] == "bare")
            found |= {each for each in bare if each >= _LEAST_PRICE}
    return sorted(found)[:MOST]


def _ratios(longer: Iterable[FactKey], shorter: Iterable[FactKey]) -> set[Fraction]:
    others = periods_of(shorter)
    return {period_ratio(one, other) for one in periods_of(longer) for other in others - {one}}
