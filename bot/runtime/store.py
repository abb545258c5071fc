"""The store at the tables of this version, for the bot and for commands that work without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.config.desk import Desk
from bot.config.settings import SettingsError, StoreSettings
from storage.costs import daily_totals
from storage.db.address import BadDatabaseUrl
from storage.db.database import Database
from storage.db.migrate import upgrade_database

log = structlog.get_logger("store")


@asynccontextmanager
async def open_store(settings: StoreSettings, desk: Desk) -> AsyncIterator[Database]:
    """The store, brought up to the tables of this version, its totals kept by the desk's days.

    A bot may be running on it.

    Raises:
        SettingsError: it cannot be opened.
    """
    try:
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
