"""The store at the tables of this version, for the bot and for commands that work without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import structlog

from bot.config.desk import Desk
from bot.config.settings import SettingsError, StoreSettings
from storage.costs import daily_totals
from storage.db.address import BadDatabaseUrl, database_url, on_server
from storage.db.database import Database
from storage.db.migrate import upgrade_database

log = structlog.get_logger("store")


@asynccontextmanager
async def open_store(
    settings: StoreSettings, desk: Desk, *, there: bool = False
) -> AsyncIterator[Database]:
    """The store, brought up to the tables of this version, its totals kept by the desk's days.

    A bot may be running on it. Where it has to be `there`, none is made.

    Raises:
        SettingsError: it cannot be opened.
    """
    try:
        if there:
            _require_file(settings.database_url)
        await asyncio.to_thread(upgrade_database, settings.database_url)
        store = Database(settings.database_url, desk.zone)
    except BadDatabaseUrl as error:
        raise SettingsError(str(error)) from None
    try:
        days = await daily_totals.keep_totals(store)
        if days:
            log.info("daily totals made anew", days=days, zone=str(desk.zone))
        yield store
    finally:
        await store.close()


def _require_file(url: str) -> None:
    """Raise SettingsError where there is no file; whether a server has one is told by that."""
    address = database_url(url)
    file = None if on_server(address) else Path(str(address.database))
    if file is not None and not file.exists():
        raise SettingsError(f"DATABASE_URL: {file.resolve()}: not found; a desk makes it that runs")
