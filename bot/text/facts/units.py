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
    (_unit("workday", 5), "(?:working|business|work) weeks?|tuan lam viec"),
    (_unit("workday"), "(?:working|business|work|week)[ -]?days?|ngay (?:lam viec|hanh chinh)"),
    (_unit("minute"), "mins?|minutes?|phut|分钟"),
    (_unit("minute", 60), "h|hrs?|hours?|gio|tieng|小时"),
    (_unit("minute", 1440), "(?:calendar[ -])?days?|ngay|天|日"),
    (_unit("minute", 10080), "weeks?|wks?|tuan|周|星期"),
    (_unit("minute", 20160), "fortnights?"),
    (_unit("minute", "1/60"), "s|secs?|seconds?|giay"),
    (_unit("month"), "months?|thang|个月"),
    (_unit("month", 12), "(?!years? (?:old|of age)|-?years?-old)(?:years?|yrs?|nam|年)"),
    (_unit("month", 3), "quarters?(?= of (?:a|the) year)|(?<=whole )quarter|(?<=full )quarter|quy"),
    (_unit("month", 120), "decades?|thap ky"),
    (_unit("month", 1200), "centur(?:y|ies)|the ky"),
    (_unit("age"), "tuoi|yo(?![a-z])|y/o|years? old|years? of age|-year-olds?"),
    (_unit("person"), "people|persons?|guests?|adults?|nguoi(?! (?:ban|dung|mua|nhan|gui|khac))"),
    (_unit("percent"), "%|per ?cent|phan tram"),
    (_unit("vnd"), "vnd|₫|dong"),
    (_unit("usd"), r"us\$|usd|\$|dollars?|bucks?"),
    (_unit("usd", "1/100"), "cents?"),
    (_unit("eur"), "eur|euros?|€"),
    (_unit("gbp"), "gbp|pounds?|quid|£"),
    (_unit("gbp", "1/100"), "pence|penny"),
    (_unit("gram"), "g|grams?|gam"),
    (
        _unit("gram", 1000),
        "kg|ky(?! (?:tu|nang|hieu|thuat|han|su)(?![a-z]))|kilos?|kilograms?|ky lo|can(?= nang)",
    ),
    (_unit("gram", "56699/2000"), "ounces?|oz"),
    (_unit("gram", "56699/125"), "lbs?"),
    (_unit("gram", 1_000_000), "tonnes?|tons?|tan"),
    (_unit("gram", 100_000), "ta"),
    (_unit("gram", 10_000), "yen"),
    (_unit("gram", 100), "lang"),
    (_unit("millilitre", "378541/100"), "gal|gallons?"),
    (_unit("millilitre", "473176/1000"), "pints?"),
    (_unit("millilitre", "946353/1000"), "quarts?"),
    (_unit("millimetre", 1_609_344), "miles?"),
    (_unit("millimetre", "9144/10"), "yards?|yds?"),
    (_unit("watthour", 1000), "kwh"),
    (_unit("ampere"), "amps?|amperes?"),
    (_unit("millilitre"), "ml|millilit(?:er|re)s?"),
    (_unit("millilitre", 1000), "l|lit|lit(?:er|re)s?"),
    (_unit("millimetre"), "mm|millimet(?:er|re)s?|li|ly"),
    (_unit("millimetre", 10), "cm|centimet(?:er|re)s?|phan"),
    (_unit("millimetre", 1_000), "m|met|met(?:er|re)s?"),
    (_unit("millimetre", 1_000_000), "km|kilomet(?:er|re)s?"),
    (_unit("millimetre", "127/5"), "inch(?:es)?"),
    (_unit("millimetre", "1524/5"), "feet|foot|ft"),
    (_unit("watt"), "w|watts?"),
    (_unit("watt", 1000), "kw|kilowatts?"),
    (_unit("volt"), "v|volts?"),
    (_unit("decibel"), "db|decibels?"),
    (_unit("charge"), "mah"),
    (_unit("megabyte"), "mb|megabytes?"),
    (_unit("megabyte", 1000), "gb|gigabytes?"),
    (_unit("square metre"), "m2|m²|sqm|sq\\.? ?m|square met(?:er|re)s?|met vuong"),
    (_unit("square metre", "9290304/100000000"), "(?:sq\\.?|square) ?(?:ft|feet|foot)"),
    (_unit("megabit", "1/1000"), "kbps|kbit(?:/s)?"),
    (_unit("megabit"), "mbps|mbits?(?:/s)?|megabits?"),
    (_unit("megabit", 1000), "gbps|gbits?(?:/s)?|gigabits?"),
    (_unit("degree"), "°c|°f|°|℃|℉|degrees?"),
)
_SCALES = (
    (Fraction(100), "hundred"),
    (Fraction(1_000), "k|thousand|nghin|ngan"),
    (Fraction(1_000_000), "millions?|mil|trieu|tr|m(?= ?(?:vnd|dong|d\\b))"),
    (Fraction(1_000_000_000), "billions?|bn|ty|ti"),
)
_BEFORE = {
    "$": "usd", "us$": "usd", "usd": "usd", "€": "eur", "eur": "eur", "£": "gbp", "gbp": "gbp",
    "vnd": "vnd", "₫": "vnd",
}  # fmt: skip
DURATIONS = frozenset({"minute", "workday", "month"})
# What things of the customer's are measured in.
MEASURES = frozenset({"gram", "millilitre", "millimetre", "megabyte", "square metre"})
MONEY = frozenset({"vnd", "usd", "eur", "gbp"})
_UNIT = re.compile(
    r"[ \u00a0\u202f]?-?(?:"
    + "|".join(f"(?P<u{place}>{names})" for place, (_, names) in enumerate(_NAMES))
    + r")(?![a-z0-9])"
)
# «1tr5» is a million and a half, «1 triệu rưỡi» as well; «1tr490» is 1,490,000.
_SCALE = re.compile(
    r"[ \u00a0\u202f]?(?:"
    + "|".join(f"(?P<s{place}>{names})" for place, (_, names) in enumerate(_SCALES))
    + r")(?:(?P<half> ruoi)|(?P<tenths>\d{1,3})"
    # «1 triệu 1 một đêm» is 1,100,000.
    + r"|(?<=trieu) (?P<tenth>\d)(?= (?:mot|moi|a|nhe|nha)\b|[.,;!?/]|\Z))?(?![a-z0-9])"
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
    more = Fraction(1, 2) if match["half"] else _tenths(match["tenths"] or match["tenth"] or "0")
    return scale, scale * more, match.end()


def _tenths(written: str) -> Fraction:
    """«1tr5» is one and a half, «1tr49» and «1tr490» one and forty-nine hundredths."""
    return Fraction(int(written), 10 ** len(written))


def money_before(folded: str, place: int) -> tuple[Unit, int] | None:
    """The currency written right before a place, and where it begins."""
    match = _MONEY_BEFORE.search(folded[max(0, place - 5) : place])
    if match is None:
        return None
    return _unit(_BEFORE[match[1]]), place - len(match[0])
