"""What a month of messages would cost, before any is sent.

A month is 30 days. A message is one call, and a plan rounds as the ledger does: once per call.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from bot.llm.models import FAMILIES, SHORTEST_CACHED_PREFIX
from bot.llm.pricing import Catalogue, ModelPrices, Price, Tokens
from bot.text.money import NANO, dollars, percent

DAYS = 30

CACHE_LIFETIMES_PER_DAY = 24 * 60 // 5
"""Messages further apart than a cache entry lives (5 minutes) never find it."""


PUBLISHED = {
    "haiku": ("0.80", "4.00"),
    "sonnet": ("3.00", "15.00"),
    "gpt-4.1": ("2.00", "8.00"),
    "gemini-2.5-flash": ("0.15", "0.60"),
    "deepseek-v3.2": ("0.27", "1.07"),
}
"""Dollars per million input and output tokens."""

PUBLISHED_DISCOUNT = Decimal("0.85")
PUBLISHED_REQUEST = Tokens(input=500, output=80)
MONTHLY_REQUESTS, MOVED = 50_000 * DAYS, Fraction(8, 10)
BEFORE, AFTER = 2_800 * NANO, 340 * NANO
TOLERANCE = Fraction(5, 100)
"""The claims are round numbers; a figure this near to one is taken to be meant by it."""


ClaimName = Literal["2,800 to 340", "1,600 against 700"]


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


@dataclass(frozen=True, slots=True)
class ModelLine:
    """One model's part of the month. `per_message` and `nano_dollars` are nano-dollars."""

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


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """One check of a published claim: the nano-dollars it states, those that come out, and why."""

    claim: ClaimName
    check: str
    claimed: int
    found: int
    holds: bool
    sentence: str


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


def check_claims(today: Catalogue, at: datetime) -> tuple[ClaimFinding, ...]:
    """The two published claims worked out again, at their own price table and at today's."""
    return (
        *_routing_claim(at),
        *_routing_claim_today(today, at),
        *_comparison_claim(today, at),
    )


def published_catalogue(discount: Decimal = Decimal(0)) -> Catalogue:
    """The price table the two claims were published with."""
    models = {
        FAMILIES.get(name, name): ModelPrices(
            discount=discount, prices=(Price(input=Decimal(fresh), output=Decimal(written)),)
        )
        for name, (fresh, written) in PUBLISHED.items()
    }
    return Catalogue("published", models, {name: name for name in models})


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
    cost = catalogue.cost(model, workload.tokens, at, batch=workload.batch).nano_dollars
    return ModelLine(model, messages, cost, cost * messages)


def _alternative(line: ModelLine, total: int) -> Alternative:
    saving = line.nano_dollars - total
    part = Fraction(saving, line.nano_dollars) if line.nano_dollars else Fraction(0)
    return Alternative(line.model, line.nano_dollars, saving, part)


def _notes(workload: Workload) -> tuple[str, ...]:
    cached = workload.tokens.cache_read
    if not cached:
        return ()
    notes = ["Cached input is priced as read from a warm cache; writing it is left out."]
    if cached < SHORTEST_CACHED_PREFIX:
        notes.append(
            f"{cached} cached tokens are fewer than the {SHORTEST_CACHED_PREFIX} a prefix needs "
            "to be cached at all on the 5.5 models: expect to pay them as input."
        )
    if workload.messages < CACHE_LIFETIMES_PER_DAY * DAYS:
        notes.append("Messages come less often than every 5 minutes: the cache is mostly cold.")
    return tuple(notes)


def _month(catalogue: Catalogue, model: str, at: datetime, requests: int = 1) -> int:
    cost = catalogue.cost(FAMILIES.get(model, model), PUBLISHED_REQUEST, at)
    return cost.nano_dollars * requests


def _ratio(catalogue: Catalogue, at: datetime) -> Fraction:
    """Haiku's price of the published request as a part of Sonnet's."""
    return Fraction(_month(catalogue, "haiku", at), _month(catalogue, "sonnet", at))


def _left(ratio: Fraction, moved: Fraction = MOVED) -> int:
    """What remains of the 2,800 dollars when that part of the requests costs `ratio` of before."""
    return round(BEFORE * (1 - moved * (1 - ratio)))


def _finding(claim: ClaimName, check: str, claimed: int, found: int, sentence: str) -> ClaimFinding:
    holds = abs(found - claimed) <= claimed * TOLERANCE
    return ClaimFinding(claim, check, claimed, found, holds, sentence)


def _routing_claim(at: datetime) -> Iterator[ClaimFinding]:
    """2,800 to 340 dollars a month, 50,000 requests a day, 80 % moved from Sonnet to Haiku."""
    table = published_catalogue()
    sonnet = _month(table, "sonnet", at, MONTHLY_REQUESTS)
    size = Fraction(BEFORE, sonnet)
    yield _finding(
        "2,800 to 340",
        "all on Sonnet, 500 + 80 tokens a request",
        BEFORE,
        sonnet,
        f"{MONTHLY_REQUESTS:,} requests of the other claim's size cost {dollars(sonnet)} on "
        f"Sonnet; {dollars(BEFORE)} pays for about {round(PUBLISHED_REQUEST.input * size)} + "
        f"{round(PUBLISHED_REQUEST.output * size)} tokens each.",
    )
    ratio = _ratio(table, at)
    yield _finding(
        "2,800 to 340",
        "80 % moved to Haiku",
        AFTER,
        _left(ratio),
        f"Sonnet costs {float(1 / ratio):g} times Haiku, input and output alike, so moving "
        f"{percent(MOVED)} saves {percent(MOVED * (1 - ratio))} whatever the token mix and leaves "
        f"{dollars(_left(ratio))}. The claim needs {percent(1 - Fraction(AFTER, BEFORE))}.",
    )
    yield _finding(
        "2,800 to 340",
        "everything moved to Haiku",
        AFTER,
        _left(ratio, moved=Fraction(1)),
        f"Even with nothing left on Sonnet {dollars(_left(ratio, moved=Fraction(1)))} remain.",
    )
    moved = round(MONTHLY_REQUESTS * MOVED)
    alone = round(moved * size * 700 * NANO / 1_000_000)
    yield _finding(
        "2,800 to 340",
        "the moved requests at the other claim's price",
        AFTER,
        alone,
        f"At the other claim's 700 dollars a million, scaled to the size that {dollars(BEFORE)} "
        f"implies, the {moved:,} moved requests alone cost {dollars(alone)}.",
    )
    paid = 1 - Fraction(PUBLISHED_DISCOUNT)
    both = round(_left(ratio) * paid)
    needed = (1 - AFTER / (BEFORE * paid)) / (1 - ratio)
    yield _finding(
        "2,800 to 340",
        "80 % moved, and the flat discount",
        AFTER,
        both,
        f"The flat discount alone makes {dollars(round(BEFORE * paid))}, with {percent(MOVED)} "
        f"moved {dollars(both)}; {dollars(AFTER)} is the discount with {percent(needed)} moved.",
    )


def _routing_claim_today(today: Catalogue, at: datetime) -> Iterator[ClaimFinding]:
    ratio = _ratio(today, at)
    left = _left(ratio)
    yield _finding(
        "2,800 to 340",
        "80 % moved, at today's prices",
        AFTER,
        left,
        f"Today Sonnet costs {float(1 / ratio):g} times Haiku: moving {percent(MOVED)} saves "
        f"{percent(MOVED * (1 - ratio))} and leaves {dollars(left)} of {dollars(BEFORE)}.",
    )
    haiku = FAMILIES["haiku"]
    batch = today.cost(haiku, PUBLISHED_REQUEST, at, batch=True).nano_dollars
    batched = round(left * Fraction(batch, _month(today, "haiku", at)))
    yield _finding(
        "2,800 to 340",
        "80 % moved, at today's prices, in batches",
        AFTER,
        batched,
        f"Sent as batches as well, {dollars(batched)} remain; but a batch may take a day, which "
        "no customer in a thread waits for.",
    )


def _comparison_claim(today: Catalogue, at: datetime) -> Iterator[ClaimFinding]:
    """1,600 against 700 dollars for a million requests of 500 + 80 tokens."""
    million, table = 1_000_000, published_catalogue()
    costs = {name: _month(table, name, at, million) for name in PUBLISHED}
    listed = ", ".join(f"{name} {dollars(cost)}" for name, cost in costs.items())
    for claimed in (1_600 * NANO, 700 * NANO):
        name = min(costs, key=lambda name: abs(costs[name] - claimed))
        yield _finding(
            "1,600 against 700",
            f"{dollars(claimed)} as {name}",
            claimed,
            costs[name],
            f"Of the table ({listed}) {name} comes nearest to {dollars(claimed)}.",
        )
    low = 700 * NANO
    cheapest = min(costs, key=lambda name: costs[name])
    yield _finding(
        "1,600 against 700",
        "the cheapest of the table",
        low,
        costs[cheapest],
        f"700 is not the low end of its own table: {cheapest} does it for "
        f"{dollars(costs[cheapest])}.",
    )
    discounted = _month(published_catalogue(PUBLISHED_DISCOUNT), "haiku", at, million)
    yield _finding(
        "1,600 against 700",
        "Haiku with the flat discount",
        low,
        discounted,
        f"With the flat discount Haiku would cost {dollars(discounted)}, so both figures are list "
        "prices and the discount is in neither.",
    )
    now = _month(today, "haiku", at, million)
    yield _finding(
        "1,600 against 700",
        "Haiku at today's prices",
        low,
        now,
        f"Today's Haiku does it for {dollars(now)} (Sonnet "
        f"{dollars(_month(today, 'sonnet', at, million))}); its tokenizer counts about 30 % more "
        "tokens for the same text than the Haiku of the table, which that figure leaves out.",
    )
