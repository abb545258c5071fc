"""`deskhand prices`: the price list with its history."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bot.cli.terminal.arguments import ExitCode, mistakes_told
from bot.cli.terminal.output import print_json
from bot.cli.terminal.tables import show_table, terminal
from bot.config.desk_file import load_desk
from bot.config.settings import SettingsError
from bot.config.settings_file import load_store_settings
from bot.llm.price_files import load_catalogue
from bot.llm.price_list import PriceRow, price_rows
from bot.llm.pricing import CLASSES, PricingError


@mistakes_told(PricingError, ValueError)
def prices(chosen: argparse.Namespace) -> int:
    """Print every price and what changed with it."""
    catalogue = load_catalogue(*(chosen.prices or _configured(chosen.env)))
    rows = price_rows(catalogue)
    if chosen.json:
        print_json({"version": catalogue.version, "prices": rows})
    else:
        _show(terminal(), rows, catalogue.version)
    return ExitCode.DONE


def _configured(env: Path) -> Sequence[Path]:
    """The price files that the desk names; none where there is no desk yet."""
    try:
        return load_desk(load_store_settings(env).desk_config).desk.prices
    except SettingsError:
        return ()


def _show(console: Console, rows: Sequence[PriceRow], version: str) -> None:
    """The price list with its history, and what changed each time."""
    show_table(
        console,
        ("price of", "from", *CLASSES, "what changed"),
        [
            (
                f"{row.model}{f', over {row.over:,}' if row.over else ''}",
                f"{row.effective:%Y-%m-%d}" if row.effective.year > 1 else "ever",
                *(f"{row.rates.rate_of(name).normalize():f}" for name in CLASSES),
                "; ".join(row.changes) or (f"{row.discount:%} off" if row.discount else ""),
            )
            for row in rows
        ],
    )
    console.print(f"\nDollars per million tokens, before discounts. Version {version}")
