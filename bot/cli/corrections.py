"""`deskhand corrections`: what people set right, as data."""

import argparse
import asyncio
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.cli.terminal.arguments import ExitCode, mistakes_told
from bot.config.settings import SettingsError
from bot.config.settings_file import load_store_settings
from storage.db.address import BadDatabaseUrl
from storage.db.database import Database
from storage.db.migrate import migration_pending
from storage.tickets.corrections import tell_corrections


@mistakes_told(BadDatabaseUrl)
def corrections(chosen: argparse.Namespace) -> int:
    """Print each correction as a JSON line."""
    settings = load_store_settings(chosen.env)
    asyncio.run(_print_corrections(settings.database_url, chosen.since))
    return ExitCode.DONE


async def _print_corrections(url: str, since: datetime) -> None:
    if migration_pending(url):
        raise SettingsError("DATABASE_URL: this database is not of this version: run it first")
    store = Database(url)
    try:
        await store.read(tell_corrections, since, _print)
    finally:
        await store.close()


def _print(line: Mapping[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False))
