"""What `desk.toml` says about money: digests, budgets, alarms, and what people cost."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)

from bot.cron import next_time
from bot.pricing import NANO

Span = Literal["day", "month"]
Scope = Literal["desk", "channel", "requester"]
PeriodName = Literal["day", "week", "month"]
Place = Annotated[str, Field(pattern=r"^[CGD][A-Z0-9]{2,}$")]


def _nano(value: object) -> object:
    """A figure in dollars as it is written in the file: 0.1 is exactly a tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        # Pydantic makes a sentence of a ValueError only.
        raise ValueError("expected dollars, such as 12.50")  # noqa: TRY004
    return int(Decimal(str(value)) * NANO)


NanoDollars = Annotated[int, BeforeValidator(_nano), Field(gt=0)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DigestPlan(_Part):
    """A digest of each whole `period`, posted at the first `cron` time after it ended.

    `quiet` says what comes of a period in which nothing happened.
    """

    channel: Place
    period: PeriodName = "day"
    cron: str = "0 8 * * *"
    quiet: Literal["skip", "short"] = "skip"

    @field_validator("cron")
    @classmethod
    def _comes(cls, line: str) -> str:
        try:
            next_time(line, datetime.now(UTC), UTC)
        except ValueError as error:
            raise ValueError(f"expected a cron line such as 0 8 * * 1-5: {error}") from None
        return line


class Budget(_Part):
    """The most that may be spent in a day and in a month, in nano-dollars.

    `scope` is the whole desk, one channel (`channel`, or each on its own) or each requester.
    `warn` and `degrade` are the parts of it at which that begins.
    """

    scope: Scope = "desk"
    channel: Place | None = None
    day: NanoDollars | None = None
    month: NanoDollars | None = None
    warn: Annotated[float, Field(gt=0, le=1)] = 0.8
    degrade: Annotated[float, Field(gt=0, le=1)] = 0.9

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.day is None and self.month is None:
            raise ValueError("give a day or a month, in dollars")
        if self.channel is not None and self.scope != "channel":
            raise ValueError('channel goes with scope = "channel"')
        if self.warn > self.degrade:
            raise ValueError("warn comes before degrade")
        return self


class Alerts(_Part):
    """When to raise an alarm.

    `spend` times the usual hour, but not under `floor` (nano-dollars an hour); the cache found
    less than `cache` of its usual part; more than `failures` of the calls failed or were refused.
    Nothing is judged from fewer than `calls` calls an hour.
    """

    spend: Annotated[float, Field(gt=1)] = 5
    floor: NanoDollars = NANO
    cache: Annotated[float, Field(ge=0, lt=1)] = 0.5
    failures: Annotated[float, Field(gt=0, le=1)] = 0.1
    calls: Annotated[int, Field(ge=1)] = 20


class People(_Part):
    """What an agent's hour costs, in nano-dollars."""

    hour: NanoDollars
