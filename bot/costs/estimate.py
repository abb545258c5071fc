"""What a month of messages would cost, before any is sent.

A month is 30 days. A message is one call, and one that looks something up one more for each round;
a plan rounds as the ledger does: once per call.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from bot.costs.rounds import NO_LOOKUPS, LookupLoad, calls_of
from bot.llm.models import FAMILIES, SHORTEST_CACHED_PREFIX
from bot.llm.pricing import Catalogue, Tokens
from storage.reports.values import SpendGroup

DAYS = 30

CACHE_LIFETIMES_PER_DAY = 24 * 60 // 5
"""Messages further apart than a cache entry lives (5 minutes) never find it."""


class PlanError(ValueError):
    """A plan was asked for in words that cannot be read; the sentence says what was expected."""


@dataclass(frozen=True, slots=True)
class ModelShare:
    """The part of all messages that goes to one model."""

    model: str
    part: Fraction


@dataclass(frozen=True, slots=True)
class Workload:
    """Messages a month, the tokens of each, and who answers them."""

    messages: int
    tokens: Tokens
    shares: tuple[ModelShare, ...]
    batch: bool = False
    lookups: LookupLoad = NO_LOOKUPS

    @property
    def looking_up(self) -> int:
        """The messages of a month that look something up."""
        return round(self.messages * self.lookups.part)


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model's part of the month, in nano-dollars; `per_message` is an average."""

    model: str
    messages: int
    per_message: int
    nano_dollars: int


@dataclass(frozen=True, slots=True)
class Alternative:
    """The whole month on one model; a mix that is dearer saves a negative amount against it."""

    model: str
    nano_dollars: int
    saving: int
    saved_part: Fraction


@dataclass(frozen=True, slots=True)
class CostPlan:
    """A month's cost by model and in all, what else it could have cost, and what to doubt."""

    lines: tuple[ModelLine, ...]
    nano_dollars: int
    alternatives: tuple[Alternative, ...]
    notes: tuple[str, ...]
    price_version: str


def parse_volume(text: str) -> int:
    """Messages per 30-day month of `50000/day`, `2k/hour` or `1.5M/month`. Raises PlanError."""
    match = re.fullmatch(
        r"(\d[\d,_]*(?:\.\d+)?)\s*([kKmM]?)\s*/\s*(hour|day|week|month)", text.strip(), re.ASCII
    )
    if match is None:
        raise PlanError(f"{text!r} is not a number of messages such as 50000/day or 1.5M/month")
    number, scale, period = match.groups()
    times = {"": 1, "k": 1_000, "m": 1_000_000}[scale.lower()]
    hours = {"hour": 1, "day": 24, "week": 7 * 24, "month": DAYS * 24}[period]
    return round(Fraction(re.sub("[,_]", "", number)) * times * DAYS * 24 / hours)


def parse_shares(text: str, catalogue: Catalogue) -> tuple[ModelShare, ...]:
    """Shares of `haiku=0.8,sonnet=0.2`, which must make exactly one.

    Raises PlanError, or UnknownModel for a name the catalogue does not price.
    """
    shares = tuple(_share(item, catalogue) for item in text.split(","))
    if len({share.model for share in shares}) < len(shares):
        raise PlanError(f"{text!r} names a model twice")
    total = sum((share.part for share in shares), Fraction(0))
    if total != 1:
        raise PlanError(f"the shares in {text!r} make {float(total):g}, but must make 1")
    return shares


def message_tokens(input_tokens: int, output_tokens: int, cached: Fraction = Fraction(0)) -> Tokens:
    """The tokens of one message with that part of its input read from a warm cache."""
    if not 0 <= cached <= 1:
        raise PlanError(f"the cached share of the input must lie between 0 and 1, not {cached}")
    read = round(input_tokens * cached)
    return Tokens(input=input_tokens - read, output=output_tokens, cache_read=read)


def measured_workload(spent: Sequence[SpendGroup]) -> Workload:
    """A month like the measured one: its calls, the tokens of an average one, the models' parts.

    Raises:
        PlanError: nothing was measured.
    """
    calls = sum(each.calls for each in spent)
    if not calls:
        raise PlanError("the ledger has no call in the last 30 days: plan with --messages")
    tokens = Tokens(
        input=round(Fraction(sum(each.input_tokens for each in spent), calls)),
        output=round(Fraction(sum(each.output_tokens for each in spent), calls)),
        cache_write_5m=round(Fraction(sum(each.cache_write_5m_tokens for each in spent), calls)),
        cache_write_1h=round(Fraction(sum(each.cache_write_1h_tokens for each in spent), calls)),
        cache_read=round(Fraction(sum(each.cache_read_tokens for each in spent), calls)),
    )
    parts: dict[str, int] = {}
    for each in spent:
        parts[each.model] = parts.get(each.model, 0) + each.calls
    shares = tuple(
        ModelShare(model, Fraction(count, calls)) for model, count in sorted(parts.items())
    )
    return Workload(calls, tokens, shares)


def plan_month(
    workload: Workload,
    catalogue: Catalogue,
    at: datetime,
    against: Sequence[str] = tuple(FAMILIES.values()),
) -> CostPlan:
    """The month at the prices in force at a moment, beside the month on each model of `against`."""
    lines = tuple(
        _line(workload, share.model, count, catalogue, at)
        for share, count in zip(workload.shares, _counts(workload), strict=True)
    )
    total = sum(line.nano_dollars for line in lines)
    models = dict.fromkeys([*(line.model for line in lines), *map(catalogue.resolve, against)])
    alone = [_line(workload, model, workload.messages, catalogue, at) for model in models]
    return CostPlan(
        lines,
        total,
        tuple(_alternative(line, total) for line in alone),
        _notes(workload),
        catalogue.version,
    )


def _share(item: str, catalogue: Catalogue) -> ModelShare:
    name, equals, part = (piece.strip() for piece in item.partition("="))
    if not equals or not re.fullmatch(r"\d+(\.\d+)?|\.\d+", part, re.ASCII):
        raise PlanError(f"{item.strip()!r} is not a share such as haiku=0.8")
    return ModelShare(catalogue.resolve(FAMILIES.get(name, name)), Fraction(part))


def _counts(workload: Workload) -> list[int]:
    """Whole messages per share that add up: each share ends where its running total rounds to."""
    counts: list[int] = []
    running = Fraction(0)
    for share in workload.shares:
        running += share.part
        counts.append(round(workload.messages * running) - sum(counts))
    return counts


def _line(
    workload: Workload, model: str, messages: int, catalogue: Catalogue, at: datetime
) -> ModelLine:
    def cost(tokens: Tokens) -> int:
        return catalogue.cost(model, tokens, at, batch=workload.batch).nano_dollars

    plain, load = cost(workload.tokens), workload.lookups
    looking_up = round(messages * load.part)
    rounds = sum(map(cost, calls_of(workload.tokens, load))) if looking_up else 0
    total = plain * (messages - looking_up) + rounds * looking_up
    average = round(Fraction(total, messages)) if messages else plain
    return ModelLine(model, messages, average, total)


def _alternative(line: ModelLine, total: int) -> Alternative:
    saving = line.nano_dollars - total
    part = Fraction(saving, line.nano_dollars) if line.nano_dollars else Fraction(0)
    return Alternative(line.model, line.nano_dollars, saving, part)


def _notes(workload: Workload) -> tuple[str, ...]:
    cached, load = workload.tokens.cache_read, workload.lookups
    notes = []
    if workload.looking_up:
        notes.append(
            f"{workload.looking_up:,} messages look something up, in {load.calls} calls each. They "
            "cannot wait for a batch: what that would cost is for comparison."
        )
    if not cached:
        return tuple(notes)
    notes.append("Cached input is priced as read from a warm cache; writing it is left out.")
    if cached < SHORTEST_CACHED_PREFIX:
        notes.append(
            f"{cached} cached tokens are fewer than the {SHORTEST_CACHED_PREFIX} a prefix needs "
            "to be cached at all on the 5.5 models: expect to pay them as input."
        )
    if workload.messages < CACHE_LIFETIMES_PER_DAY * DAYS:
        notes.append("Messages come less often than every 5 minutes: the cache is mostly cold.")
    return tuple(notes)
