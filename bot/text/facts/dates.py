"""Dates, months, weekdays, times of day, and the days that are near."""

import re
from collections.abc import Iterator

from bot.text.facts.fact import FactKey, ScannedText

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb"), ("march", "mar"), ("april", "apr"),
            ("may",), ("june", "jun"), ("july", "jul"), ("august", "aug"),
            ("september", "sept", "sep"), ("october", "oct"), ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
# Alone they are verbs too, or short for something else.
_ONLY_WITH_A_NUMBER = {"may", "march", "mar", "jan", "sep", "dec", "oct", "jun"}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_ORDINAL = r"(?:st|nd|rd|th)?"

_ISO = re.compile(r"(?<![\w-])(\d{4})-(\d{1,2})-(\d{1,2})(?![\w-])")
_FULL = re.compile(r"(?<![\w/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d{2})(?![\w/])")
_SHORT = re.compile(r"(?<![\w/.-])(\d{1,2})/(\d{1,2})(?![\w/])")
_DAY_FIRST = re.compile(
    rf"(?<!\w)(\d{{1,2}}){_ORDINAL}\s+(?:of\s+)?({_MONTH})\b\.?(?:,?\s+(\d{{4}}))?(?!\w)"
)
_MONTH_FIRST = re.compile(
    rf"\b({_MONTH})\b\.?\s+(\d{{1,2}}){_ORDINAL}(?:,?\s+(\d{{4}}))?(?![\w:,.]?\d)(?!\w)"
)
_MONTH_YEAR = re.compile(rf"\b({_MONTH})\b\.?,?\s+(\d{{4}})(?!\w)")
_MONTH_ONLY = re.compile(rf"\b({_MONTH})\b")
_VI_DATE = re.compile(
    r"\b(?:ngay\s+)?(\d{1,2})\s+thang\s+(\d{1,2})(?:(?:\s+nam\s+|[/,\s]\s*)(\d{4}))?(?!\w)"
)
_VI_MONTH = re.compile(r"\bthang\s+(\d{1,2})(?:(?:\s+nam\s+|\s*/\s*)(\d{4}))?(?!\w)")

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EN_WEEKDAY = re.compile(rf"\b({'|'.join(_WEEKDAYS)})s?\b")
_EN_SHORT = re.compile(
    r"\b(Mon|Tue|Tues|Wed|Thu|Thur|Thurs|Fri|Sat|Sun)\b\.?(?=\s*(?:[-–—,.:;)]|to\b|$))"
)
_VI_WEEKDAY = re.compile(r"\b(?:thu\s+(hai|ba|tu|nam|sau|bay|[2-7])|(chu\s+nhat))\b")
_VI_WORDS = {"hai": "hai", "ba": "ba", "tu": "tư", "nam": "năm", "sau": "sáu", "bay": "bảy"}
_VI_ORDER = ("hai", "ba", "tu", "nam", "sau", "bay")
_RANGE = re.compile(r"\s*(?:[-–—]|to|through|until|den|toi)\s*(?:het\s+)?")

_CLOCK = re.compile(
    r"(?<![\w:.,/])(\d{1,2})(?::|h|\s?gio\s?)(\d{2})(?:\s*phut)?(?::\d{2})?(?!\w)"
    r"(?:\s*(am|pm|a\.m\.|p\.m\.|sang|trua|chieu|toi))?"
)
_HOUR = re.compile(
    r"(?<![\w:.,/])(\d{1,2})\s*(?:(am|pm|a\.m\.|p\.m\.)|(?:gio|h)\s*(sang|trua|chieu|toi))(?!\w)"
)
_LATER = frozenset({"pm", "p.m.", "chieu", "toi"})
_NEAR = {
    "tomorrow": re.compile(r"\b(?:tomorrow|ngay mai)\b"),
    "tonight": re.compile(r"\b(?:tonight|this evening|toi nay)\b"),
    "next week": re.compile(r"\b(?:next week|tuan sau|tuan toi)\b"),
    "next month": re.compile(r"\b(?:next month|thang sau|thang toi)\b"),
}


def find_dates(page: ScannedText) -> None:
    """Take every date, month, weekday, time of day and near day of a page."""
    for pattern, parts in (
        (_ISO, "ymd"), (_DAY_FIRST, "dmy"), (_MONTH_FIRST, "mdy"), (_VI_DATE, "dmy"),
    ):  # fmt: skip
        for match in pattern.finditer(page.folded):
            _take_date(page, match, dict(zip(parts, match.groups(), strict=True)))
    for match in _FULL.finditer(page.folded):
        _take_readings(page, match, match[1], match[3], match[4])
    for match in _SHORT.finditer(page.folded):
        if match[0] != "24/7":
            _take_readings(page, match, match[1], match[2], None)
    _find_months(page)
    _find_weekdays(page)
    _find_times(page)
    for name, pattern in _NEAR.items():
        for match in pattern.finditer(page.folded):
            page.take("day", match.start(), match.end(), {("near", name)})


def _take_date(page: ScannedText, match: re.Match[str], parts: dict[str, str | None]) -> None:
    day, month = int(parts["d"] or 0), _month(parts["m"] or "0")
    if _possible(day, month):
        year = _year(parts["y"])
        page.take(
            "date",
            match.start(),
            match.end(),
            {("date", year, month, day)},
            _date_gives(year, month, day),
        )


def _take_readings(
    page: ScannedText, match: re.Match[str], first: str, second: str, year: str | None
) -> None:
    """A date in figures: the day first, or the month, as far as that is possible."""
    readings = [
        (month, day)
        for day, month in ((int(first), int(second)), (int(second), int(first)))
        if _possible(day, month)
    ]
    if not readings:
        return
    written = _year(year)
    needs: set[FactKey] = {("date", written, month, day) for month, day in readings}
    gives = set[FactKey]()
    for month, day in readings:
        gives |= _date_gives(written, month, day)
    page.take("date", match.start(), match.end(), needs, gives)


def _date_gives(year: int | None, month: int, day: int) -> set[FactKey]:
    parts: set[FactKey] = {("date", None, month, day), ("month", None, month), ("any", day)}
    if year is not None:
        parts |= {("date", year, month, day), ("month", year, month), ("any", year)}
    return parts


def _find_months(page: ScannedText) -> None:
    for match in _MONTH_YEAR.finditer(page.folded):
        _take_month(page, match, _MONTHS[match[1]], int(match[2]))
    for match in _VI_MONTH.finditer(page.folded):
        if 1 <= int(match[1]) <= 12:
            _take_month(page, match, int(match[1]), _year(match[2]))
    for match in _MONTH_ONLY.finditer(page.folded):
        named = page.text[match.start()].isupper()
        if named and match[1] not in _ONLY_WITH_A_NUMBER:
            _take_month(page, match, _MONTHS[match[1]], None)


def _take_month(page: ScannedText, match: re.Match[str], month: int, year: int | None) -> None:
    gives: set[FactKey] = {("month", None, month), ("month", year, month)}
    if year is not None:
        gives.add(("any", year))
    page.take("date", match.start(), match.end(), {("month", year, month)}, gives)


def _find_weekdays(page: ScannedText) -> None:
    """Take the weekdays; a range of them is ground for each day in it."""
    places, folded = sorted(_weekdays(page)), page.folded
    for place, (start, end, day) in enumerate(places):
        gives: set[FactKey] = {("weekday", day)}
        if place + 1 < len(places):
            after, _, last = places[place + 1]
            if _RANGE.fullmatch(folded[end:after]):
                span = range(day, day + (last - day) % 7 + 1)
                gives |= {("weekday", each % 7) for each in span}
        page.take("day", start, end, {("weekday", day)}, gives)


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
        elif match[1].isdigit():
            yield match.start(), match.end(), int(match[1]) - 2
        elif page.accented and page.spelled(*match.span(1), _VI_WORDS[match[1]]):
            # Without accents «thu tu» may be «thứ tự», an order.
            yield match.start(), match.end(), _VI_ORDER.index(match[1])


def _find_times(page: ScannedText) -> None:
    for match in _CLOCK.finditer(page.folded):
        hour, minute = int(match[1]), int(match[2])
        if hour <= 24 and minute < 60:
            page.take("time", match.start(), match.end(), {_time(hour, minute, match[3])})
    for match in _HOUR.finditer(page.folded):
        if int(match[1]) <= 24:
            page.take(
                "time", match.start(), match.end(), {_time(int(match[1]), 0, match[2] or match[3])}
            )


def _time(hour: int, minute: int, part: str | None) -> FactKey:
    if part in _LATER and hour < 12:
        hour += 12
    if part in ("am", "a.m.") and hour == 12:
        hour = 0
    return ("time", hour * 60 + minute)


def _possible(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _month(written: str) -> int:
    return int(written) if written.isdigit() else _MONTHS[written]


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    return int(written) if len(written) > 2 else 2000 + int(written)
