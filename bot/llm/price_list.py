"""The price list as people read it: a line for each price, and what changed with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.llm.pricing import CLASSES, Catalogue, ModelPrices, Rates


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One line of the price list: list prices in dollars per million tokens, before `discount`.

    `over` is 0 for the base rates; `until` is None while no later price is known; `changes` says in
    words what differs from the row before, and is empty for the first.
    """

    model: str
    effective: datetime
    until: datetime | None
    over: int
    rates: Rates
    discount: Decimal
    source: str
    changes: tuple[str, ...]


def price_rows(catalogue: Catalogue) -> tuple[PriceRow, ...]:
    """The whole price list with its history, by model, tier and date."""
    return tuple(
        row for name in catalogue.models() for row in _history(name, catalogue.entries[name])
    )


def _history(name: str, model: ModelPrices) -> Iterator[PriceRow]:
    prices = sorted(model.prices, key=lambda price: price.effective)
    ends = [*(price.effective for price in prices[1:]), None]
    before: dict[int, Rates] = {}
    for price, until in zip(prices, ends, strict=True):
        after: dict[int, Rates] = {0: price} | {tier.over: tier for tier in price.tiers}
        for over, rates in sorted(after.items()):
            changes = _changes(before, over, rates)
            yield PriceRow(
                name, price.effective, until, over, rates, model.discount, price.source, changes
            )
        before = after


def _changes(before: dict[int, Rates], over: int, rates: Rates) -> tuple[str, ...]:
    if not before:
        return ()
    if over not in before:
        return (f"new tier over {over:,} tokens",)
    old = before[over]
    return tuple(
        f"{name} {old.rate_of(name)} → {rates.rate_of(name)}"
        for name in CLASSES
        if old.rate_of(name) != rates.rate_of(name)
    )
