"""`deskhand import`: the history of another desk, so that it can be found and counted."""

import argparse
import asyncio
import signal
import sys
from datetime import UTC, datetime, time

from rich.console import Console

from bot.cli.terminal.arguments import (
    ExitCode,
    mistakes_told,
    reading_options,
)
from bot.config.desk_file import desk_for_files
from bot.config.settings_file import load_store_settings
from bot.imports.labels import Labels, read_labels
from bot.imports.mapping import ImportAnswers, ImportMapping, mapping_of
from bot.imports.past_ticket import PastTickets
from bot.imports.run import TicketImport
from bot.imports.shown import closing_counts, mapping_table, questions_table
from bot.imports.survey import survey_table
from bot.runtime.logs import configure_logs
from bot.ticket_files.options import ReadingOptions
from bot.ticket_files.record import NotATable
from bot.ticket_files.source import kept_source
from bot.ticket_files.table import opened_table
from bot.ticket_files.ticket_columns import column_names
from storage.db.address import BadDatabaseUrl, database_url, shown
from storage.db.database import Database, StoreFailure
from storage.db.migrate import upgrade_database


@mistakes_told(BadDatabaseUrl)
def import_file(chosen: argparse.Namespace) -> int:
    """Import the file.

    0 done, 1 some rows could not be used, 2 it cannot be read or something has to be said first,
    3 the database cannot be written, 130 interrupted. The same command goes on where it stopped.
    """
    settings = load_store_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    console = Console(stderr=True, highlight=False, markup=False)
    try:
        labels = read_labels(chosen.labels) if chosen.labels else {}
        zone = str(desk_for_files(settings.desk_config).zone)
        with kept_source(chosen.source) as source:
            options = reading_options(chosen, column_names())
            mapping = _mapping(source, options, _answers(chosen), zone, console)
            if mapping is None:
                return ExitCode.WRONG
            if chosen.dry_run or not (chosen.yes or _agreed()):
                console.print("Nothing was written.")
                return ExitCode.DONE
            upgrade_database(settings.database_url)
            work = _write(source, options, chosen, mapping, labels, settings.database_url, console)
            return asyncio.run(work)
    except NotATable as error:
        console.print(f"{chosen.source}: {error}", soft_wrap=True)
        return ExitCode.WRONG
    except StoreFailure as error:
        # Each transaction is whole or not at all, so what was written stands.
        name = shown(database_url(settings.database_url))
        console.print(f"{name} cannot be written: {error.orig}", soft_wrap=True)
        return ExitCode.STOPPED


def _mapping(
    source: str, options: ReadingOptions, said: ImportAnswers, zone: str, console: Console
) -> ImportMapping | None:
    """How the file's tickets become ours, shown; None when something has to be said first."""
    with opened_table(source, options) as table:
        survey = survey_table(table)
        mapping, questions = mapping_of(survey, table.export, said, zone)
        console.print(mapping_table(table, survey, mapping))
    if not questions:
        return mapping
    console.print()
    console.print(questions_table(questions))
    console.print("Nothing was written. Run the command again with these options.")
    return None


async def _write(
    source: str,
    options: ReadingOptions,
    chosen: argparse.Namespace,
    mapping: ImportMapping,
    labels: Labels,
    database_url: str,
    console: Console,
) -> int:
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupted.set)
    store = Database(database_url)
    try:
        with opened_table(source, options) as table:
            past = PastTickets(table, chosen.desk, mapping, labels)
            together = chosen.repeats == "messages" or _rows_are_messages(table.export)
            work = TicketImport(table, past, _tell, together=together)
            ended = await work.run(store, interrupted.is_set)
            console.print(closing_counts(work.tally, table, ended=ended))
    finally:
        await store.close()
    if not ended:
        console.print("interrupted. The same command goes on from here.")
        return ExitCode.INTERRUPTED
    counts = work.tally.counts
    print(
        f"{counts.added:,} added, {counts.changed:,} changed, {counts.unchanged:,} as before, "
        f"{work.tally.failed.total():,} not usable"
    )
    return ExitCode.INCOMPLETE if work.tally.failed else ExitCode.DONE


def _rows_are_messages(export: object) -> bool:
    return getattr(export, "rows", None) is not None


def _answers(chosen: argparse.Namespace) -> ImportAnswers:
    day = chosen.opened_on
    return ImportAnswers(
        values=dict(chosen.values),
        zone=chosen.zone,
        order=chosen.date_order,
        opened_on=datetime.combine(day, time(), chosen.zone or UTC) if day else None,
    )


def _agreed() -> bool:
    """Whether a person at a terminal agrees; where nobody sits nobody is asked."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    print("Write this? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _tell(line: str) -> None:
    print(line, file=sys.stderr)
