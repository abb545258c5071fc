"""`deskhand plan`: a month's cost before it is spent."""

import argparse
import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rich.console import Console

from bot.cli.terminal.arguments import ExitCode, mistakes_told
from bot.cli.terminal.output import print_json
from bot.cli.terminal.tables import show_table, terminal
from bot.config.desk_file import load_desk
from bot.config.settings_file import load_store_settings
from bot.costs.estimate import (
    CostPlan,
    Workload,
    measured_workload,
    message_tokens,
    parse_shares,
    parse_volume,
    plan_month,
)
from bot.costs.rounds import LookupLoad
from bot.llm.models import FAMILIES
from bot.llm.price_files import load_catalogue
from bot.llm.pricing import Catalogue, PricingError
from bot.runtime.logs import configure_logs
from bot.runtime.store import open_store
from bot.text.money import dollars, percent
from storage.costs.days import Days, day_of
from storage.reports import spend
from storage.reports.values import SpendGroup

MEASURED_DAYS = 30


@mistakes_told(PricingError, ValueError)
def plan(chosen: argparse.Namespace) -> int:
    """Print the month at today's prices, and at those of each gateway."""
    console, now, today = terminal(), datetime.now(UTC), load_catalogue()
    catalogues = {
        "Today's prices": today,
        **{str(path): load_catalogue(path) for path in chosen.prices},
    }
    workload, measured = _measured(chosen) if chosen.from_ledger else (_asked(chosen, today), "")
    if chosen.json:
        plans = {title: _plans(workload, each, now) for title, each in catalogues.items()}
        print_json({"workload": workload, "plans": plans})
        return ExitCode.DONE
    if measured:
        console.print(measured)
    for title, catalogue in catalogues.items():
        _show_month(console, title, workload, catalogue, now)
    return ExitCode.DONE


def _asked(chosen: argparse.Namespace, catalogue: Catalogue) -> Workload:
    tokens = message_tokens(chosen.input, chosen.output, chosen.cached)
    shares = parse_shares(chosen.share, catalogue)
    lookups = LookupLoad(chosen.lookups, chosen.rounds, chosen.answered)
    return Workload(parse_volume(chosen.messages), tokens, shares, lookups=lookups)


def _measured(chosen: argparse.Namespace) -> tuple[Workload, str]:
    """The ledger's last 30 whole days, call by call, as a month; and a sentence about them."""
    settings = load_store_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    desk = load_desk(settings.desk_config)
    yesterday = day_of(datetime.now(UTC), desk.zone) - timedelta(days=1)
    days = Days(yesterday - timedelta(days=MEASURED_DAYS - 1), yesterday, desk.zone)

    async def read() -> Sequence[SpendGroup]:
        async with open_store(settings, desk) as store:
            return await store.read(spend.spend_groups, days)

    workload = measured_workload(asyncio.run(read()))
    counted = f"{workload.messages:,} calls, tool rounds among them"
    told = f"Measured: {counted}, from {days.first} to {days.last}."
    return workload, told


def _plans(workload: Workload, catalogue: Catalogue, now: datetime) -> Mapping[str, CostPlan]:
    """The month with its calls sent at once, and as batches."""
    against = [model for model in catalogue.models() if _offered(model, catalogue)]
    return {
        "at_once": plan_month(workload, catalogue, now, against),
        "in_batches": plan_month(replace(workload, batch=True), catalogue, now, against),
    }


def _show_month(
    console: Console, title: str, workload: Workload, catalogue: Catalogue, now: datetime
) -> None:
    """The mix and each model alone, sent at once and as batches."""
    plans = _plans(workload, catalogue, now)
    once, batched = plans["at_once"], plans["in_batches"]
    console.print(f"\n[bold]{title}[/] · {workload.messages:,} messages of 30 days")
    rows = list(_rows(workload, once, batched))
    show_table(console, ("a month", "at once", "in batches", "why"), rows)
    listed = plan_month(workload, catalogue.undiscounted(), now, []).nano_dollars
    if listed != once.nano_dollars:
        told = f"at its list prices the mix is {dollars(listed)}."
        console.print(f"After the discounts of this file; {told}")
    for note in once.notes:
        console.print(note, style="dim")


def _rows(workload: Workload, once: CostPlan, batched: CostPlan) -> Iterator[tuple[str, ...]]:
    mix = ", ".join(f"{_short(share.model)} {percent(share.part)}" for share in workload.shares)
    yield "the mix", dollars(once.nano_dollars), dollars(batched.nano_dollars), mix
    for one, other in zip(once.alternatives, batched.alternatives, strict=True):
        yield (
            f"{_short(one.model)} alone",
            dollars(one.nano_dollars),
            dollars(other.nano_dollars),
            f"the mix saves {percent(one.saved_part)}"
            if one.saving >= 0
            else f"the mix costs {percent(-one.saved_part)} more",
        )


def _offered(model: str, catalogue: Catalogue) -> bool:
    """Today's families; of a gateway, what its file names."""
    listed = load_catalogue()
    if catalogue.version == listed.version:
        return model in FAMILIES.values()
    return catalogue.entries[model] != listed.entries.get(model)


def _short(model: str) -> str:
    return model.removeprefix("claude-")
