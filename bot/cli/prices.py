"""`deskhand prices`: the price list with its history."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.cli.arguments import ExitCode, add_env, mistakes_told
from bot.cli.tables import show_prices, terminal
from bot.config.desk_file import load_desk
from bot.config.settings import SettingsError, load_store_settings
from bot.llm.price_files import load_catalogue
from bot.llm.price_list import price_rows
from bot.llm.pricing import PricingError


def add_prices(command: argparse.ArgumentParser) -> None:
    """The options of `prices`."""
    command.add_argument("--prices", type=Path, nargs="*", help="price files to lay over it")
    add_env(command)
    command.set_defaults(command=prices)


@mistakes_told(PricingError, ValueError)
def prices(chosen: argparse.Namespace) -> int:
    """Print every price and what changed with it."""
    catalogue = load_catalogue(*(chosen.prices or _configured(chosen.env)))
    show_prices(terminal(), price_rows(catalogue), catalogue.version)
    return ExitCode.DONE


def _configured(env: Path) -> Sequence[Path]:
    """The price files that the desk names; none where there is no desk yet."""
    try:
        return load_desk(load_store_settings(env).desk_config).desk.prices
    except SettingsError:
        return ()
