"""Two published claims about model prices, worked out again: `python -m evals.claims`.

One says that moving 80 % of 50,000 requests a day from Sonnet to Haiku cut 2,800 dollars a month
to 340; the other compares 1,600 with 700 dollars for a million requests. docs/money.md has both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from rich.console import Console
from rich.markup import escape

from bot.costs.estimate import DAYS
from bot.llm.models import FAMILIES
from bot.llm.price_files import load_catalogue
from bot.llm.pricing import Catalogue, ModelPrices, Price, Tokens
from bot.text.money import NANO, dollars, percent

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
MILLION = 1_000_000
# Nano-dollars.
BEFORE, AFTER = 2_800 * NANO, 340 * NANO
HIGH, LOW = 1_600 * NANO, 700 * NANO
TOLERANCE = Fraction(5, 100)
"""The claims are round numbers; a figure this near to one is taken to be meant by it."""

ClaimName = Literal["2,800 to 340", "1,600 against 700"]


@dataclass(frozen=True, slots=True)
class ClaimFinding:
    """One check of a published claim: the nano-dollars it states, those that come out, and why."""

    claim: ClaimName
    check: str
    claimed: int
    found: int
    sentence: str

    @property
    def holds(self) -> bool:
        """Whether the figure is near enough to be meant."""
        return abs(self.found - self.claimed) <= self.claimed * TOLERANCE


def main() -> None:
    """Print each check and whether the claim holds."""
    console = Console()
    for finding in check_claims(load_catalogue(), datetime.now(UTC)):
        mark = "[green]holds[/]" if finding.holds else "[red]does not hold[/]"
        console.print(
            f"[bold]{finding.claim}[/], {finding.check}: {mark}. {escape(finding.sentence)}",
            highlight=False,
            soft_wrap=True,
        )


def check_claims(today: Catalogue, at: datetime) -> Sequence[ClaimFinding]:
    """The two claims worked out again, at their own price table and at today's."""
    return (
        *_routing(published_catalogue(), at),
        *_routing_today(today, at),
        *_comparison(published_catalogue(), at),
        *_comparison_otherwise(today, at),
    )


def published_catalogue(discount: Decimal = Decimal(0)) -> Catalogue:
    """The price table that both claims were published with."""
    models = {
        FAMILIES.get(name, name): ModelPrices(
            discount=discount, prices=(Price(input=Decimal(fresh), output=Decimal(written)),)
        )
        for name, (fresh, written) in PUBLISHED.items()
    }
    return Catalogue("published", models, {name: name for name in models})


def _routing(table: Catalogue, at: datetime) -> Iterator[ClaimFinding]:
    """2,800 to 340 dollars a month, 50,000 requests a day, 80 % moved from Sonnet to Haiku."""
    sonnet = _cost(table, "sonnet", at, MONTHLY_REQUESTS)
    size = Fraction(BEFORE, sonnet)
    ratio = _ratio(table, at)
    yield _all_on_sonnet(sonnet, size)
    yield _moved(ratio)
    yield _all_moved(ratio)
    yield _moved_at_the_other_price(size)
    yield _moved_and_discounted(ratio)


def _all_on_sonnet(sonnet: int, size: Fraction) -> ClaimFinding:
    """`size` is how many requests of the other claim's size the 2,800 dollars pay, as a part."""
    return _routed(
        "all on Sonnet, 500 + 80 tokens a request",
        sonnet,
        f"{MONTHLY_REQUESTS:,} requests of the other claim's size cost {dollars(sonnet)} on "
        f"Sonnet; {dollars(BEFORE)} pays for about {round(PUBLISHED_REQUEST.input * size)} + "
        f"{round(PUBLISHED_REQUEST.output * size)} tokens each.",
        claimed=BEFORE,
    )


def _moved(ratio: Fraction) -> ClaimFinding:
    return _routed(
        "80 % moved to Haiku",
        _left(ratio),
        f"Sonnet costs {float(1 / ratio):g} times Haiku, input and output alike, so moving "
        f"{percent(MOVED)} saves {percent(MOVED * (1 - ratio))} whatever the token mix and leaves "
        f"{dollars(_left(ratio))}. The claim needs {percent(1 - Fraction(AFTER, BEFORE))}.",
    )


def _all_moved(ratio: Fraction) -> ClaimFinding:
    left = _left(ratio, moved=Fraction(1))
    return _routed(
        "everything moved to Haiku",
        left,
        f"Even with nothing left on Sonnet {dollars(left)} remain.",
    )


def _moved_at_the_other_price(size: Fraction) -> ClaimFinding:
    moved = round(MONTHLY_REQUESTS * MOVED)
    alone = round(moved * size * LOW / MILLION)
    return _routed(
        "the moved requests at the other claim's price",
        alone,
        f"At the other claim's 700 dollars a million, scaled to the size that {dollars(BEFORE)} "
        f"implies, the {moved:,} moved requests alone cost {dollars(alone)}.",
    )


def _moved_and_discounted(ratio: Fraction) -> ClaimFinding:
    paid = 1 - Fraction(PUBLISHED_DISCOUNT)
    both = round(_left(ratio) * paid)
    needed = (1 - AFTER / (BEFORE * paid)) / (1 - ratio)
    return _routed(
        "80 % moved, and the flat discount",
        both,
        f"The flat discount alone makes {dollars(round(BEFORE * paid))}, with {percent(MOVED)} "
        f"moved {dollars(both)}; {dollars(AFTER)} is the discount with {percent(needed)} moved.",
    )


def _routing_today(today: Catalogue, at: datetime) -> Iterator[ClaimFinding]:
    ratio = _ratio(today, at)
    left = _left(ratio)
    yield _routed(
        "80 % moved, at today's prices",
        left,
        f"Today Sonnet costs {float(1 / ratio):g} times Haiku: moving {percent(MOVED)} saves "
        f"{percent(MOVED * (1 - ratio))} and leaves {dollars(left)} of {dollars(BEFORE)}.",
    )
    batch = today.cost(FAMILIES["haiku"], PUBLISHED_REQUEST, at, batch=True).nano_dollars
    batched = round(left * Fraction(batch, _cost(today, "haiku", at)))
    yield _routed(
        "80 % moved, at today's prices, in batches",
        batched,
        f"Sent as batches as well, {dollars(batched)} remain; but a batch may take a day, which "
        "no customer in a thread waits for.",
    )


def _comparison(table: Catalogue, at: datetime) -> Iterator[ClaimFinding]:
    """1,600 against 700 dollars for a million requests of 500 + 80 tokens."""
    costs = {name: _cost(table, name, at, MILLION) for name in PUBLISHED}
    listed = ", ".join(f"{name} {dollars(cost)}" for name, cost in costs.items())
    for claimed in (HIGH, LOW):
        name = min(costs, key=lambda name: abs(costs[name] - claimed))
        yield _compared(
            f"{dollars(claimed)} as {name}",
            costs[name],
            f"Of the table ({listed}) {name} comes nearest to {dollars(claimed)}.",
            claimed=claimed,
        )
    cheapest = min(costs, key=lambda name: costs[name])
    yield _compared(
        "the cheapest of the table",
        costs[cheapest],
        f"700 is not the low end of its own table: {cheapest} does it for "
        f"{dollars(costs[cheapest])}.",
    )


def _comparison_otherwise(today: Catalogue, at: datetime) -> Iterator[ClaimFinding]:
    """The 700 dollars with the discount that was published beside them, and at today's prices."""
    discounted = _cost(published_catalogue(PUBLISHED_DISCOUNT), "haiku", at, MILLION)
    yield _compared(
        "Haiku with the flat discount",
        discounted,
        f"With the flat discount Haiku would cost {dollars(discounted)}, so both figures are list "
        "prices and the discount is in neither.",
    )
    now = _cost(today, "haiku", at, MILLION)
    yield _compared(
        "Haiku at today's prices",
        now,
        f"Today's Haiku does it for {dollars(now)} (Sonnet "
        f"{dollars(_cost(today, 'sonnet', at, MILLION))}); its tokenizer counts about 30 % more "
        "tokens for the same text than the Haiku of the table, which that figure leaves out.",
    )


def _routed(check: str, found: int, sentence: str, *, claimed: int = AFTER) -> ClaimFinding:
    return ClaimFinding("2,800 to 340", check, claimed, found, sentence)


def _compared(check: str, found: int, sentence: str, *, claimed: int = LOW) -> ClaimFinding:
    return ClaimFinding("1,600 against 700", check, claimed, found, sentence)


def _cost(catalogue: Catalogue, model: str, at: datetime, requests: int = 1) -> int:
    cost = catalogue.cost(FAMILIES.get(model, model), PUBLISHED_REQUEST, at)
    return cost.nano_dollars * requests


def _ratio(catalogue: Catalogue, at: datetime) -> Fraction:
    """Haiku's price of the published request as a part of Sonnet's."""
    return Fraction(_cost(catalogue, "haiku", at), _cost(catalogue, "sonnet", at))


def _left(ratio: Fraction, moved: Fraction = MOVED) -> int:
    """What remains of the 2,800 dollars when that part of the requests costs `ratio` of before."""
    return round(BEFORE * (1 - moved * (1 - ratio)))


if __name__ == "__main__":
    main()
