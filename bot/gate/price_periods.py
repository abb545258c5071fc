"""The periods that prices and numbers count for, and how often one fits another."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from bot.text.facts.fact import FactKey

_DAY = 1_440
# Minutes of a period, and what people count where that is no whole number.
_PERIODS = {
    "second": Fraction(1, 60), "minute": Fraction(1), "hour": Fraction(60), "day": Fraction(_DAY),
    "week": Fraction(10_080), "month": Fraction(43_200), "quarter": Fraction(129_600),
    "year": Fraction(518_400),
}  # fmt: skip
_RATIOS = {("day", "year"): Fraction(365), ("week", "month"): Fraction(4),
           ("week", "year"): Fraction(52)}  # fmt: skip


def period_ratio(longer: str, shorter: str) -> Fraction:
    """How often one period fits another, as people count."""
    if (shorter, longer) in _RATIOS:
        return _RATIOS[shorter, longer]
    if (longer, shorter) in _RATIOS:
        return 1 / _RATIOS[longer, shorter]
    return _PERIODS[longer] / _PERIODS[shorter]


def period_minutes(name: str) -> Fraction:
    """How long a period is, in minutes."""
    return _PERIODS[name]


def periods_of(keys: Iterable[FactKey]) -> set[str]:
    """The periods that prices count for: «a month», «for one year»."""
    return {name for key in keys for name in period_names(key)}


def period_names(key: FactKey) -> Iterator[str]:
    """The periods that one key names: a rate, or a span that is just one."""
    if key[0] == "every":
        yield str(key[1])
    if key[0] == "amount" and key[1] == "month":
        yield from (name for name, months in (("month", 1), ("year", 12)) if key[2] == months)
    if key[0] == "amount" and key[1] == "minute":
        yield from (name for name, minutes in _PERIODS.items() if key[2] == minutes)
