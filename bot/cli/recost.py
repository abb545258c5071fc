"""`deskhand recost`: the ledger's calls priced anew, beside what was counted first."""

import argparse
import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console

from bot.cli.terminal.arguments import ExitCode, mistakes_told
from bot.cli.terminal.tables import show_table, terminal
from bot.config.desk import Desk
from bot.config.desk_file import load_desk
from bot.config.settings import SettingsError, StoreSettings
from bot.config.settings_file import load_store_settings
from bot.costs.recost import Difference, recost
from bot.llm.price_files import load_catalogue
from bot.llm.pricing import PricingError
from bot.runtime.logs import configure_logs
from bot.runtime.store import open_store
from bot.text.money import dollars
from storage.costs.days import Days, day_of


@mistakes_told(PricingError, ValueError)
def recost_ledger(chosen: argparse.Namespace) -> int:
    """Print what counting again comes to; written down with `--apply` alone."""
    settings = load_store_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    desk = load_desk(settings.desk_config)
    today = day_of(datetime.now(UTC), desk.zone)
    last = min(chosen.last or today, today)
    if last < chosen.first:
        raise SettingsError(f"--from: {chosen.first} is after the last day, {last}")
    days = Days(chosen.first, last, desk.zone)
    console = terminal()
    _show(console, asyncio.run(_recost(settings, desk, days, apply=chosen.apply)))
    if not chosen.apply:
        console.print("\nNothing was written; --apply writes it beside what was counted first.")
    return ExitCode.DONE


async def _recost(
    settings: StoreSettings, desk: Desk, days: Days, *, apply: bool
) -> Sequence[Difference]:
    catalogue = load_catalogue(*desk.desk.prices)
    async with open_store(settings, desk, there=True) as store:
        return await recost(store, catalogue, days, apply=apply)


def _show(console: Console, differences: Sequence[Difference]) -> None:
    """What counting again came to."""
    show_table(
        console,
        ("recosted", "calls", "changed", "first counted", "before", "now", "difference"),
        [
            (
                each.model,
                f"{each.calls:,}",
                f"{each.changed:,}",
                dollars(each.first),
                dollars(each.before),
                dollars(each.after),
                dollars(each.after - each.before),
            )
            for each in differences
        ],
    )
