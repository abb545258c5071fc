"""Budgets as a state machine: ok, warned, degraded, stopped. Pure; `bot.costs.usage` feeds it.

Each budget counts by itself for a day and for a month. Its level follows from what was spent and
what calls in flight may still cost; the strictest level of all that concern a message holds for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from bot.config.sections import Budget, BudgetSpan, Scope
from bot.text.money import dollars, percent
from bot.values import Frozen

Level = Literal["ok", "warned", "degraded", "stopped"]
LEVELS: tuple[Level, ...] = ("ok", "warned", "degraded", "stopped")


class Allowance(Frozen):
    """What may be spent on a message: the level, the budget that sets it, what models fit.

    `fitting` of None means any. A model that does not fit might take a budget over its ceiling.
    """

    level: Level = "ok"
    budget: str = ""
    fitting: tuple[str, ...] | None = None

    def model(self, wanted: str, ladder: Sequence[str]) -> str | None:
        """The model to use instead of the wanted one; None when nothing may be spent.

        `ladder` is the desk's models from the dearest down; degraded is one step down it.
        """
        if self.level == "stopped":
            return None
        rest = [*ladder[ladder.index(wanted) :]] if wanted in ladder else [wanted]
        if self.level == "degraded" and len(rest) > 1:
            rest = rest[1:]
        return next((model for model in rest if self._fits(model)), None)

    def _fits(self, model: str) -> bool:
        return self.fitting is None or model in self.fitting


FREE = Allowance()


@dataclass(frozen=True)
class Limit:
    """One ceiling: a budget of one subject for one span, in nano-dollars."""

    scope: Scope
    subject: str
    span: BudgetSpan
    ceiling: int
    warn: float
    degrade: float

    @property
    def name(self) -> str:
        """`desk`, `channel C1`, `requester U1`: what an admin lifts."""
        return f"{self.scope} {self.subject}".strip()

    def period(self, today: date) -> str:
        """The day or the month it counts for, as `day:2026-11-23`."""
        return f"day:{today}" if self.span == "day" else f"month:{today:%Y-%m}"

    def concerns(self, channel: str, requester: str) -> bool:
        """Whether a message of this requester in this channel counts."""
        return (
            self.subject
            in {"desk": ("",), "channel": (channel,), "requester": (requester,)}[self.scope]
        )


@dataclass(frozen=True)
class BudgetUsage:
    """A limit and how far it is used: spent, and what calls in flight may still cost."""

    limit: Limit
    spent: int
    in_flight: int = 0

    @property
    def used(self) -> int:
        return self.spent + self.in_flight

    @property
    def left(self) -> int:
        return self.limit.ceiling - self.used

    @property
    def level(self) -> Level:
        """How far it has come; at the very ceiling nothing fits any more."""
        ceiling = self.limit.ceiling
        if self.used >= ceiling:
            return "stopped"
        if self.used >= ceiling * self.limit.degrade:
            return "degraded"
        return "warned" if self.used >= ceiling * self.limit.warn else "ok"

    def fits(self, nano: int) -> bool:
        """Whether a call that may cost so much stays inside."""
        return self.used + nano <= self.limit.ceiling


def limits(budgets: Sequence[Budget], channel: str, requester: str) -> Iterator[Limit]:
    """Every limit that concerns a message of a requester in a channel."""
    for budget in budgets:
        subject = {"desk": "", "channel": channel, "requester": requester}[budget.scope]
        if budget.channel in (None, channel):
            yield from limits_of_subject(budget, subject)


def limits_of_subject(budget: Budget, subject: str) -> Iterator[Limit]:
    """The day's and the month's limit of a budget for one subject."""
    spans: tuple[tuple[BudgetSpan, int | None], ...] = (
        ("day", budget.day),
        ("month", budget.month),
    )
    for span, ceiling in spans:
        if ceiling is not None:
            yield Limit(budget.scope, subject, span, ceiling, budget.warn, budget.degrade)


def allowance(usages: Sequence[BudgetUsage], most: Mapping[str, int]) -> Allowance:
    """The strictest of all limits; `most` is the most that a call of each model may cost."""
    if not usages:
        return FREE
    strictest = max(usages, key=lambda usage: (LEVELS.index(usage.level), -usage.left))
    fitting = tuple(
        model for model, nano in most.items() if all(usage.fits(nano) for usage in usages)
    )
    return Allowance(
        level=strictest.level if fitting else "stopped",
        budget=strictest.limit.name,
        fitting=fitting,
    )


def stricter(one: Level, other: Level) -> Level:
    """The stricter of two levels."""
    return max(one, other, key=LEVELS.index)


def level_named(name: str) -> Level:
    """The level that a stored name means; an unknown one is as good as none."""
    return next((level for level in LEVELS if level == name), "ok")


def crossing(announced: Level, now: Level) -> Level | None:
    """The level to announce, when it is stricter than what was announced in its period."""
    return now if LEVELS.index(now) > LEVELS.index(announced) else None


def crossing_sentence(usage: BudgetUsage, level: Level) -> str:
    """What agents read of a crossing."""
    limit = usage.limit
    part = percent(Fraction(usage.spent, limit.ceiling))
    when = "today" if limit.span == "day" else "this month"
    spent = f"{dollars(usage.spent)} of {dollars(limit.ceiling)} ({part}) spent {when}"
    match level:
        case "warned":
            return f"{spent}. Nothing changes yet."
        case "degraded":
            return f"{spent}. Answers now come from the next cheaper model."
        case "stopped":
            return f"{spent}. Until it is lifted or the {limit.span} ends, people answer."
        case "ok":
            return f"{spent}. Everything is as usual again."
