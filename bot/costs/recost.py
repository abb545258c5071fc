"""Counting calls again after a price turned out to have been wrong; both figures are kept."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.llm.models import FAMILIES
from bot.llm.pricing import Catalogue, Tokens
from storage.costs import ledger, recosts
from storage.costs.days import Days
from storage.costs.recosts import Recosted
from storage.db.database import Database
from storage.tickets.tables import CallRow


@dataclass(frozen=True)
class Difference:
    """What counting a model's calls again came to, in nano-dollars; `first` stays in the ledger."""

    model: str
    calls: int
    changed: int
    first: int
    before: int
    after: int


async def recost(
    store: Database, catalogue: Catalogue, days: Days, *, apply: bool
) -> Sequence[Difference]:
    """Price every call of some days anew, at the price of its own moment, and say what differs.

    With `apply` the new cost is written beside the first, a day at a time, and its totals are
    made anew; a crash in between leaves whole days, and doing it again changes nothing.
    Raises PricingError when a model of the ledger has no price.
    """
    found: dict[str, Difference] = {}
    price = partial(_recosted, catalogue=catalogue)
    earliest = await store.read(ledger.first_day, days.zone)
    # Before the first call there is nothing, however far back somebody begins.
    days = replace(days, first=max(days.first, earliest or days.last))
    for day in days:
        one = Days(day, day, days.zone)
        for call, counted in await store.write(recosts.recost_day, one, price, apply=apply):
            _count(found, call, counted)
    return [found[model] for model in sorted(found)]


def _recosted(call: CallRow, catalogue: Catalogue) -> Recosted:
    """The cost before and now, and what is to stand in the call."""
    before, after = _cost(call, catalogue)
    changed = before != after
    same = after == call.nano_dollars
    return Recosted(
        before,
        after,
        on_sonnet=_elsewhere(call, catalogue, FAMILIES["sonnet"]),
        on_opus=_elsewhere(call, catalogue, FAMILIES["opus"]),
        recost=(None if same else after) if changed else call.recost,
        recost_version=(None if same else catalogue.version) if changed else call.recost_version,
    )


def _cost(call: CallRow, catalogue: Catalogue) -> tuple[int, int]:
    now = catalogue.cost(call.model, tokens_of(call), call.called_at, batch=call.batch)
    return call.cost, now.nano_dollars


def _elsewhere(call: CallRow, catalogue: Catalogue, model: str) -> int:
    tokens = tokens_of(call)
    return catalogue.counterfactual(tokens, model, call.called_at, batch=call.batch).nano_dollars


def tokens_of(call: CallRow) -> Tokens:
    """A ledger line's tokens by class."""
    return Tokens(
        input=call.input_tokens,
        output=call.output_tokens,
        cache_write_5m=call.cache_write_5m_tokens,
        cache_write_1h=call.cache_write_1h_tokens,
        cache_read=call.cache_read_tokens,
    )


def _count(found: dict[str, Difference], call: CallRow, counted: Recosted) -> None:
    before, after = counted.before, counted.after
    so_far = found.get(call.model, Difference(call.model, 0, 0, 0, 0, 0))
    found[call.model] = Difference(
        call.model,
        so_far.calls + 1,
        so_far.changed + (before != after),
        so_far.first + call.nano_dollars,
        so_far.before + before,
        so_far.after + after,
    )
