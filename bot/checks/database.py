"""Checks of the database: whether it can be opened, and what of the history came by no event."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.checks.finding import Finding, ok, wrong
from bot.config.settings import Settings
from storage.db.address import BadDatabaseUrl, database_url, shown
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.db.migrate import migration_pending
from storage.intake import missed, watermarks


async def check_database(settings: Settings) -> Sequence[Finding]:
    """Whether the database can be opened and is up to date."""
    try:
        name = shown(database_url(settings.database_url))
        behind = await asyncio.to_thread(migration_pending, settings.database_url)
    except BadDatabaseUrl as problem:
        return [wrong("database", str(problem))]
    if behind:
        return [ok("database", f"{name} will be brought up to date at the next run")]
    return [ok("database", f"{name} is up to date")]


async def check_history(settings: Settings) -> Sequence[Finding]:
    """What no event brought in the last week; nothing where no desk has run on the database."""
    try:
        if await asyncio.to_thread(migration_pending, settings.database_url):
            return []
    except BadDatabaseUrl:
        return []
    store = Database(settings.database_url)
    try:
        now = utc_now()
        read_at = await store.read(watermarks.last_read)
        found = await store.read(missed.count_missed, now - timedelta(days=7), now)
    finally:
        await store.close()
    if read_at is None:
        return []
    told = f"last read {read_at:%Y-%m-%d %H:%M} UTC"
    return [ok("history", f"{found} messages of a week came by no event and were found; {told}")]
