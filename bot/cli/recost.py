"""`deskhand recost`: the ledger's calls priced anew, beside what was counted first."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from bot.cli.arguments import ExitCode, add_env, mistakes_told, parse_day
from bot.cli.tables import show_differences, terminal
from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.config.settings import StoreSettings, load_store_settings
from bot.costs.recost import Difference, recost
from bot.llm.price_files import load_catalogue
from bot.llm.pricing import PricingError
from bot.runtime.store import open_store
from storage.costs.days import Days, day_of


def add_recost(command: argparse.ArgumentParser) -> None:
    """The options of `recost`."""
    command.add_argument(
        "--from", dest="first", type=parse_day, required=True, help="such as 2026-11-01"
    )
    command.add_argument("--to", dest="last", type=parse_day, help="default: today")
    command.add_argument("--apply", action="store_true", help="write it down beside the first cost")
    add_env(command)
    command.set_defaults(command=recost_ledger)


@mistakes_told(PricingError, ValueError)
def recost_ledger(chosen: argparse.Namespace) -> int:
    """Print what counting again comes to; written down with `--apply` alone."""
    settings = load_store_settings(chosen.env)
    desk = load_desk(settings.desk_config)
    last = chosen.last or day_of(datetime.now(UTC), desk.zone)
    days = Days(chosen.first, last, desk.zone)
    console = terminal()
    show_differences(console, asyncio.run(_recost(settings, desk, days, apply=chosen.apply)))
    if not chosen.apply:
        console.print("\nNothing was written; --apply writes it beside what was counted first.")
    return ExitCode.DONE


async def _recost(
    settings: StoreSettings, desk: Desk, days: Days, *, apply: bool
) -> Sequence[Difference]:
    catalogue = load_catalogue(*desk.desk.prices)
    async with open_store(settings, desk) as store:
        return await recost(store, catalogue, days, apply=apply)
