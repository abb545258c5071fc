"""The SLA and the follow-up: business hours, targets by priority, reminders and closing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import (
    BeforeValidator,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from bot.config.business_hours import MIDNIGHT, BusinessHours, TimeSpan
from bot.config.mistakes import as_written
from bot.config.section import Section
from bot.config.time_zones import zone_named

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Priority = Literal["low", "normal", "high", "urgent"]

WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
# As people write it: 8:30, 8.30 and 8h30, with any of the lines that stand for a hyphen.
_TIME = r"([01]?\d|2[0-4])[:.h]([0-5]\d)"
_SPAN = re.compile(rf"{_TIME}\s*[-–—]\s*{_TIME}")
# A year by the clock.
LONGEST_HOURS = 8_760
_LENGTH = re.compile(r"(\d{1,5})\s*(m|h)")


def _length(value: object) -> object:
    match = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"expected a time such as 30m or 8h, not {as_written(value)}")
    minutes = int(match[1]) * (60 if match[2] == "h" else 1)
    if minutes > LONGEST_HOURS * 60:
        raise ValueError(f"expected at most {LONGEST_HOURS}h, not {as_written(value)}")
    return timedelta(minutes=minutes)


_WRITTEN = WithJsonSchema(
    {
        "type": "string",
        "pattern": rf"^\s*{_LENGTH.pattern}\s*$",
        "description": "A time such as 30m or 8h.",
    }
)
Length = Annotated[timedelta, BeforeValidator(_length), Field(gt=timedelta()), _WRITTEN]
AnyLength = Annotated[timedelta, BeforeValidator(_length), Field(ge=timedelta()), _WRITTEN]
DayLength = Annotated[float, Field(ge=0, le=365)]


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


class SlaTarget(Section):
    """How soon a ticket gets its first response and its solution, in business hours."""

    respond: Length
    solve: Length

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.respond > self.solve:
            raise ValueError(
                "respond is longer than solve: a ticket is answered before it is solved"
            )
        return self


class SlaTargets(Section):
    """`[targets]`: one for each priority; `warn` is the share of the time after which to warn."""

    warn: Annotated[float, Field(gt=0, lt=1)]
    urgent: SlaTarget
    high: SlaTarget
    normal: SlaTarget
    low: SlaTarget

    def target_for(self, priority: str) -> SlaTarget:
        """The target of a priority; that of `normal` for one nobody knows."""
        target: SlaTarget = getattr(self, priority, self.normal)
        return target


class FollowUp(Section):
    """`[life]`: after how many days a silent customer is reminded and tickets close; 0 is never.

    `answer_late` is how old a message may be that no event brought and the bot still answers; `0m`
    leaves all of them to people.
    """

    remind_days: DayLength
    close_pending_days: DayLength
    close_solved_days: DayLength
    ask_rating: bool
    answer_late: Annotated[AnyLength, Field(json_schema_extra={"default": "2h"})] = timedelta(
        hours=2
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.remind_days >= self.close_pending_days > 0 < self.remind_days:
            raise ValueError(
                f"remind_days ({self.remind_days:g}) comes before close_pending_days "
                f"({self.close_pending_days:g}): nobody would be reminded"
            )
        return self


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


@dataclass(frozen=True)
class ServicePromise:
    """The promises of a desk, as the plan needs them."""

    hours: BusinessHours
    targets: SlaTargets
    follow_up: FollowUp
