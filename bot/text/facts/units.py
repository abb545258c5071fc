"""What amounts are counted in, under the names people write: folded, without accents."""

import re
from fractions import Fraction
from typing import NamedTuple


class Unit(NamedTuple):
    """A class of units, and how many of its base one of these is."""

    kind: str
    factor: Fraction = Fraction(1)


def _unit(kind: str, factor: int | str = 1) -> Unit:
    return Unit(kind, Fraction(factor))


# Bases: minute, working day, month, gram, millilitre, millimetre, watt, megabyte. The longer name
# stands first where one begins with the other. Working days are no days: they promise less.
_NAMES: tuple[tuple[Unit, str], ...] = (
    (_unit("workday"), "(?:working|business|work|week)[ -]?days?|ngay (?:lam viec|hanh chinh)"),
    (_unit("minute"), "mins?|minutes?|phut"),
    (_unit("minute", 60), "h|hrs?|hours?|gio|tieng"),
    (_unit("minute", 1440), "(?:calendar[ -])?days?|ngay"),
    (_unit("minute", 10080), "weeks?|wks?|tuan"),
    (_unit("second"), "s|secs?|seconds?|giay"),
    (_unit("month"), "months?|thang"),
    (_unit("month", 12), "years?|yrs?|nam"),
    (_unit("percent"), "%|per ?cent|phan tram"),
    (_unit("vnd"), "vnd|₫|dong"),
    (_unit("usd"), r"us\$|usd|\$|dollars?"),
    (_unit("usd", "1/100"), "cents?"),
    (_unit("eur"), "eur|euros?|€"),
    (_unit("gbp"), "gbp|pounds?|£"),
    (_unit("gram"), "g|grams?|gam"),
    (_unit("gram", 1000), "kg|kilos?|kilograms?"),
    (_unit("millilitre"), "ml|millilit(?:er|re)s?"),
    (_unit("millilitre", 1000), "l|lit|lit(?:er|re)s?"),
    (_unit("millimetre"), "mm|millimet(?:er|re)s?"),
    (_unit("millimetre", 10), "cm|centimet(?:er|re)s?"),
    (_unit("millimetre", 1_000), "m|met|met(?:er|re)s?"),
    (_unit("millimetre", 1_000_000), "km|kilomet(?:er|re)s?"),
    (_unit("inch"), "inch(?:es)?"),
    (_unit("watt"), "w|watts?"),
    (_unit("watt", 1000), "kw|kilowatts?"),
    (_unit("volt"), "v|volts?"),
    (_unit("decibel"), "db|decibels?"),
    (_unit("charge"), "mah"),
    (_unit("megabyte"), "mb|megabytes?"),
    (_unit("megabyte", 1000), "gb|gigabytes?"),
    (_unit("degree"), "°c|°f|°|℃|℉|degrees?"),
)
_SCALES = (
    (Fraction(100), "hundred"),
    (Fraction(1_000), "k|thousand|nghin|ngan"),
    (Fraction(1_000_000), "millions?|trieu|tr"),
    (Fraction(1_000_000_000), "billions?|ty|ti"),
)
_BEFORE = {
    "$": "usd", "us$": "usd", "usd": "usd", "€": "eur", "eur": "eur", "£": "gbp", "gbp": "gbp",
    "vnd": "vnd", "₫": "vnd",
}  # fmt: skip
DURATIONS = frozenset({"minute", "workday", "month", "second"})
_UNIT = re.compile(
    r"[ \u00a0\u202f]?-?(?:"
    + "|".join(f"(?P<u{place}>{names})" for place, (_, names) in enumerate(_NAMES))
    + r")(?![a-z0-9])"
)
# «1tr5» is a million and a half, «1 triệu rưỡi» as well.
_SCALE = re.compile(
    r"[ \u00a0\u202f]?(?:"
    + "|".join(f"(?P<s{place}>{names})" for place, (_, names) in enumerate(_SCALES))
    + r")(?:(?P<half> ruoi)|(?P<tenths>\d))?(?![a-z0-9])"
)
_MONEY_BEFORE = re.compile(r"(us\$|usd|\$|€|eur|£|gbp|vnd|₫)[ \u00a0]?\Z")


def unit_at(folded: str, place: int) -> tuple[Unit, int] | None:
    """The unit that follows at a place of a folded text, and where it ends."""
    match = _UNIT.match(folded, place)
    if match is None or match.lastgroup is None:
        return None
    return _NAMES[int(match.lastgroup[1:])][0], match.end()


def scale_at(folded: str, place: int) -> tuple[Fraction, Fraction, int] | None:
    """The scale that follows, what is to be added to the scaled number, and where it ends."""
    match = _SCALE.match(folded, place)
    if match is None:
        return None
    scale = next(size for index, (size, _) in enumerate(_SCALES) if match[f"s{index}"])
    more = Fraction(1, 2) if match["half"] else Fraction(int(match["tenths"] or 0), 10)
    return scale, scale * more, match.end()


def money_before(folded: str, place: int) -> tuple[Unit, int] | None:
    """The currency written right before a place, and where it begins."""
    match = _MONEY_BEFORE.search(folded[max(0, place - 5) : place])
    if match is None:
        return None
    return _unit(_BEFORE[match[1]]), place - len(match[0])
