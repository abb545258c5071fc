"""`deskhand import`: the history of another desk, so that it can be found and counted."""

import argparse
import asyncio
import sys
from functools import partial
from pathlib import Path

from bot.batch.import_tickets import TicketImport, read_labels
from bot.cli.arguments import ExitCode, add_env, add_tickets, mistakes_told, reading_options
from bot.config.settings import load_store_settings
from bot.runtime.logs import configure_logs
from bot.tables.columns import NAMES
from bot.tables.record import NotATable
from bot.tables.table import opened_table
from storage.db.database import BadDatabaseUrl, Database
from storage.db.migrate import upgrade_database
from storage.tickets.imported import ImportCounts


def add_import(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    add_tickets(command)
    command.add_argument("--from", dest="desk", default="history", help="name of the other desk")
    command.add_argument("--labels", type=Path, help="what `deskhand batch` made of the same file")
    for name in NAMES:
        command.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="COLUMN")
    add_env(command)
    command.set_defaults(command=import_file)


@mistakes_told(BadDatabaseUrl)
def import_file(chosen: argparse.Namespace) -> int:
    """Import the file; 0 done, 1 some rows could not be used, 2 the file cannot be read."""
    settings = load_store_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    options = reading_options(chosen, NAMES)
    tell = partial(print, file=sys.stderr)
    try:
        labels = read_labels(chosen.labels) if chosen.labels else {}
        upgrade_database(settings.database_url)
        with opened_table(chosen.source, options) as table:
            tell(f"columns: {table.columns}")
            work = TicketImport(table, chosen.desk, labels, tell)
            counts = asyncio.run(_import(work, settings.database_url))
    except NotATable as error:
        tell(f"{chosen.source}: {error}")
        return ExitCode.WRONG
    told = f"{counts.added:,} added, {counts.changed:,} changed, {counts.unchanged:,} as before"
    print(f"{told}, {work.unusable:,} not usable")
    return ExitCode.INCOMPLETE if work.unusable else ExitCode.DONE


async def _import(work: TicketImport, database_url: str) -> ImportCounts:
    store = Database(database_url)
    try:
        return await work.run(store)
    finally:
        await store.close()
