"""What the desk stands on: the disk, and the state of its database."""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

from bot.checks.finding import Finding, ok, warning, wrong
from bot.config.settings import Settings
from storage.db.address import BadDatabaseUrl, database_url, on_server, shown
from storage.db.database import Database
from storage.db.file_state import LOCK_WAIT, file_state
from storage.db.migrate import schema_state
from storage.reports.backlog import take_turn
from storage.reports.balance import message_balance
from storage.tickets.tickets import unfinished_messages

MEGABYTE = 1_000_000
# Megabytes that are left: a busy week, and what keeps the next hour going.
LOW, NEARLY_FULL = 1_000, 100


async def check_disk(settings: Settings) -> Sequence[Finding]:
    """How much is left where the database is; a server's is seen there."""
    return await asyncio.to_thread(_disk, settings)


def _disk(settings: Settings) -> Sequence[Finding]:
    place = database_url(settings.database_url)
    folder = Path(place.database or "").resolve().parent
    if on_server(place) or not folder.is_dir():
        return []
    left = shutil.disk_usage(folder).free // MEGABYTE
    told = f"{left / 1_000:,.1f} GB left in {folder}"
    if left < NEARLY_FULL:
        return [wrong("disk", f"{told}: make room, or nothing can be written")]
    return [warning("disk", f"{told}: make room soon") if left < LOW else ok("disk", told)]


async def check_database_state(settings: Settings) -> Sequence[Finding]:
    """Where the database stands, whether it is whole and can be written, and what is in it."""
    try:
        place = database_url(settings.database_url)
        schema = await asyncio.to_thread(schema_state, settings.database_url)
    except BadDatabaseUrl as problem:
        return [wrong("database", str(problem))]
    if schema.revision is None:
        return [ok("database", f"{shown(place)} is filled at the first run")]
    found = [] if on_server(place) else await _of_file(Path(place.database or ""))
    if schema.pending:
        told = f"stands at {schema.revision}, {len(schema.pending)} migrations are to come"
        return [*found, warning("database", f"{told}: deskhand migrate, or the next run")]
    return [*found, await _contents(settings, schema.revision)]


async def _of_file(file: Path) -> list[Finding]:
    state = await asyncio.to_thread(file_state, file)
    if state.fault:
        return [wrong("database", f"is damaged ({state.fault}): bring back a backup")]
    if state.locked:
        told = f"somebody has held its write lock for {LOCK_WAIT:g} seconds: which program is it?"
        return [wrong("database", told)]
    sizes = f"{state.size / MEGABYTE:,.1f} MB and {state.wal / MEGABYTE:,.1f} MB beside it"
    return [ok("database", f"is whole and can be written: {sizes}")]


async def _contents(settings: Settings, revision: str) -> Finding:
    store = Database(settings.database_url)
    try:
        await store.write(take_turn)
        balance = await store.read(message_balance)
        under_way = await store.read(unfinished_messages)
    finally:
        await store.close()
    told = (
        f"at {revision}: {balance.received} messages received = {balance.ticketed} ticketed + "
        f"{sum(balance.ignored.values())} ignored + {balance.failed} failed; {under_way} under way"
    )
    return ok("database", told)
