"""The store at the tables of this version, for the bot and for commands that work without it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from bot.desk import Desk
from bot.settings import SettingsError, StoreSettings
from storage import daybook
from storage.database import BadDatabaseUrl, Database
from storage.migrate import upgrade

log = structlog.get_logger("books")


@asynccontextmanager
async def books_of(settings: StoreSettings, desk: Desk) -> AsyncIterator[Database]:
    """The store alone, beside a bot that may be running.

    Raises:
        SettingsError: it cannot be opened.
    """
    store = await opened(settings, desk)
    try:
        yield store
    finally:
        await store.close()


async def opened(settings: StoreSettings, desk: Desk) -> Database:
    """The store at the tables of this version, its books kept by the desk's days; to be closed."""
    try:
        await asyncio.to_thread(upgrade, settings.database_url)
        store = Database(settings.database_url, desk.zone)
    except BadDatabaseUrl as error:
        raise SettingsError(str(error)) from None
    days = await daybook.keep(store)
    if days:
        log.info("day books made anew", days=days, zone=str(desk.zone))
    return store
