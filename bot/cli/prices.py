"""`deskhand prices`: the price list with its history."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.cli.arguments import ExitCode, mistakes_told
from bot.cli.output import print_json
from bot.cli.tables import show_prices, terminal
from bot.config.desk_file import load_desk
from bot.config.settings import SettingsError, load_store_settings
from bot.llm.price_files import load_catalogue
from bot.llm.price_list import price_rows
from bot.llm.pricing import PricingError


@mistakes_told(PricingError, ValueError)
def prices(chosen: argparse.Namespace) -> int:
    """Print every price and what changed with it."""
    catalogue = load_catalogue(*(chosen.prices or _configured(chosen.env)))
    rows = price_rows(catalogue)
    if chosen.json:
        print_json({"version": catalogue.version, "prices": rows})
    else:
        show_prices(terminal(), rows, catalogue.version)
    return ExitCode.DONE


def _configured(env: Path) -> Sequence[Path]:
    """The price files that the desk names; none where there is no desk yet."""
    try:
        return load_desk(load_store_settings(env).desk_config).desk.prices
    except SettingsError:
        return ()
