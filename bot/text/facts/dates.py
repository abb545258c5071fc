"""Dates and months."""

import re

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
# Letters of a name that means the month in small letters too.
_TELLING = 4
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
_MONTH_IN_FIGURES = re.compile(r"(?<![\w/.-])(0?[1-9]|1[0-2])/((?:19|20)\d\d)(?![\w/])")
_MONTH_ONLY = re.compile(rf"\b({_MONTH})\b")
_VI_DATE = re.compile(
    r"\b(?:ngay\s+)?(\d{1,2})\s+thang\s+(\d{1,2})(?:(?:\s+nam\s+|[/,\s]\s*)(\d{4}))?(?!\w|[.,]\d)"
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
_PART = (
    rf"\b(?P<part>end|close|beginning|start|middle|early|late|mid)(?: of)?[ -](?P<month>{_MONTH})\b"
)
_VI_PART = r"\b(?P<part>cuoi|dau|giua) thang (?P<month>\d{1,2})(?!\w)"
_PARTS = {
    "end": "end", "close": "end", "late": "end", "cuoi": "end", "beginning": "early",
    "start": "early", "early": "early", "dau": "early", "middle": "mid", "mid": "mid",
    "giua": "mid",
}  # fmt: skip
_DAYS_OF = {"early": range(1, 11), "mid": range(10, 21), "end": range(21, 32)}
_PARTS_OF_MONTHS = (re.compile(_PART), re.compile(_VI_PART))
ORDINALS = (
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
_ORDINAL_WORD = "|".join(sorted(ORDINALS, key=len, reverse=True))
_WORDS_FIRST = re.compile(rf"\b({_ORDINAL_WORD})\s+(?:day\s+)?of\s+({_MONTH})\b(?:,?\s+(\d{{4}}))?")
_WORDS_LAST = re.compile(rf"\b({_MONTH})\s+(?:the\s+)?({_ORDINAL_WORD})\b(?:,?\s+(\d{{4}}))?")
_VI_MONTH = re.compile(r"\bthang\s+(\d{1,2})(?:(?:\s+nam\s+|\s*/\s*)(\d{4}))?(?!\w|[.,]\d)")


def find_dates(page: ScannedText) -> None:
    """Take every date and month of a page."""
    for pattern, parts in (
        (_ISO, "ymd"), (_DAY_FIRST, "dmy"), (_MONTH_FIRST, "mdy"), (_VI_DATE, "dmy"),
    ):  # fmt: skip
        for match in pattern.finditer(page.folded):
            if parts == "dmy" and match[2] == "may" and not page.spelled(*match.span(2), "may"):
                continue  # «3 máy» are three machines
            _take_date(page, match, dict(zip(parts, match.groups(), strict=True)))
    for pattern, parts in ((_WORDS_FIRST, "dmy"), (_WORDS_LAST, "mdy")):
        for match in pattern.finditer(page.folded):
            said = dict(zip(parts, match.groups(), strict=True))
            _take_date(page, match, said | {"d": str(ORDINALS[said["d"] or ""])})
    for match in _FULL.finditer(page.folded):
        _take_readings(page, match, match[1], match[3], match[4])
    for match in _SHORT.finditer(page.folded):
        if match[0] != "24/7":
            _take_readings(page, match, match[1], match[2], None)
    _find_months(page)


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
    parts |= {("part", name, month) for name, days in _DAYS_OF.items() if day in days}
    if year is not None:
        parts |= {("date", year, month, day), ("month", year, month), ("any", year)}
    return parts


def _find_months(page: ScannedText) -> None:
    _find_parts(page)
    for match in _VI_MONTH_WORD.finditer(page.folded):
        month = _VI_MONTHS[match[2]]
        if match[1]:
            _take_date(page, match, {"d": match[1], "m": str(month), "y": None})
        else:
            _take_month(page, match, month, None)
    for match in _VI_MONTH_NAME.finditer(page.folded):
        _take_month(page, match, _VI_MONTHS[match[1]], None)
    for match in _MONTH_YEAR.finditer(page.folded):
        _take_month(page, match, _MONTHS[match[1]], int(match[2]))
    for match in _VI_MONTH.finditer(page.folded):
        if 1 <= int(match[1]) <= 12:
            _take_month(page, match, int(match[1]), _year(match[2]))
    for match in _MONTH_IN_FIGURES.finditer(page.folded):
        _take_month(page, match, int(match[1]), int(match[2]))
    for match in _MONTH_ONLY.finditer(page.folded):
        named = page.text[match.start()].isupper() or len(match[1]) >= _TELLING
        if named and match[1] not in _ONLY_WITH_A_NUMBER:
            _take_month(page, match, _MONTHS[match[1]], None)


def _find_parts(page: ScannedText) -> None:
    """Take «the end of October»: ground for it is any date in the last third of that month."""
    for pattern in _PARTS_OF_MONTHS:
        for match in pattern.finditer(page.folded):
            month, part = _month(match["month"]), _PARTS[match["part"]]
            gives: set[FactKey] = {("month", None, month), ("part", part, month)}
            page.take("date", match.start(), match.end(), {("part", part, month)}, gives)


def _take_month(page: ScannedText, match: re.Match[str], month: int, year: int | None) -> None:
    gives: set[FactKey] = {("month", None, month), ("month", year, month)}
    if year is not None:
        gives.add(("any", year))
    page.take("date", match.start(), match.end(), {("month", year, month)}, gives)


def _possible(day: int, month: int) -> bool:
    return 1 <= day <= 31 and 1 <= month <= 12


def _month(written: str) -> int:
    return int(written) if written.isdigit() else _MONTHS[written]


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    return int(written) if len(written) > 2 else 2000 + int(written)
