"""Dates as other desks write them. A zone or an order that is not written is not guessed.

Read are: ISO 8601, seconds or milliseconds since 1970, dates with the name of a month (`22/Nov/21
4:58 PM`, `Mon, 22 Nov 2021 16:58:45 +0700`), and numbers (`11/23/26 3:04 PM`), whose order may have
to be said.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Literal

DateOrder = Literal["dmy", "mdy"]
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONE = re.compile(
    r"\s*\(?(?:(?P<utc>Z|UTC|GMT)(?=$|[+-]|\))(?P<more>[+-]\d\d?:?\d\d)?"
    r"|(?P<off>[+-]\d\d:?\d\d))\)?$"
)
_TIME = re.compile(
    r"[\s,T]*(?:\bat\b|\blúc\b)?\s*(?P<h>\d{1,2}):(?P<m>\d\d)(?::(?P<s>\d\d)(?:[.,]\d+)?)?\s*"
    r"(?P<half>AM|PM|a\.m\.|p\.m\.|SA|CH)?$",
    re.IGNORECASE,
)
_ISO = re.compile(r"(?P<y>\d{4})[-/.](?P<mo>\d{1,2})[-/.](?P<d>\d{1,2})$")
_NAMED = re.compile(
    r"(?:[A-Za-z]{3,9},?\s+)?(?P<a>\d{1,2})[\s/.-]+(?P<mo>[A-Za-z]{3,9})\.?,?[\s/.-]+"
    r"(?P<y>\d{4}|\d{2})$"
)
_NAMED_FIRST = re.compile(
    r"(?:[A-Za-z]{3,9},\s+)?(?P<mo>[A-Za-z]{3,9})\.?\s+(?P<a>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?P<y>\d{4})$"
)
# As programs in C write it: `Wed May 01 10:00:00 2024`.
_YEAR_LAST = re.compile(
    r"[A-Za-z]{3} (?P<mo>[A-Za-z]{3}) +(?P<d>\d{1,2}) (?P<clock>[\d:]{8}) (?P<y>\d{4})$"
)
_NUMBERS = re.compile(r"(?P<a>\d{1,2})(?P<sign>[/.-])(?P<b>\d{1,2})(?P=sign)(?P<y>\d{2}|\d{4})$")
_SECONDS = re.compile(r"\d{9,11}(?:\.\d+)?")
_THOUSANDTHS = re.compile(r"\d{12,14}")


class NotADate(ValueError):
    """A text is no date that we can read; the sentence says so."""


@dataclass(frozen=True)
class FoundDate:
    """What stands in a text: year, the two numbers, time and zone, as far as they are written.

    With `sure` the numbers are month and day; else their order has to be known.
    """

    year: int
    first: int
    second: int
    sure: bool
    clock: timedelta
    zone: tzinfo | None

    def moment(self, order: DateOrder | None, zone: tzinfo | None) -> datetime:
        """The moment in UTC.

        Raises:
            NotADate: there is no such day, or order or zone are needed and not known.
        """
        month, day = self.first, self.second
        if not self.sure:
            if order is None:
                raise NotADate("the order of day and month is not known")
            month, day = (month, day) if order == "mdy" else (day, month)
        where = self.zone or zone
        if where is None:
            raise NotADate("the zone is not known")
        try:
            at = datetime(self.year, month, day, tzinfo=where) + self.clock
            return at.astimezone(UTC)
        except (ValueError, OverflowError):
            raise NotADate("there is no such day") from None


@dataclass
class DateFacts:
    """What the dates of a file show: which have no zone, and in which order day and month stand."""

    zoneless: str | None = None
    ambiguous: str | None = None
    orders: set[DateOrder] = field(default_factory=set)

    def add(self, text: str) -> None:
        """Take in a date; what cannot be read says nothing."""
        try:
            found = find_date(text)
        except NotADate:
            return
        if found.zone is None:
            self.zoneless = self.zoneless or text
        if not found.sure:
            self.ambiguous = self.ambiguous or text
            if found.first > 12:
                self.orders.add("dmy")
            if found.second > 12:
                self.orders.add("mdy")

    @property
    def order(self) -> DateOrder | None:
        """The order that some date shows and none contradicts."""
        return next(iter(self.orders)) if len(self.orders) == 1 else None


def find_date(text: str) -> FoundDate:
    """What stands in a text.

    Raises:
        NotADate: none of the ways in which dates are written.
    """
    told = f"expected a date like 2026-10-01 14:30, found {text[:60]!r}"
    try:
        if seconds := _since_1970(text):
            return _from_moment(datetime.fromtimestamp(seconds, UTC))
        rest, zone = _split_zone(_YEAR_LAST.sub(r"\g<d> \g<mo> \g<y> \g<clock>", text.strip()))
        day, clock = _split_time(rest)
    except (ValueError, OverflowError, OSError):
        raise NotADate(told) from None
    for pattern, sure in ((_ISO, True), (_NAMED, True), (_NAMED_FIRST, True), (_NUMBERS, False)):
        if found := pattern.match(day):
            return _found(found, clock, zone, told, sure=sure)
    raise NotADate(told)


def _since_1970(text: str) -> float | None:
    if _SECONDS.fullmatch(text):
        return float(text)
    return int(text) / 1000 if _THOUSANDTHS.fullmatch(text) else None


def _from_moment(at: datetime) -> FoundDate:
    clock = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
    return FoundDate(at.year, at.month, at.day, sure=True, clock=clock, zone=UTC)


def _found(
    found: re.Match[str], clock: timedelta, zone: tzinfo | None, told: str, *, sure: bool
) -> FoundDate:
    parts = found.groupdict()
    year = int(parts["y"]) + (2000 if len(parts["y"]) == 2 else 0)
    if "b" in parts:
        first, second = int(parts["a"]), int(parts["b"])
        # With full stops the day comes first, wherever people write so.
        if parts["sign"] == ".":
            first, second, sure = second, first, True
    else:
        first, second = _month(parts["mo"], told), int(parts.get("d") or parts["a"])
    return FoundDate(year, first, second, sure, clock, zone)


def _month(name: str, told: str) -> int:
    if name.isdecimal():
        return int(name)
    if name[:3].lower() not in MONTHS:
        raise NotADate(told)
    return MONTHS.index(name[:3].lower()) + 1


def _split_zone(text: str) -> tuple[str, tzinfo | None]:
    found = _ZONE.search(text)
    # `-10` at the end of a day is no zone: a zone follows a time.
    if found is None or ":" not in text[: found.start()]:
        return text, None
    offset = found["off"] or found["more"]
    rest = text[: found.start()].rstrip()
    if not offset:
        return rest, UTC
    digits = offset[1:].replace(":", "").zfill(4)
    away = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return rest, timezone(-away if offset[0] == "-" else away)


def _split_time(text: str) -> tuple[str, timedelta]:
    found = _TIME.search(text)
    if found is None:
        return text, timedelta()
    hour, half = int(found["h"]), (found["half"] or "").lower()
    if half:
        hour = hour % 12 + (12 if half[0] in "pc" else 0)
    if hour > 24 or int(found["m"]) > 59:
        raise ValueError(text)
    clock = timedelta(hours=hour, minutes=int(found["m"]), seconds=int(found["s"] or 0))
    return text[: found.start()].rstrip(" ,"), clock
