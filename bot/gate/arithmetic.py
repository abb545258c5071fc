"""Figures that follow from what is known: rounded, added up, multiplied, a share of something.

Only what a reader could check follows: a sum names its parts, a product its number, and a rounded
figure says «about».
"""

import re
from collections.abc import Hashable, Iterable
from fractions import Fraction
from itertools import combinations

from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import DURATIONS, MONEY
from bot.text.frames import frames

# «About» allows so much either way.
ROUNDED = Fraction(1, 10)
# The same for round words: «just under half an hour» for 25 minutes.
ROUNDED_WORDS = Fraction(1, 5)
# And for one figure and noughts: «a bit less than 1 kW» for 860 W.
ROUNDED_FIGURE = Fraction(1, 6)
MOST_PARTS = 3
# Half a cent, to which a share of a price is rounded.
CENT = Fraction(1, 200)
_ABOUT, _OR_SO = frames("about"), frames("about after")
_RANGE_BEGUN = re.compile(r"(?<=\s)[\w.,]+ ?(?:[-–—]|to|or|den|hoac) ?\Z")
# Minutes in a month and in a year as people count them.
_MONTH = 43_200
_YEAR = 525_600
# What says that a time was reckoned: «24 lessons of 90 minutes, 36 hours in all».
_RECKONED = frames("reckoned")
_COUNTABLE = MONEY | {"gram", "millilitre"}
_SUMMABLE = _COUNTABLE | {"minute", "workday", "millimetre", "person", "watt"}
# How many are «a few», and of what: the kinds of amounts and the size of one.
_FEWEST, _MOST_OF_FEW = 3, 10
_FEW = {
    "hour": (("minute", 60),), "day": (("minute", 1_440), ("workday", 1)),
    "week": (("minute", 10_080),), "month": (("month", 1),),
}  # fmt: skip
# «5 to 7 working days» is about a week.
_WEEK = 10_080
_WORKWEEK = (5, 7)
# By so many working days less two weeks are still about two.
_SOME_DAYS = 2
# Smaller numbers are times each other by chance.
_LEAST_TIMES = 20
# Numbers without a unit that are large enough for a price.
LEAST_PRICE = 1_000
_LASTS = frames("lasts")


def follows(
    fact: Fact,
    folded: str,
    ground: frozenset[FactKey],
    beside: Iterable[FactKey],
    asked: Iterable[FactKey],
) -> bool:
    """Whether a figure follows from the ground.

    `folded` is the text, `beside` the amounts and numbers that the rest of
    the answer names, `asked` those of the customer's words.
    """
    if fact.kind != "number" or any(key[0] != "bare" for key in fact.needs & ground):
        # What stands there and is held back all the same is a range made of two.
        return False
    # «Two weeks or so» is about two weeks.
    before = folded[: fact.start] + ("about " if _OR_SO.match(folded, fact.end) else "")
    about = _ABOUT.search(before)
    named, theirs = set(beside), set(asked)
    for key in fact.needs:
        if key[0] == "ratio" and _ratio(key, ground, folded[fact.end :]):
            return True
        if key[0] == "amount" and _amount(
            key[1], number_of(key[2]), before, _tolerance(fact), ground, named, theirs
        ):
            return True
    return about is not None and _near_any(fact, about, ground)


_ITEM = re.compile(r"^[ \t]*(?:[-*•]|\(?\d{1,2}[.)])[ \t]", re.MULTILINE)
_ENUMERATED = re.compile(
    r"[^:.!?\n]{0,60}?(?::|, (?:at|on|in|after|vao|luc|gom))[ \t]*([^.!?\n]{1,200})"
)
_BETWEEN_ITEMS = re.compile(r",(?: (?:and|or|va|hoac))? | (?:and|or|va|hoac) ")


def enumerates(fact: Fact, folded: str) -> bool:
    """Whether a number only counts what the answer lists: «two formats: CSV and PDF»."""
    counts = {key[1] for key in fact.needs if key[0] == "any"}
    if not counts:
        return False
    listed = _ENUMERATED.match(folded, fact.end)
    items = len(_BETWEEN_ITEMS.split(listed[1])) if listed else 0
    return items in counts or len(_ITEM.findall(folded)) in counts


def few(fact: Fact, ground: frozenset[FactKey]) -> bool:
    """Whether it is «a few days» where the sources name a number of days that is a few."""
    return any(
        key[0] == "few" and _FEWEST * size <= each <= _MOST_OF_FEW * size
        for key in fact.needs
        for kind, size in _FEW.get(str(key[1]), ())
        for each in values_of(kind, ground)
    )


def _tolerance(fact: Fact) -> Fraction:
    digits = [char for char in fact.text if char.isdigit()]
    if len(digits) - digits.count("0") == 1:
        return ROUNDED_FIGURE
    return ROUNDED if digits else ROUNDED_WORDS


def _amount(
    kind: object,
    value: Fraction,
    before: str,
    tolerance: Fraction,
    ground: frozenset[FactKey],
    named: set[FactKey],
    theirs: set[FactKey],
) -> bool:
    known, about = values_of(kind, ground), _ABOUT.search(before)
    if _calendar(kind, value, ground) or (kind == "percent" and 100 - value in known):
        return True
    if about is not None and _rounded(value, about, known, tolerance):
        return True
    # «About one to two weeks» puts both ends in weeks.
    if _ABOUT.search(_RANGE_BEGUN.sub("", before[-60:])) and _week(kind, value, ground):
        return True
    return (
        kind in _SUMMABLE
        and (
            _multiplied(kind, value, before, known, named, theirs)
            or _share(kind, value, ground, named, theirs)
            or _added(value, _parts(kind, named) - {value}, known)
            # «So that makes 235,000» with the customer's order, which it does not say again.
            or (
                _RECKONED.search(before[-60:]) is not None
                and kind in MONEY
                and _added(
                    value, _parts(kind, named | theirs) - {value}, values_of(kind, named) & known
                )
            )
        )
    )


def _multiplied(
    kind: object,
    value: Fraction,
    before: str,
    known: set[Fraction],
    named: set[FactKey],
    theirs: set[FactKey],
) -> bool:
    """Whether it is the price of several, or of one of several."""
    parts = values_of(kind, named) - {value}
    # An answer that names the price of one reckons with it, else with any that it cites.
    each, counts = (parts & known) or known, _counts(named) or _counts(theirs)
    reckoned = kind == "minute" and _RECKONED.search(before[-60:])
    if (kind in _COUNTABLE or reckoned) and any(
        value == one * count for one in each for count in counts
    ):
        return True
    # To the cent: «split four ways».
    return kind in MONEY and any(
        abs(value * count - whole) <= count * CENT for count in _counts(named) for whole in known
    )


def _share(
    kind: object,
    value: Fraction,
    ground: frozenset[FactKey],
    named: set[FactKey],
    theirs: set[FactKey],
) -> bool:
    """Whether it is a percentage of an amount, or what is left of that."""
    parts = values_of(kind, named) - {value}
    of = parts | (values_of(kind, theirs) | large_numbers(theirs) if kind in MONEY else set())
    # A share that the answer names may be of a price that it cites.
    of |= values_of(kind, ground) if values_of("percent", named) else set()
    shares = values_of("percent", ground)
    shares = (shares & values_of("percent", named)) or shares
    return any(value in (one * p / 100, one * (100 - p) / 100) for one in of for p in shares)


def _counts(keys: set[FactKey]) -> set[Fraction]:
    """The small whole numbers that count something: «two cost …»."""
    counts = {number_of(key[1]) for key in keys if key[0] == "bare"} | values_of("person", keys)
    return {each for each in counts if each.denominator == 1 and 2 <= each <= 100}


def large_numbers(keys: Iterable[FactKey]) -> set[Fraction]:
    """Numbers without a unit that are large enough for a price: «a fan at 1,000,000»."""
    return {
        number_of(key[1]) for key in keys if key[0] == "bare" and number_of(key[1]) >= LEAST_PRICE
    }


def _parts(kind: object, named: set[FactKey]) -> set[Fraction]:
    """What an answer names of a kind; in «1,490,000 + 35,000 VND» the first number is money too."""
    if kind in MONEY:
        return values_of(kind, named) | large_numbers(named)
    # «Two for packing and up to five for shipping» are working days, if the desk's are.
    bare = {number_of(key[1]) for key in named if key[0] == "bare"} if kind == "workday" else set()
    return values_of(kind, named) | bare


def _added(value: Fraction, parts: set[Fraction], known: set[Fraction]) -> bool:
    """Whether it is the sum or the difference of parts that the answer names."""
    # One part at least is the desk's: two figures of the customer's make none of ours.
    some = sorted(parts)[:12]
    for count in range(2, MOST_PARTS + 1):
        for chosen in combinations(some, count):
            if not known.isdisjoint(chosen) and value in (
                sum(chosen),
                max(chosen) * 2 - sum(chosen),
            ):
                return True
    return False


def _calendar(kind: object, value: Fraction, ground: frozenset[FactKey]) -> bool:
    """A month is thirty days to most people, and a year 365."""
    if kind == "month":
        return value * _MONTH in values_of("minute", ground) or (
            value % 12 == 0 and value / 12 * _YEAR in values_of("minute", ground)
        )
    months = values_of("month", ground)
    return kind == "minute" and any(
        value == each * _MONTH or (each % 12 == 0 and value == each / 12 * _YEAR) for each in months
    )


def _week(kind: object, value: Fraction, ground: frozenset[FactKey]) -> bool:
    low, high = _WORKWEEK
    weeks = value / _WEEK
    return kind == "minute" and any(
        weeks * low - _SOME_DAYS <= each <= weeks * high for each in values_of("workday", ground)
    )


def _rounded(
    value: Fraction,
    about: re.Match[str],
    known: set[Fraction],
    tolerance: Fraction = ROUNDED,
) -> bool:
    return any(
        abs(each - value) <= each * tolerance
        and not (about["over"] and value > each)
        and not (about["under"] and value < each)
        for each in known
    )


def _near_any(fact: Fact, about: re.Match[str], ground: frozenset[FactKey]) -> bool:
    """A number without a unit, rounded; small ones are counts, which nobody rounds."""
    wanted = [number_of(key[1]) for key in fact.needs if key[0] == "any"]
    known = {number_of(key[1]) for key in ground if key[0] == "any" and number_of(key[1]) >= 20}
    return any(_rounded(value, about, known) for value in wanted if value >= 20)


def _ratio(key: FactKey, ground: frozenset[FactKey], after: str) -> bool:
    """Whether amounts are so many times each other: times if it says «as long», else prices."""
    wanted = number_of(key[1])
    numbers = {number_of(each[1]) for each in ground if each[0] == "any"}
    if any(one >= _LEAST_TIMES and one * wanted in numbers for one in numbers):
        return True
    kinds = DURATIONS if _LASTS.match(after) else MONEY | {"megabyte"}
    return any(
        left != 0 and right / left == wanted
        for kind in kinds
        for left in values_of(kind, ground)
        for right in values_of(kind, ground)
    )


def values_of(kind: object, ground: Iterable[FactKey]) -> set[Fraction]:
    """The amounts of a kind among these keys, in the base of their unit."""
    return {number_of(key[2]) for key in ground if key[0] == "amount" and key[1] == kind}


def number_of(part: Hashable) -> Fraction:
    """The number in a key; keys of figures hold whole numbers and fractions."""
    return Fraction(part) if isinstance(part, int | Fraction) else Fraction(0)
