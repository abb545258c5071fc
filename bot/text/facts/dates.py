"""Dates, months, weekdays and times of day."""

import re
from collections.abc import Hashable, Iterator

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
_VI_MONTHS = {
    "gieng": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_VI_MONTH_WORD = re.compile(
    r"(?:\b(?:ngay\s+|mung\s+)?(\d{1,2})\s+|\b(?:cuoi|dau|giua|trong|tu|den|toi|vao|het)\s+)"
    rf"thang\s+({'|'.join(sorted(_VI_MONTHS, key=len, reverse=True))})\b(?! (?:lan|nguoi|ngay"
    rf"|thang))"
)
_VI_MONTH_NAME = re.compile(r"\bthang\s+(gieng|chap)\b")
_ORDINALS = (
    {
        word: day
        for day, word in enumerate(
            [
                "first",
                "second",
                "third",
                "fourth",
                "fifth",
                "sixth",
                "seventh",
                "eighth",
                "ninth",
                "tenth",
                "eleventh",
                "twelfth",
                "thirteenth",
                "fourteenth",
                "fifteenth",
                "sixteenth",
                "seventeenth",
                "eighteenth",
                "nineteenth",
                "twentieth",
            ],
            start=1,
        )
    }
    | {
        f"twenty-{word}": 20 + day
        for day, word in enumerate(
            ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"],
            start=1,
        )
    }
    | {"thirtieth": 30, "thirty-first": 31}
)
_ORDINAL_WORD = "|".join(sorted(_ORDINALS, key=len, reverse=True))
_WORDS_FIRST = re.compile(rf"\b({_ORDINAL_WORD})\s+(?:day\s+)?of\s+({_MONTH})\b(?:,?\s+(\d{{4}}))?")
_WORDS_LAST = re.compile(rf"\b({_MONTH})\s+(?:the\s+)?({_ORDINAL_WORD})\b(?:,?\s+(\d{{4}}))?")
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
_HOURS = {
    word: hour
    for hour, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
}
_PARTS = {"a.m.": "am", "am": "am", "in the morning": "am", "pm": "pm", "p.m.": "pm",
          "in the afternoon": "pm", "in the evening": "pm", "at night": "pm"}  # fmt: skip
_HOUR_WORD = re.compile(
    rf"\b({'|'.join(_HOURS)}) (?:o'clock )?(am|a\.m\.|pm|p\.m\.|in the (?:morning|afternoon"
    rf"|evening)"
    r"|at night)(?!\w)"
)
_NOON = re.compile(r"\b(?:noon|midday|midnight|nua dem)\b")
_TIMES_RANGE = re.compile(r"\s*(?:[-–—~]|to|until|till|and|den|toi|va)\s*")
_UNTIL = re.compile(r"\b(?:until|till|by|den|toi)\s+\Z")
_LATER = frozenset({"pm", "p.m.", "chieu", "toi"})


def find_dates(page: ScannedText) -> None:
    """Take every date, month, weekday and time of day of a page."""
    for pattern, parts in (
        (_ISO, "ymd"), (_DAY_FIRST, "dmy"), (_MONTH_FIRST, "mdy"), (_VI_DATE, "dmy"),
    ):  # fmt: skip
        for match in pattern.finditer(page.folded):
            _take_date(page, match, dict(zip(parts, match.groups(), strict=True)))
    for pattern, parts in ((_WORDS_FIRST, "dmy"), (_WORDS_LAST, "mdy")):
        for match in pattern.finditer(page.folded):
            said = dict(zip(parts, match.groups(), strict=True))
            _take_date(page, match, said | {"d": str(_ORDINALS[said["d"] or ""])})
    for match in _FULL.finditer(page.folded):
        _take_readings(page, match, match[1], match[3], match[4])
    for match in _SHORT.finditer(page.folded):
        if match[0] != "24/7":
            _take_readings(page, match, match[1], match[2], None)
    _find_months(page)
    _find_weekdays(page)
    _find_times(page)


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
    for match in _VI_MONTH_NAME.finditer(page.folded):
        _take_month(page, match, _VI_MONTHS[match[1]], None)
    for match in _VI_MONTH_WORD.finditer(page.folded):
        month = _VI_MONTHS[match[2]]
        if match[1]:
            _take_date(page, match, {"d": match[1], "m": str(month), "y": None})
        else:
            _take_month(page, match, month, None)
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
        page.take("day", start, end, {("weekday", day)}, gives, span)


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
    """Take the times of day, and the ranges that they make."""
    places, folded, begun = sorted(_times(page)), page.folded, set[Hashable]()
    for place, (start, end, key) in enumerate(places):
        gives, span = {key}, None
        before = places[place - 1] if place else None
        if before is not None and _TIMES_RANGE.fullmatch(folded[before[1] : start]):
            span = ("time", before[2][1], key[1])
            begun.add(before[2][1])
        elif _UNTIL.search(folded[max(0, start - 10) : start]):
            # «From 9 am to 9 pm, on Sundays until 5 pm»: on Sundays from 9 am.
            gives |= {("range", "time", low, key[1]) for low in begun}
        page.take("time", start, end, {key}, gives, span)


def _times(page: ScannedText) -> Iterator[tuple[int, int, FactKey]]:
    for match in _CLOCK.finditer(page.folded):
        hour, minute = int(match[1]), int(match[2])
        if hour <= 24 and minute < 60:
            part, end = _part(page, match, 3)
            yield match.start(), end, _time(hour, minute, part)
    for match in _HOUR.finditer(page.folded):
        if int(match[1]) <= 24:
            part, end = (match[2], match.end()) if match[2] else _part(page, match, 3)
            yield match.start(), end, _time(int(match[1]), 0, part)
    for match in _HOUR_WORD.finditer(page.folded):
        yield match.start(), match.end(), _time(_HOURS[match[1]], 0, _PARTS[match[2]])
    for match in _NOON.finditer(page.folded):
        yield match.start(), match.end(), ("time", 0 if "night" in match[0] else 720)


def _part(page: ScannedText, match: re.Match[str], group: int) -> tuple[str | None, int]:
    """The part of the day behind an hour, and where the time ends: «8h tới» is eight until …."""
    if match[group] == "toi" and not page.spelled(*match.span(group), "tối"):
        return None, len(page.folded[: match.start(group)].rstrip())
    return match[group], match.end()


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
