"""The `deskhand` commands about money: prices, recost, plan."""

import argparse
import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from rich.console import Console

from bot.cli.tables import show_claims, show_differences, show_prices, show_table
from bot.config.desk import load_desk
from bot.config.settings import SettingsError, load_store_settings
from bot.costs.estimate import (
    ModelShare,
    PlanError,
    Workload,
    check_claims,
    message_tokens,
    parse_shares,
    parse_volume,
    plan_month,
)
from bot.costs.recost import recost
from bot.llm.models import FAMILIES
from bot.llm.pricing import Catalogue, PricingError, Tokens
from bot.runtime.store import open_desk_store
from bot.text.money import dollars, percent
from storage.costs.days import Days, day_of
from storage.reports import spend

MEASURED_DAYS = 30

Work = Callable[[argparse.Namespace, Console], None]


def add_prices(command: argparse.ArgumentParser) -> None:
    """The options of `prices`."""
    command.add_argument("--prices", type=Path, nargs="*", help="price files to lay over it")
    _does(command, _prices)


def add_recost(command: argparse.ArgumentParser) -> None:
    """The options of `recost`."""
    command.add_argument(
        "--from", dest="first", type=parse_day, required=True, help="such as 2026-11-01"
    )
    command.add_argument("--to", dest="last", type=parse_day, help="default: today")
    command.add_argument("--apply", action="store_true", help="write it down beside the first cost")
    _does(command, _recost)


def add_plan(command: argparse.ArgumentParser) -> None:
    """The options of `plan_month`."""
    command.add_argument("--messages", default="50000/day", help="50000/day, 2k/hour, 1.5M/month")
    command.add_argument("--input", type=int, default=500, help="tokens read for a message")
    command.add_argument("--output", type=int, default=80, help="tokens written for a message")
    command.add_argument(
        "--cached", type=parse_share, default=Fraction(0), help="part of the input: 0.5"
    )
    command.add_argument("--share", default="haiku=0.8,sonnet=0.2", help="haiku=0.8,sonnet=0.2")
    command.add_argument(
        "--prices", type=Path, nargs="*", default=[], help="a gateway's price files"
    )
    command.add_argument("--from-ledger", action="store_true", help="use the traffic of 30 days")
    command.add_argument("--claims", action="store_true", help="check two published claims")
    _does(command, _plan)


def parse_day(typed: str) -> date:
    """A day as people type it on the command line."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed!r} is no day such as 2026-11-01") from None


def parse_share(typed: str) -> Fraction:
    """A part of one: `0.5` or `1/2`."""
    try:
        return Fraction(typed)
    except (ValueError, ZeroDivisionError):
        raise argparse.ArgumentTypeError(f"{typed!r} is no part such as 0.5") from None


def _does(command: argparse.ArgumentParser, work: Work) -> None:
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    command.set_defaults(command=lambda chosen: _told(work, chosen))


def _told(work: Work, chosen: argparse.Namespace) -> int:
    try:
        work(chosen, Console())
    except (PlanError, PricingError, ValueError) as problem:
        raise SettingsError(str(problem)) from None
    return 0


def _prices(chosen: argparse.Namespace, console: Console) -> None:
    catalogue = Catalogue.load(*(chosen.prices or _configured(chosen.env)))
    show_prices(console, catalogue.rows(), catalogue.version)


def _configured(env: Path) -> Sequence[Path]:
    """The price files that the desk names; none where there is no desk yet."""
    try:
        return load_desk(load_store_settings(env).desk_config).desk.prices
    except SettingsError:
        return ()


def _recost(chosen: argparse.Namespace, console: Console) -> None:
    settings = load_store_settings(chosen.env)
    desk = load_desk(settings.desk_config)
    last = chosen.last or day_of(datetime.now(UTC), desk.zone)
    catalogue = Catalogue.load(*desk.desk.prices)

    async def work() -> None:
        async with open_desk_store(settings, desk) as store:
            days = Days(chosen.first, last, desk.zone)
            show_differences(console, await recost(store, catalogue, days, apply=chosen.apply))

    asyncio.run(work())
    if not chosen.apply:
        console.print("\nNothing was written; --apply writes it beside what was counted first.")


def _plan(chosen: argparse.Namespace, console: Console) -> None:
    now, today = datetime.now(UTC), Catalogue.load()
    if chosen.claims:
        show_claims(console, check_claims(today, now))
        return
    gateways = {path: Catalogue.load(path) for path in chosen.prices}
    workload = _measured(chosen, console) if chosen.from_ledger else _asked(chosen, today)
    _month(console, "Today's prices", workload, today, now)
    for path, catalogue in gateways.items():
        _month(console, str(path), workload, catalogue, now)
    console.print("\ndeskhand plan --claims checks two published claims.")


def _asked(chosen: argparse.Namespace, catalogue: Catalogue) -> Workload:
    tokens = message_tokens(chosen.input, chosen.output, chosen.cached)
    shares = parse_shares(chosen.share, catalogue)
    return Workload(parse_volume(chosen.messages), tokens, shares)


def _measured(chosen: argparse.Namespace, console: Console) -> Workload:
    """The ledger's last 30 whole days, call by call, as a month."""
    settings = load_store_settings(chosen.env)
    desk = load_desk(settings.desk_config)
    yesterday = day_of(datetime.now(UTC), desk.zone) - timedelta(days=1)
    days = Days(yesterday - timedelta(days=MEASURED_DAYS - 1), yesterday, desk.zone)

    async def read() -> Sequence[spend.SpendGroup]:
        async with open_desk_store(settings, desk) as store:
            return await store.read(spend.spend_groups, days)

    workload = measured_workload(asyncio.run(read()))
    console.print(f"Measured: {workload.messages:,} calls from {days.first} to {days.last}.")
    return workload


def measured_workload(spent: Sequence[spend.SpendGroup]) -> Workload:
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


def _month(
    console: Console, title: str, workload: Workload, catalogue: Catalogue, now: datetime
) -> None:
    """The mix and each model alone, sent at once and as batches."""
    batch = Workload(workload.messages, workload.tokens, workload.shares, batch=True)
    against = [model for model in catalogue.models() if _offered(model, catalogue)]
    once, batched = (
        plan_month(workload, catalogue, now, against),
        plan_month(batch, catalogue, now, against),
    )
    mix = ", ".join(f"{_short(share.model)} {percent(share.part)}" for share in workload.shares)
    console.print(f"\n[bold]{title}[/] · {workload.messages:,} messages of 30 days")
    rows = [("the mix", dollars(once.nano_dollars), dollars(batched.nano_dollars), mix)]
    rows += [
        (
            f"{_short(one.model)} alone",
            dollars(one.nano_dollars),
            dollars(other.nano_dollars),
            f"the mix saves {percent(one.saved_part)}"
            if one.saving >= 0
            else f"the mix costs {percent(-one.saved_part)} more",
        )
        for one, other in zip(once.alternatives, batched.alternatives, strict=True)
    ]
    show_table(console, ("a month", "at once", "in batches", "why"), rows)
    list_price = plan_month(workload, catalogue.undiscounted(), now, against)
    if list_price.nano_dollars != once.nano_dollars:
        listed = dollars(list_price.nano_dollars)
        console.print(f"After the discounts of this file; at its list prices the mix is {listed}.")
    for note in once.notes:
        console.print(note, style="dim")


def _offered(model: str, catalogue: Catalogue) -> bool:
    """Today's families; of a gateway, what its file names."""
    listed = Catalogue.load()
    if catalogue.version == listed.version:
        return model in FAMILIES.values()
    return catalogue.entries[model] != listed.entries.get(model)


def _short(model: str) -> str:
    return model.removeprefix("claude-")
