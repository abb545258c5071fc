"""Amounts: a number, what it counts, and ranges of both."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction

from bot.text.facts.fact import FactKey, ScannedText
from bot.text.facts.numerals import FIGURES, figure_readings, numbers_in_words
from bot.text.facts.units import DURATIONS, Unit, money_before, scale_at, unit_at

# Money in Vietnam comes in thousands: «20d» is a count of days rather than of dong.
LEAST_DONG = 100
# More characters than this are no amount, and more than Python reads as a number.
LONGEST = 40
_NUMBERING = re.compile(
    r"^[ \t]*(?:[-*•][ \t]*)?\(?\d{1,2}[.)][ \t]+|\b(?:step|buoc|option|cach|part|phan)\s+\d{1,2}\b"
    r"|\(\d\)",
    re.MULTILINE,
)
_BETWEEN = re.compile(r"\s*(?:[-–—~]|to|den|toi)\s*")
_EITHER = re.compile(r"\s+(?:and|or|va|hoac)\s+")
_ARTICLE = re.compile(
    r"\b(?:(?:within|in|for|after|takes?|lasts?|than|about|every|of|least|most) an?|half an?) "
)
_HALF = "half"
# «Chúc bạn một ngày vui vẻ» wishes somebody a day.
_WISH = re.compile(r"\bchuc(?: \w+){1,3} \Z")
_ENDINGS = re.compile(r"(?:st|nd|rd|th|s|x)(?![a-z0-9])")
_JOINED = re.compile(r"[a-z0-9_-]*\Z")


@dataclass(frozen=True)
class _Amount:
    """A number at its place; one in words needs no ground unless it counts something."""

    start: int
    end: int
    values: frozenset[Fraction]
    unit: Unit | None = None
    scale: Fraction = Fraction(1)
    spelled_out: bool = False
    loose: bool = False


def skip_numbering(page: ScannedText) -> None:
    """Let the numbers of list items and steps pass for what they are."""
    for match in _NUMBERING.finditer(page.folded):
        page.blank(match.start(), match.end())


def find_numbers(page: ScannedText) -> None:
    """Take the amounts of a page."""
    amounts = _apart([*_in_figures(page), *_in_words(page), *_articles(page)])
    folded = page.folded
    for place, amount in enumerate(amounts):
        following = amounts[place + 1] if place + 1 < len(amounts) else None
        _take(page, _ranged(folded, amount, following))


def _apart(amounts: Iterable[_Amount]) -> list[_Amount]:
    """The amounts in order; the «triệu» of «2 triệu» is no number of its own."""
    apart: list[_Amount] = []
    for amount in sorted(amounts, key=lambda one: one.start):
        if not apart or amount.start >= apart[-1].end:
            apart.append(amount)
    return apart


def _in_figures(page: ScannedText) -> list[_Amount]:
    found = []
    for match in FIGURES.finditer(page.folded):
        if len(match[0]) > LONGEST:
            continue
        start, end = match.span()
        money = money_before(page.folded, start)
        before = money[1] if money else start
        joined = _JOINED.search(page.folded[max(0, before - 40) : before])
        if joined and re.search(r"[a-z_]-?\Z", joined[0]) and joined[0] != "x":
            continue
        amount = _counted(page, _Amount(start, end, frozenset(figure_readings(match[0]))))
        if money:
            amount = replace(amount, start=money[1], unit=money[0])
        if amount.end < len(page.folded) and page.folded[amount.end].isalnum():
            ending = _ENDINGS.match(page.folded, amount.end)
            if ending is None:
                continue
            amount = replace(amount, end=ending.end())
        found.append(amount)
    return found


def _in_words(page: ScannedText) -> list[_Amount]:
    return [
        _counted(page, _Amount(start, end, frozenset({value}), spelled_out=True))
        for start, end, value in numbers_in_words(page)
        if not _WISH.search(page.folded[max(0, start - 40) : start])
    ]


def _articles(page: ScannedText) -> list[_Amount]:
    """«Within a week» says one week, and «in half an hour» thirty minutes."""
    found = []
    for match in _ARTICLE.finditer(page.folded):
        unit = unit_at(page.folded, match.end() - 1)
        if unit is not None and unit[0].kind in DURATIONS:
            value = Fraction(1, 2) if _HALF in match[0] else Fraction(1)
            found.append(
                _Amount(match.end() - 2, unit[1], frozenset({value}), unit[0], spelled_out=True)
            )
    return found


def _counted(page: ScannedText, amount: _Amount) -> _Amount:
    """The amount with its scale and unit, as far as they follow."""
    scaled = scale_at(page.folded, amount.end)
    if scaled is not None:
        size, more, end = scaled
        values = frozenset(value * size + more for value in amount.values)
        amount = replace(amount, values=values, scale=size, end=end)
    dong = re.compile(r"[ \u00a0]?d(?![a-z0-9])").match(page.folded, amount.end)
    if dong is not None:
        kind = Unit("vnd") if max(amount.values) >= LEAST_DONG else Unit("minute", Fraction(1440))
        return replace(amount, unit=kind, end=dong.end())
    unit = unit_at(page.folded, amount.end)
    return amount if unit is None else replace(amount, unit=unit[0], end=unit[1])


def _ranged(folded: str, amount: _Amount, following: _Amount | None) -> _Amount:
    """The first number of «2-3 days» counts days; that of «2 pots and 3 days» perhaps."""
    if following is None or amount.unit is not None:
        return amount
    between = folded[amount.end : following.start]
    if _BETWEEN.fullmatch(between):
        scaled = frozenset(value * following.scale / amount.scale for value in amount.values)
        return replace(amount, unit=following.unit, values=amount.values | scaled)
    if following.unit is None:
        return amount
    if _EITHER.fullmatch(between):
        return replace(amount, unit=following.unit, loose=True)
    return amount


def _take(page: ScannedText, amount: _Amount) -> None:
    plain: set[FactKey] = {("any", value) for value in amount.values}
    if amount.unit is None:
        bare: set[FactKey] = {("bare", value) for value in amount.values}
        needs = set() if amount.spelled_out else plain
        page.take("number", amount.start, amount.end, needs, plain | bare)
        return
    counted: set[FactKey] = {
        ("amount", amount.unit.kind, value * amount.unit.factor) for value in amount.values
    }
    needs = counted | {("bare", value) for value in amount.values} | _clock(amount)
    if amount.loose:
        needs |= plain
    page.take("number", amount.start, amount.end, needs, counted | plain | _clock(amount))


def _clock(amount: _Amount) -> set[FactKey]:
    """«8 giờ» is eight hours or eight o'clock."""
    if amount.unit != Unit("minute", Fraction(60)):
        return set()
    return {("time", int(value * 60)) for value in amount.values if value <= 24}
