"""A digest: the figures of a period made into what people want to know. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from bot.costs.budgets import BudgetUsage
from bot.reports.periods import Period
from storage.reports.values import (
    ChangeAlone,
    DearestTicket,
    Figures,
    MessageFigures,
    SpendGroup,
    TicketFigures,
)

HOUR = 3600
FAILED = ("refusal", "timeout", "deadline")


@dataclass(frozen=True)
class Percentiles:
    """Median and 90th percentile in milliseconds, to two digits."""

    median: int
    p90: int


@dataclass(frozen=True)
class OtherModelCost:
    """The same calls on one model alone, in nano-dollars; a saving may be negative."""

    name: str
    nano_dollars: int
    saving: int
    part: Fraction | None


@dataclass(frozen=True)
class TokenMix:
    """Tokens by class; `hit_rate` is the part of everything sent that was found in the cache."""

    input: int
    output: int
    cache_write_5m: int
    cache_write_1h: int
    cache_read: int

    @property
    def hit_rate(self) -> Fraction | None:
        return share_of(self.cache_read, self.sent)

    @property
    def sent(self) -> int:
        return self.input + self.cache_write_5m + self.cache_write_1h + self.cache_read


@dataclass(frozen=True)
class CallFailures:
    """Calls that went wrong, and attempts that had to be repeated."""

    refusals: int
    timeouts: int
    others: int
    retries: int


@dataclass(frozen=True)
class ChartData:
    """What the picture shows: nano-dollars by day and model, and opened tickets by intent."""

    days: tuple[date, ...]
    models: Mapping[str, tuple[int, ...]]
    intents: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Digest:
    """A period's digest. Amounts are nano-dollars; what cannot be said is None."""

    desk: str
    period: Period
    complete: bool
    late: bool
    nano_dollars: int
    first_counted: int
    calls: int
    heard: MessageFigures
    tickets: TicketFigures
    unaided: Fraction | None
    first_response: Percentiles | None
    routes: tuple[tuple[str, str, int], ...]
    latency: Mapping[str, Percentiles]
    by_model: tuple[tuple[str, int], ...]
    by_purpose: tuple[tuple[str, int], ...]
    by_intent: tuple[tuple[str, int], ...]
    tokens: TokenMix
    per_message: int | None
    per_solved: int | None
    elsewhere: tuple[OtherModelCost, ...]
    trend: Fraction | None
    dearest: tuple[DearestTicket, ...]
    budgets: tuple[BudgetUsage, ...]
    month_so_far: int
    forecast: int | None
    trouble: CallFailures
    agent_seconds: int
    people: int | None
    picture: ChartData
    gaps: tuple[tuple[str, int], ...] = ()
    shelf: tuple[str, ...] = ()
    alone: tuple[ChangeAlone, ...] = ()

    @property
    def quiet(self) -> bool:
        """Whether nothing happened."""
        return not (self.calls or self.heard.received or self.tickets.opened)

    @property
    def lost(self) -> int:
        """Messages whose workflow has not ended for an hour: they should be looked into."""
        return self.heard.stuck


@dataclass(frozen=True)
class MonthSpend:
    """What the month of a period cost until the period's end, on how many of its days."""

    nano_dollars: int
    passed: int
    length: int


@dataclass(frozen=True)
class DigestContext:
    """What stands around a period's own figures.

    `before` is what the period before cost, `hour` what an agent's hour costs. A period that is
    not complete has no trend. `gaps` are the matters that no article answers, and in how many
    tickets they were asked, `shelf` sentences on what is wrong with the articles now.
    """

    before: int
    month: MonthSpend
    by_day: Mapping[date, Mapping[str, int]]
    budgets: Sequence[BudgetUsage] = ()
    hour: int | None = None
    complete: bool = True
    late: bool = False
    gaps: Sequence[tuple[str, int]] = ()
    shelf: Sequence[str] = ()


def assemble_digest(desk: str, period: Period, figures: Figures, around: DigestContext) -> Digest:
    """Make the digest."""
    total = figures.nano_dollars
    people = None if around.hour is None else around.hour * figures.agent_seconds // HOUR
    return Digest(
        desk=desk,
        period=period,
        complete=around.complete,
        late=around.late,
        nano_dollars=total,
        first_counted=sum(each.first_counted for each in figures.spent),
        calls=sum(each.calls for each in figures.spent),
        heard=figures.heard,
        tickets=figures.tickets,
        unaided=share_of(figures.tickets.unaided, figures.tickets.opened),
        first_response=_times(figures.tickets.first_responses),
        routes=_routes(figures.counts.get("handled", {})),
        latency=_latency(figures.counts.get("latency", {})),
        by_model=_ranked((each.model, each.nano_dollars) for each in figures.spent),
        by_purpose=_ranked((each.purpose, each.nano_dollars) for each in figures.spent),
        by_intent=_ranked((each.intent or "none", each.nano_dollars) for each in figures.spent),
        tokens=_tokens(figures.spent),
        per_message=_each(total, figures.heard.received - figures.heard.ignored),
        per_solved=_each(total + (people or 0), figures.tickets.solved),
        elsewhere=tuple(_elsewhere(figures.spent, total)),
        trend=share_of(total - around.before, around.before) if around.complete else None,
        dearest=figures.dearest,
        budgets=tuple(around.budgets),
        month_so_far=around.month.nano_dollars,
        forecast=forecast_month(around.month),
        trouble=_trouble(figures.spent),
        agent_seconds=figures.agent_seconds,
        people=people,
        picture=ChartData(*_stacks(around.by_day), _ranked(figures.tickets.by_intent.items())),
        gaps=tuple(around.gaps),
        shelf=tuple(around.shelf),
        alone=figures.alone,
    )


def forecast_month(month: MonthSpend) -> int | None:
    """The month's cost if its other days are like those that passed."""
    return _each(month.nano_dollars * month.length, month.passed)


def share_of(amount: int, of: int) -> Fraction | None:
    """A share of one; None of nothing."""
    return Fraction(amount, of) if of else None


def quantile(counted: Mapping[int, int], share: Fraction) -> int:
    """The value below which that share of what was counted lies."""
    place = sum(counted.values()) * share
    for value, count in sorted(counted.items()):
        place -= count
        if place <= 0:
            return value
    return max(counted, default=0)


def chart_days(period: Period) -> int:
    """How many days the picture shows, so that a single day has something to stand beside."""
    return max(len(period.days), 14)


def _routes(handled: Mapping[str, int]) -> tuple[tuple[str, str, int], ...]:
    """Action, model (empty for none) and how many messages, most first."""
    split = ((*key.partition(":")[::2], count) for key, count in handled.items())
    return tuple(sorted(split, key=lambda row: (-row[2], row[0], row[1])))


def _latency(counted: Mapping[str, int]) -> dict[str, Percentiles]:
    models: dict[str, dict[int, int]] = {}
    for subject, count in counted.items():
        model, _, milliseconds = subject.rpartition(":")
        models.setdefault(model, {})[int(milliseconds)] = count
    return {model: took for model, of in sorted(models.items()) if (took := _times(of))}


def _times(counted: Mapping[int, int]) -> Percentiles | None:
    if not counted:
        return None
    return Percentiles(quantile(counted, Fraction(1, 2)), quantile(counted, Fraction(9, 10)))


def _ranked(rows: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    sums: dict[str, int] = {}
    for name, amount in rows:
        sums[name] = sums.get(name, 0) + amount
    return tuple(sorted(sums.items(), key=lambda row: (-row[1], row[0])))


def _tokens(spent: Sequence[SpendGroup]) -> TokenMix:
    return TokenMix(
        input=sum(each.input_tokens for each in spent),
        output=sum(each.output_tokens for each in spent),
        cache_write_5m=sum(each.cache_write_5m_tokens for each in spent),
        cache_write_1h=sum(each.cache_write_1h_tokens for each in spent),
        cache_read=sum(each.cache_read_tokens for each in spent),
    )


def _elsewhere(spent: Sequence[SpendGroup], total: int) -> Iterable[OtherModelCost]:
    for name, alone in (
        ("Sonnet", sum(each.on_sonnet for each in spent)),
        ("Opus", sum(each.on_opus for each in spent)),
    ):
        yield OtherModelCost(name, alone, alone - total, share_of(alone - total, alone))


def _trouble(spent: Sequence[SpendGroup]) -> CallFailures:
    def number(*statuses: str) -> int:
        return sum(each.calls for each in spent if each.status in statuses)

    well = number("ok", "max_tokens", *FAILED)
    return CallFailures(
        refusals=number("refusal"),
        timeouts=number("timeout", "deadline"),
        others=sum(each.calls for each in spent) - well,
        retries=sum(each.attempts - each.calls for each in spent),
    )


def _stacks(
    by_day: Mapping[date, Mapping[str, int]],
) -> tuple[tuple[date, ...], dict[str, tuple[int, ...]]]:
    """Every day from the first to the last, and each model's nano-dollars on it, dearest below."""
    if not by_day:
        return (), {}
    first, last = min(by_day), max(by_day)
    days = tuple(first + timedelta(days=number) for number in range((last - first).days + 1))
    models = _ranked((model, nano) for of in by_day.values() for model, nano in of.items())
    return days, {
        model: tuple(by_day.get(day, {}).get(model, 0) for day in days) for model, _ in models
    }


def _each(amount: int, number: int) -> int | None:
    return round(Fraction(amount, number)) if number else None
