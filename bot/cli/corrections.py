"""`deskhand corrections`: what people set right, as data."""

import argparse
import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.config.settings import SettingsError, load_store_settings
from storage.db.database import BadDatabaseUrl, Database
from storage.db.migrate import migration_pending
from storage.tickets import corrections


def add_corrections(command: argparse.ArgumentParser) -> None:
    """The options of `corrections`."""
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    ever = datetime.min.replace(tzinfo=UTC)
    command.add_argument("--since", type=_day, default=ever, help="such as 2026-11-01")
    command.set_defaults(command=_corrections)


def _day(typed: str) -> datetime:
    """A day or a moment in ISO 8601; without a zone it is UTC."""
    try:
        moment = datetime.fromisoformat(typed)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{typed!r} is no day such as 2026-11-01") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _corrections(chosen: argparse.Namespace) -> int:
    settings = load_store_settings(chosen.env)
    asyncio.run(_print_corrections(settings.database_url, chosen.since))
    return 0


async def _print_corrections(url: str, since: datetime) -> None:
    try:
        if migration_pending(url):
            raise SettingsError("DATABASE_URL: this database is not of this version: run it first")
        store = Database(url)
    except BadDatabaseUrl as error:
        raise SettingsError(str(error)) from None
    try:
        await store.read(corrections.tell_corrections, since, _print)
    finally:
        await store.close()


def _print(line: Mapping[str, Any]) -> None:
    print(json.dumps(line, ensure_ascii=False))
