"""Weekdays, and the ranges that they make."""

import re
from collections.abc import Iterator

from bot.text.facts.dates import ORDINALS
from bot.text.facts.fact import FactKey, ScannedText
from bot.text.frames import LazyPattern, any_of

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EN_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})s?\b")
_EN_SHORT = re.compile(
    r"\b(Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b\.?(?=\s*(?:[-–—,.:;)]|to\b|$))"
)
_VI_WEEKDAY = re.compile(r"\b(?:thu\s+(hai|ba|tu|nam|sau|bay|[2-7])|(chu\s+nhat))\b")
_VI_WORDS = {"hai": "hai", "ba": "ba", "tu": "tư", "nam": "năm", "sau": "sáu", "bay": "bảy"}
_VI_ORDER = ("hai", "ba", "tu", "nam", "sau", "bay")
# «Người thứ năm» is a fifth person.
_COUNTS = LazyPattern(lambda: rf"\b{any_of('ordered')}\s\Z")
# What stands before a weekday that is written without accents.
_BEFORE_DAY = re.compile(r"\b(?:buoi|toi|sang|chieu|ngay|vao|moi|cac)\s\Z")
# «The first Saturday of each month».
_WHICH = re.compile(r"\b(first|second|third|fourth|fifth|last)\s\Z")
_RANGE = re.compile(r"\s*(?:[-–—]|to|through|until|den|toi)\s*(?:het\s+)?")

# «On Sundays until five»: it is open then.
_HOURS = re.compile(r",?:? ?(?:from|until|till|to|den|tu|luc|\d)")


def find_weekdays(page: ScannedText) -> None:
    """Take the weekdays; a range of them is ground for each day in it."""
    places, folded = sorted(_weekdays(page)), page.folded
    for place, (start, end, day) in enumerate(places):
        gives: set[FactKey] = {("weekday", day)}
        if place and _RANGE.fullmatch(folded[places[place - 1][1] : start]):
            span: FactKey | None = ("weekday", places[place - 1][2], day)
        else:
            span = None
        if place + 1 < len(places):
            after, _, last = places[place + 1]
            if _RANGE.fullmatch(folded[end:after]):
                days = range(day, day + (last - day) % 7 + 1)
                gives |= {("weekday", each % 7) for each in days}
                gives.add(("days a week", len(days)))
        if _HOURS.match(folded, end):
            gives.add(("hours on", day))
        page.take("day", start, end, {("weekday", day)}, gives, span)
        which = _WHICH.search(folded, max(0, start - 20), start)
        # «Last Tuesday» is a day that has been, «the last Tuesday of the month» a rule.
        if which is not None and (which[1] != "last" or folded.startswith(" of", end)):
            nth = ORDINALS.get(which[1], -1)
            page.take("day", which.start(), which.end(), {("weekday of the month", nth)})


def _weekdays(page: ScannedText) -> Iterator[tuple[int, int, int]]:
    for match in _EN_WEEKDAY.finditer(page.folded):
        yield match.start(), match.end(), _WEEKDAYS.index(match[1])
    for match in _EN_SHORT.finditer(page.text):
        short = match[1].lower()[:3]
        yield match.start(1), match.end(1), [each[:3] for each in _WEEKDAYS].index(short)
    if re.search(r"\bthu nhat\b", page.folded):
        # «Thứ nhất, … thứ hai, …» counts reasons.
        return
    for match in _VI_WEEKDAY.finditer(page.folded):
        if match[2]:
            if page.spelled(*match.span(2), "chủ nhật"):
                yield match.start(), match.end(), 6
        elif _COUNTS.search(page.folded, max(0, match.start() - 12), match.start()):
            continue
        elif match[1].isdigit():
            yield match.start(), match.end(), int(match[1]) - 2
        elif _means_a_day(page, match):
            yield match.start(), match.end(), _VI_ORDER.index(match[1])


def _means_a_day(page: ScannedText, match: re.Match[str]) -> bool:
    """Whether «thứ tư» is meant: without accents «thu tu» may be «thứ tự», an order."""
    if page.accented:
        return page.spelled(*match.span(1), _VI_WORDS[match[1]])
    return _BEFORE_DAY.search(page.folded, max(0, match.start() - 8), match.start()) is not None
