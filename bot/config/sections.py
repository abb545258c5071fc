"""What `desk.toml` says about money and manners: budgets, digests, streams, the agent's pane."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from math import isnan
from typing import Annotated, Literal, Self

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from bot.config.cron import next_time
from bot.config.mistakes import as_written
from bot.config.section import Section
from bot.text.money import NANO

BudgetSpan = Literal["day", "month"]
Scope = Literal["desk", "channel", "requester"]
PeriodName = Literal["day", "week", "month"]
DigestPlace = Annotated[str, Field(pattern=r"^[CGD][A-Z0-9]{2,}$")]


# Nobody has more, and the ledger adds in 64 bits.
MOST_DOLLARS = 1_000_000_000


def _nano(value: object) -> object:
    """A figure in dollars as it is written in the file: 0.1 is exactly a tenth."""
    if isinstance(value, bool) or not isinstance(value, int | float) or isnan(value):
        # Pydantic makes a sentence of a ValueError only.
        raise ValueError(f"expected dollars, such as 12.50, not {as_written(value)}")
    if abs(value) > MOST_DOLLARS:
        raise ValueError(f"expected at most {MOST_DOLLARS:,} dollars, not {as_written(value)}")
    return int(Decimal(str(value)) * NANO)


_WRITTEN = {"type": "number", "exclusiveMinimum": 0, "description": "Dollars, such as 12.50."}
NanoDollars = Annotated[int, BeforeValidator(_nano), Field(gt=0), WithJsonSchema(_WRITTEN)]


def _comes(line: str) -> str:
    try:
        next_time(line, datetime.now(UTC), UTC)
    except ValueError as error:
        raise ValueError(f"expected a cron line such as 0 8 * * 1-5: {error}") from None
    return line


Cron = Annotated[str, AfterValidator(_comes)]


_HOST = re.compile(r"(?:[^\s/:@*.?#]+\.)*[^\s/:@*.?#]+")


def _weeks(days: int) -> int:
    if 0 < days < LEAST_KEPT:
        raise ValueError(f"expected 0, which is for ever, or at least {LEAST_KEPT} days")
    return days


KeptDays = Annotated[int, Field(ge=0, le=36_500), AfterValidator(_weeks)]
# Days for which the history may show a message again that was dealt with.
LEAST_KEPT = 14


class Retention(Section):
    """`[retention]`: for how many days rows are kept that nobody asks for; 0 is for ever.

    `checkpoints_days` are those of finished stories, `tickets_days` of what was said in tickets
    that have ended, `ignored_days` of messages that opened no ticket, `missed_days` of the count
    of those that were found in the history.
    """

    checkpoints_days: Annotated[int, Field(ge=1, le=365)] = 7
    tickets_days: KeptDays = 0
    ignored_days: KeptDays = 0
    missed_days: KeptDays = 90


class DigestPlan(Section):
    """A digest of each whole `period`, posted at the first `cron` time after it ended.

    `quiet` says what comes of a period in which nothing happened.
    """

    channel: DigestPlace
    period: PeriodName = "day"
    cron: Cron = "0 8 * * *"
    quiet: Literal["skip", "short"] = "skip"


class Budget(Section):
    """The most that may be spent in a day and in a month: dollars, kept as nano-dollars.

    `scope` is the whole desk, one channel (`channel`, or each on its own) or each requester.
    `warn` and `degrade` are the parts of it at which that begins.
    """

    scope: Scope = "desk"
    channel: DigestPlace | None = None
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
        if self.day is not None and self.month is not None and self.day > self.month:
            raise ValueError("day is more than month: it would never be reached")
        if self.warn > self.degrade:
            raise ValueError("warn comes before degrade")
        return self


class Alerts(Section):
    """When to raise an alarm.

    `spend` times the usual hour, but not under `floor` (dollars an hour); the cache found
    less than `cache` of its usual part; more than `failures` of the calls failed or were refused.
    Nothing is judged from fewer than `calls` calls an hour.
    """

    spend: Annotated[float, Field(gt=1)] = 5
    floor: Annotated[NanoDollars, Field(json_schema_extra={"default": 1.0})] = NANO
    cache: Annotated[float, Field(ge=0, lt=1)] = 0.5
    failures: Annotated[float, Field(gt=0, le=1)] = 0.1
    calls: Annotated[int, Field(ge=1)] = 20


class PeopleConfig(Section):
    """What an agent's hour costs: dollars, kept as nano-dollars."""

    hour: NanoDollars


class StreamingConfig(Section):
    """The intents whose answers show while they are written; all others are posted when checked."""

    intents: frozenset[str] = frozenset()


class Suggestion(Section):
    """A question to begin with: what stands on it, and what is said when it is pressed."""

    title: Annotated[str, Field(min_length=1, max_length=75)]
    message: Annotated[str, Field(min_length=1, max_length=500)]


Suggestions = Annotated[tuple[Suggestion, ...], Field(min_length=1, max_length=4)]


class AgentView(Section):
    """How the app shows itself in Slack's agent pane: a line about it, and first questions.

    `prompts` are by language, such as `en` and `vi`; who uses Slack in another one sees the first.
    """

    description: Annotated[str, Field(min_length=1, max_length=300)]
    prompts: Annotated[dict[str, Suggestions], Field(min_length=1)]


class Nightly(Section):
    """The nightly run, at the price of batches, with tickets solved since the night before.

    `summaries` puts a sentence on each; of at most `articles` that agents solved without an article
    a draft is asked for, and `approve` says who may let one into the knowledge base.
    """

    cron: Cron = "30 2 * * *"
    summaries: bool = True
    articles: Annotated[int, Field(ge=0, le=500)] = 20
    approve: Literal["agents", "admins"] = "agents"


class GatePolicy(Section):
    """The `[gate]` of desk.toml. Lengths are in characters.

    `domains` are the hosts that answers may link to, those under them included; without any, an
    answer may link to what its articles link to. `ask` allows clarifying questions, `decline` that
    the bot turns down what is not the desk's business; without them a person does. `verify` says
    which sentences are read a second time by a small model: those that rules cannot vouch for, all
    of them, or none.
    """

    longest: Annotated[int, Field(ge=100, le=3_000)] = 1_200
    longest_written: Annotated[int, Field(ge=100, le=12_000)] = 6_000
    longest_question: Annotated[int, Field(ge=60, le=1_000)] = 300
    domains: tuple[str, ...] = ()
    ask: bool = True
    decline: bool = True
    verify: Literal["risky", "always", "never"] = "risky"

    @field_validator("domains")
    @classmethod
    def _hosts(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        """As people write them: with https:// before, a star for those under it, a slash after."""
        return tuple(_host(each) for each in domains)


def _host(written: str) -> str:
    host = written.strip().casefold().removeprefix("https://").removeprefix("http://")
    host = host.removesuffix("/").removesuffix(".").removeprefix("*").removeprefix(".")
    if not _HOST.fullmatch(host):
        raise ValueError(f"expected a host such as example.com, not {as_written(written)}")
    return host
