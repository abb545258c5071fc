"""Figures that an answer works out for a customer's own case, step by step, from what it names.

«You fly at 14:30, so it closes at 13:30», «26 kg is 3 kg over», «$36 a year is $3 a month», «five
days at 250,000»: each step stands in the answer, so a reader can check it. What a step is made of
is the desk's figure, and the customer's own or the calendar's; two figures of the customer's make
nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import permutations, product

from bot.gate.arithmetic import large_numbers, number_of, values_of
from bot.gate.differences import days_of
from bot.gate.price_periods import period_minutes, period_names, period_ratio, periods_of
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import DURATIONS, MONEY

_DAY = 1_440
# How often something is done in a period: «12 × £29».
_OFTEN = frozenset(map(Fraction, (2, 4, 7, 12, 24, 30, 52, 60, 365)))
# How many of their base the units are in which such measures are written.
_FACTORS = frozenset(map(Fraction, (1, 10, 60, 1_000, _DAY, 10_080, 1_000_000)))
# KnownFigures of a kind that are put together; an answer names a few.
MOST = 16
# Kinds of amounts of which so many times as much means nothing.
_SPANS = frozenset({*DURATIONS, "percent", "age", "degree"})
LARGEST_COUNT = 1_000
# To which an amount in parts is rounded: «833,000 a month» for 10 million in twelve.
_SPLIT = Fraction(1, 1_000)
# Smaller ones are counts, which are no multiples.
LEAST_MULTIPLE = 20


@dataclass(frozen=True)
class KnownFigures:
    """What a figure may rest on: the desk's figures, the customer's, the rest of the answer's.

    `made` are those of the ground that the answer itself has worked out.
    """

    ground: frozenset[FactKey]
    beside: frozenset[FactKey]
    theirs: frozenset[FactKey]
    made: frozenset[FactKey] = frozenset()

    @property
    def named(self) -> frozenset[FactKey]:
        """The desk's figures that the answer names."""
        return self.ground & self.beside


def works_out(fact: Fact, figures: KnownFigures) -> bool:
    """Whether a figure is a step of a reckoning that the answer shows."""
    if _is_factor(fact, figures) or _is_period(fact, figures):
        return True
    return fact.kind == "number" and any(
        _multiple(key, figures)
        or _over(key, figures)
        or _worked(key, figures)
        or _split(key, figures)
        or _lasts(key, figures)
        for key in fact.needs
    )


def _multiple(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is a number of the desk's as often as the customer wants it: 400 pages twice."""
    if key[0] != "any" or number_of(key[1]) < LEAST_MULTIPLE:
        return False
    often = {number_of(each[1]) for each in figures.theirs & figures.beside if each[0] == "bare"}
    ours = {number_of(each[1]) for each in figures.ground if each[0] == "any"}
    return any(
        number_of(key[1]) == one * count
        for one in sorted(ours)[: MOST * 2]
        for count in sorted(often)[:MOST]
        if one > count > 1
    )


def _over(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is by how much the customer's figure and one that the answer names differ."""
    return any(value == number_of(key[-1]) > 0 for value in _differences(key[:-1], figures))


def _differences(kind: FactKey, figures: KnownFigures) -> set[Fraction]:
    def of(keys: Iterable[FactKey]) -> set[Fraction]:
        return {number_of(key[-1]) for key in keys if key[:-1] == kind}

    theirs, ours = of(figures.theirs), of(figures.named)
    if kind[-1] in MONEY:
        # «I have 1.5 million» is money beside a price.
        theirs |= large_numbers(figures.theirs)
    return {abs(one - other) for one in sorted(theirs)[:MOST] for other in sorted(ours)[:MOST]}


def _split(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is the customer's amount in as many parts as the desk says: six months' rates."""
    if key[0] == "amount" and key[1] not in MONEY:
        return False
    whole = large_numbers(figures.theirs) | {
        value for kind in MONEY for value in values_of(kind, figures.theirs)
    }
    spoken = figures.ground & (figures.beside | figures.theirs)
    parts = {number_of(each[1]) for each in spoken if each[0] == "measured"}
    value = number_of(key[-1])
    return any(
        abs(value * often - one) <= one * _SPLIT
        for one in sorted(whole)[:MOST]
        for often in sorted(parts)[:MOST]
        if often > 1
    )


def _lasts(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is how long the desk's dates last, of which the answer names the last one."""
    if key[:2] != ("amount", "minute"):
        return False
    dates = {key for key in figures.ground if key[0] == "date"}
    named = {key for key in dates if {key, ("date", None, *key[2:])} & figures.beside}
    ends, starts = sorted(days_of(named))[:MOST], sorted(days_of(dates))[:MOST]
    lasted = {end - start for end in ends for start in starts if start < end}
    # Both days count, or one: «from 1 to 15 October» are fifteen days.
    return number_of(key[2]) in lasted | {each + _DAY for each in lasted}


def _worked(key: FactKey, figures: KnownFigures) -> bool:
    """Whether it is one of the desk's amounts so many times, or for another period."""
    if key[0] != "amount":
        return False
    kind, value = key[1], number_of(key[2])
    if _by_period(kind, value, figures):
        return True
    if kind not in MONEY:
        return kind not in _SPANS and any(
            value == each * count
            for each in sorted(values_of(kind, figures.ground))[:MOST]
            for count in _times(figures)
            if periods_of(figures.ground)
        )
    prices = sorted(values_of(kind, figures.ground))[:MOST]
    named = sorted(values_of(kind, figures.named) | large_numbers(figures.named))[:MOST]
    if any(_same(value, each * count) for each in {*prices, *named} for count in _times(figures)):
        return True
    return _combined(value, named, figures)


def _combined(value: Fraction, named: list[Fraction], figures: KnownFigures) -> bool:
    """Whether two prices that the answer names make it: «two at $11 and two at $6.50».

    Each counts as often as the answer says, or one once and the other for what is over.
    """
    counts = [number_of(key[1]) for key in figures.beside if key[0] in ("bare", "measured")]
    counted = sorted({each for each in counts if 1 < each <= LARGEST_COUNT})[:12]
    pairs = {*product(counted, counted), *((Fraction(1), each) for each in _overs(figures))}
    return any(
        _same(value, one * often + other * times)
        for one, other in permutations(named, 2)
        for often, times in pairs
    )


def _times(figures: KnownFigures) -> set[Fraction]:
    """How often something may count: what the answer measures, or how often one fits the other."""
    measured = {number_of(key[1]) for key in figures.beside if key[0] == "measured"}
    for kind in ("month", "minute"):
        spans = sorted(values_of(kind, figures.beside))[:MOST]
        measured |= {long / short for long in spans for short in spans if short}
    return {each for each in measured if 1 < each <= LARGEST_COUNT}


def _overs(figures: KnownFigures) -> set[Fraction]:
    """By how much a measure of the customer's that the answer names is over the desk's.

    «5 km» to the desk's «3 km» are two.
    """
    measured = [number_of(key[1]) for key in figures.named if key[0] == "measured"][:MOST]
    ours = [key for key in figures.named if key[0] == "amount" and key[1] not in MONEY][:MOST]
    theirs = figures.theirs & figures.beside
    return {
        abs(value - number_of(key[2])) * number / number_of(key[2])
        for key in ours
        for value in values_of(key[1], theirs)
        for number in measured
        if number and number_of(key[2]) / number in _FACTORS
    }


def _by_period(kind: object, value: Fraction, figures: KnownFigures) -> bool:
    known = sorted(values_of(kind, figures.ground))[:MOST]
    ratios = _ratios(figures)
    if kind in MONEY:
        # «$14.99 a month, so a year comes to …».
        named = periods_of(figures.named)
        ratios |= {period_ratio(longer, each) for each in named for longer in ("month", "year")}
    return any(_same(value, each * ratio) for each in known for ratio in ratios if ratio != 1)


def _ratios(figures: KnownFigures) -> set[Fraction]:
    """How often the desk's periods fit the ones that the answer names, and the reverse."""
    return {
        period_ratio(theirs, ours)
        for theirs in periods_of(figures.beside)
        for ours in periods_of(figures.ground)
        if theirs != ours
    }


def _is_period(fact: Fact, figures: KnownFigures) -> bool:
    """Whether it only says for which period an amount was worked out."""
    periods = {name for key in fact.needs for name in period_names(key)}
    if not periods:
        return False
    terms = {key for key in figures.theirs & figures.ground if key[:2] == ("amount", "month")}
    if terms and "month" in periods:
        # Instalments: «six months» of the desk's, which the customer has chosen.
        return True
    if any(_split(key, figures) for key in sorted(figures.beside - figures.ground, key=str)):
        return not periods.isdisjoint(_countedperiods_of(figures.ground))
    worked = KnownFigures(
        figures.ground, frozenset(("every", name) for name in periods), figures.theirs
    )
    amounts = [key for key in figures.beside - figures.ground if key[0] == "amount"]
    return any(_by_period(key[1], number_of(key[2]), worked) for key in amounts[:MOST])


def _countedperiods_of(keys: Iterable[FactKey]) -> set[str]:
    """The periods that the desk's times are counted in: months, for «6 or 12 months»."""
    kinds = {key[1] for key in keys if key[0] == "amount"}
    return {each for each in ("month", "minute") if each in kinds}


def _is_factor(fact: Fact, figures: KnownFigures) -> bool:
    """Whether it says how often an amount counts: the customer's number, or the calendar's."""
    if fact.kind != "number":
        return False
    own = {number_of(key[1]) for key in figures.theirs if key[0] in ("measured", "any")}
    counts = {number_of(key[1]) for key in fact.gives if key[0] in ("measured", "bare", "any")} & (
        own | _OFTEN
    )
    counts |= _fits(fact, figures) | _converted(fact, figures)
    kinds = {key[1] for key in figures.beside if key[0] == "amount"} - _SPANS
    return any(
        _same(whole, each * count)
        for kind in kinds
        for each in sorted(values_of(kind, figures.ground))[:MOST]
        for whole in sorted(values_of(kind, figures.beside))[:MOST]
        for count in counts
        if count > 1
    )


def _converted(fact: Fact, figures: KnownFigures) -> set[Fraction]:
    """The customer's time in another unit: «three months are about 13 weeks»."""
    minutes = {number_of(key[2]) for key in fact.needs if key[:2] == ("amount", "minute")}
    theirs = {each * period_minutes("month") for each in values_of("month", figures.theirs)}
    near = any(abs(one - other) * 20 <= other for one in minutes for other in theirs)
    return {number_of(key[1]) for key in fact.gives if key[0] == "measured"} if near else set()


def _fits(fact: Fact, figures: KnownFigures) -> set[Fraction]:
    """How often the spans of time that the answer names fit this one: six months twice a year."""
    return {
        number_of(key[2]) / each
        for key in fact.needs
        if key[0] == "amount" and key[1] in DURATIONS
        for each in values_of(key[1], figures.named)
        if each
    }


def _same(written: Fraction, reckoned: Fraction) -> bool:
    """Equal, as far as money is written: to the cent."""
    return abs(written - reckoned) <= Fraction(1, 200)
