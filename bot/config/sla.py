"""The SLA and the follow-up: business hours, targets by priority, reminders and closing."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import (
    BeforeValidator,
    Field,
    WithJsonSchema,
    model_validator,
)

from bot.config.business_hours import BusinessHours
from bot.config.mistakes import as_written
from bot.config.section import Section

Priority = Literal["low", "normal", "high", "urgent"]

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


@dataclass(frozen=True)
class ServicePromise:
    """The promises of a desk, as the plan needs them."""

    hours: BusinessHours
    targets: SlaTargets
    follow_up: FollowUp
