"""Figures that take one step more than a price so many times.

«12 million takes three withdrawals of 5 million», «300 a minute, so 18,000 an hour», «yearly saves
you $216», «310 less the excess of 60». The desk's part of each stands in the answer.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, product
from math import ceil

from bot.gate.arithmetic import large_numbers, number_of, values_of
from bot.gate.price_periods import period_minutes, period_ratio, periods_of
from bot.gate.reckoning import LEAST_MULTIPLE, MOST, KnownFigures
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import DURATIONS, MONEY
from bot.text.frames import frames

MOST_PORTIONS = 50
# A number without a unit that a customer gives for a price: «the bill is 310».
_LEAST_PRICE = 20
_FOUR_WEEKS = 40_320
_A_FEW = 4
_YEAR = 12  # months
_RECKONED = frames("reckoned")


def takes_a_step(fact: Fact, folded: str, figures: KnownFigures) -> bool:
    """Whether a figure is made of one of the desk's that the answer names, in one step more.

    `folded` is the text.
    """
    if fact.kind == "day":
        return _of_a_rate(fact, figures)
    if fact.kind != "number":
        return False
    if _portions(fact, figures) or _both_ways(fact, figures) or _lasting(fact, figures):
        return True
    reckoned = _RECKONED.search(folded[: fact.start][-60:]) is not None
    return any(
        _rate(key, figures)
        or _times_theirs(key, figures)
        or _saved(key, figures)
        or _with_theirs(key, figures)
        or _with_made(key, figures)
        or _several(key, figures)
        or _older(key, figures)
        or (reckoned and _again(key, figures))
        for key in fact.needs
    )


def _both_ways(fact: Fact, figures: KnownFigures) -> bool:
    """Whether it is a price as often as the customer says twice, or how often: 3 books, 10 days."""
    own = figures.theirs & (figures.beside | fact.gives)
    counts = sorted({number_of(key[1]) for key in own if key[0] in ("any", "measured")})[:MOST]
    pairs = [(one, other) for one in counts for other in counts if 1 < one < other]
    sums = {number_of(key[2]) for key in fact.needs if key[0] == "amount" and key[1] in MONEY}
    mine = {number_of(key[1]) for key in fact.gives if key[0] == "any"}
    for kind in MONEY:
        prices = sorted(values_of(kind, figures.named))[:MOST]
        wholes = values_of(kind, figures.beside) | sums
        for (one, other), price in product(pairs, prices):
            whole = price * one * other
            if whole in sums or (whole in wholes and not mine.isdisjoint((one, other))):
                return True
    return False


def _lasting(fact: Fact, figures: KnownFigures) -> bool:
    """Whether so many last so long, a few at a time: 12 lessons, 3 a week, are four weeks."""
    ours = sorted(number_of(key[1]) for key in figures.named if key[0] == "bare")[:MOST]
    lasts = {
        period_minutes(period) * many / few
        for period in periods_of(figures.named)
        for many in ours
        for few in ours
        if 1 < few < many
    }
    spans = {number_of(key[2]) for key in fact.needs if key[:2] == ("amount", "minute")}
    # «Four weeks, that is a month».
    months = {number_of(key[2]) * _FOUR_WEEKS for key in fact.needs if key[1:2] == ("month",)}
    return not lasts.isdisjoint(spans) or not months.isdisjoint(values_of("minute", figures.made))


def _times_theirs(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is how many two of the desk's numbers make that the customer asks for."""
    if key[0] != "any":
        return False
    both = {number_of(each[1]) for each in figures.theirs & figures.ground if each[0] == "any"}
    few = sorted(each for each in both if 1 < each <= MOST_PORTIONS)[:MOST]
    return any(number_of(key[1]) == one * other for one, other in combinations(few, 2))


def _several(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is so many of one of the desk's prices: «two Personal plans would be $6»."""
    if key[0] != "amount" or key[1] not in MONEY:
        return False
    prices = sorted(values_of(key[1], figures.ground))[:MOST]
    few = [count for count in _counts(figures) if count <= _A_FEW]
    return any(number_of(key[2]) == price * count for price in prices for count in few)


def _older(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is by how many years the customer is too young: 21 to their 20."""
    if key[:2] != ("amount", "month"):
        return False
    known = {number_of(each[1]) for each in figures.ground if each[0] == "any"}
    ours = values_of("age", figures.beside) & known
    theirs = values_of("age", figures.theirs)
    return any(number_of(key[2]) == (one - other) * _YEAR for one in ours for other in theirs)


def _again(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is one of the desk's spans, and as often again as the answer counts."""
    if key[0] != "amount" or key[1] not in DURATIONS:
        return False
    spans = sorted(values_of(key[1], figures.named))[:MOST]
    counts = {number_of(each[1]) for each in figures.beside if each[0] == "counted"}
    return any(
        number_of(key[2]) == one + other * count
        for one, other in product(spans, spans)
        for count in sorted(counts)[:MOST]
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
    """Whether it is an amount of the customer's, and the desk's added, taken off or counted."""
    if key[0] != "amount" or key[1] not in MONEY:
        return False
    value = number_of(key[2])
    ours = sorted(values_of(key[1], figures.named))[:MOST]
    theirs = _theirs(key[1], figures)
    return any(
        value in (one * count + other, abs(one - other))
        for one in theirs
        for other in ours
        for count in (Fraction(1), *_counts(figures))
    ) or any(value == one * times for one in theirs for times in _our_times(figures))


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


def _our_times(figures: KnownFigures) -> set[Fraction]:
    """How often the desk takes something, or which part of it: «four times the fee», «half»."""
    parts = {number_of(key[1]) for key in figures.named if key[0] in ("ratio", "share")}
    return parts | {number_of(key[1]) for key in figures.named if key[0] == "counted"}


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
