"""When the desk is open, and how long: pure, and right on the days when the clocks change.

`[hours]` of `desk.toml` is read here as well.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import field_validator

from bot.config.mistakes import as_written
from bot.config.section import Section
from bot.config.time_zones import zone_named

DAY = timedelta(days=1)
MIDNIGHT = time(0)

TimeSpan = tuple[time, time]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# As people write it: 8:30, 8.30 and 8h30, with any of the lines that stand for a hyphen.
_TIME = r"([01]?\d|2[0-4])[:.h]([0-5]\d)"
_SPAN = re.compile(rf"{_TIME}\s*[-–—]\s*{_TIME}")


@dataclass(frozen=True)
class BusinessHours:
    """Business hours by weekday (Monday is 0) in the desk's own zone.

    A span that ends at midnight ends with its day. Spans of a day are in order and apart; at least
    one weekday has one.
    """

    zone: tzinfo
    week: Mapping[int, tuple[TimeSpan, ...]]
    holidays: frozenset[date] = frozenset()

    def between(self, start: datetime, end: datetime) -> timedelta:
        """How long the desk was open from `start` to `end` (aware); nothing when it runs back."""
        total = timedelta()
        for opens, closes in self._spans(start):
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta())
        return total

    def after(self, start: datetime, open_time: timedelta) -> datetime:
        """The UTC moment at which the desk has been open for `open_time` since `start` (aware)."""
        left = open_time
        for opens, closes in self._spans(start):
            begins = max(opens, start)
            if closes - begins >= left:
                return (begins + left).astimezone(UTC)
            left -= max(closes - begins, timedelta())
        raise OverflowError("the desk is not open for that long before time ends")

    def is_open(self, moment: datetime) -> bool:
        """Whether somebody is there at a moment (aware)."""
        opens, _ = next(self._spans(moment))
        return opens <= moment

    def _spans(self, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The spans that end after `start`, in UTC and in order, for as long as dates go."""
        day = start.astimezone(self.zone).date()
        while day < date.max:
            for opens, closes in self._on(day):
                if closes > start:
                    yield opens, closes
            day += DAY

    def _on(self, day: date) -> Iterator[tuple[datetime, datetime]]:
        """Local times are turned into UTC before anything is subtracted: days differ in length."""
        if day in self.holidays:
            return
        for opens, closes in self.week.get(day.weekday(), ()):
            last = day + DAY if closes == MIDNIGHT else day
            begins, ends = self._utc(day, opens), self._utc(last, closes)
            # When the clocks go forward, an opening inside the missing hour begins after it.
            if begins < ends:
                yield begins, ends

    def _utc(self, day: date, local: time) -> datetime:
        return datetime.combine(day, local, self.zone).astimezone(UTC)


def always_open(zone: tzinfo = UTC) -> BusinessHours:
    """Hours of a desk that never closes."""
    return BusinessHours(zone, dict.fromkeys(range(7), ((MIDNIGHT, MIDNIGHT),)))


class BusinessHoursConfig(Section):
    """`[hours]`: the zone, the spans of each weekday (`"08:30-17:30"`), and the days off."""

    zone: str = "UTC"
    open: Mapping[Weekday, tuple[str, ...]]
    holidays: frozenset[date] = frozenset()

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        zone_named(zone)
        return zone

    @field_validator(
        "open", mode="before", json_schema_input_type=Mapping[Weekday, str | tuple[str, ...]]
    )
    @classmethod
    def _listed(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        return {day: (spans,) if isinstance(spans, str) else spans for day, spans in given.items()}

    @field_validator("open")
    @classmethod
    def _readable(cls, given: Mapping[Weekday, tuple[str, ...]]) -> Mapping[Weekday, Any]:
        spans = [each for day in given.values() for each in _spans(day)]
        if not spans:
            raise ValueError("the desk has to be open some time in the week")
        return given

    @property
    def hours(self) -> BusinessHours:
        """The same as arithmetic understands it."""
        week = {WEEKDAYS.index(day): _spans(spans) for day, spans in self.open.items()}
        return BusinessHours(ZoneInfo(self.zone), week, self.holidays)


def _spans(given: tuple[str, ...]) -> tuple[TimeSpan, ...]:
    spans = tuple(_span(each) for each in given)
    for before, after in pairwise(spans):
        if before[1] == MIDNIGHT or before[1] > after[0]:
            raise ValueError("the spans of a day come in order and do not overlap")
    return spans


def _span(given: str) -> TimeSpan:
    match = _SPAN.fullmatch(given.strip())
    if match is None:
        raise ValueError(f"expected a span such as 08:30-17:30, found {as_written(given)}")
    opens, closes = _time(match[1], match[2]), _time(match[3], match[4])
    if closes != MIDNIGHT and opens >= closes:
        raise ValueError(f"{as_written(given)} ends before it begins; write a night as two spans")
    return opens, closes


def _time(hour: str, minute: str) -> time:
    if int(hour) == 24 and int(minute):
        raise ValueError("the last moment of a day is 24:00")
    return time(int(hour) % 24, int(minute))
