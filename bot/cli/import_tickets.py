"""`deskhand import`: the history of another desk, so that it can be found and counted."""

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.batch.columns import NAMES, Columns
from bot.batch.job import Job
from bot.batch.records import NotATable, Record
from bot.batch.rows import Table, bad_or_text
from bot.config.settings import SettingsError, load_store_settings
from bot.runtime.logs import configure_logs
from bot.summaries.summariser import TicketSummary
from storage.db.database import BadDatabaseUrl, Database
from storage.db.migrate import upgrade_database
from storage.tickets.imported import ImportCounts, ImportedStatus, ImportedTicket, import_tickets

# Tickets in one transaction: other writers wait no longer than that.
AT_A_TIME = 200
STATUSES: Mapping[str, ImportedStatus] = {
    "new": "open", "open": "open", "in progress": "open", "reopened": "open",
    "pending": "pending", "waiting": "pending", "waiting on customer": "pending",
    "on hold": "pending", "hold": "pending",
    "solved": "solved", "resolved": "solved", "done": "solved", "completed": "solved",
    "closed": "closed", "archived": "closed",
}  # fmt: skip
PRIORITIES = ("low", "normal", "high", "urgent")


def add_import(command: argparse.ArgumentParser) -> None:
    """The options of the command."""
    command.add_argument("source", help="tickets as .csv or .jsonl, or - for standard input")
    command.add_argument("--from", dest="desk", default="history", help="name of the other desk")
    command.add_argument("--labels", type=Path, help="what `deskhand batch` made of the same file")
    command.add_argument("--encoding", default="utf-8")
    for name in NAMES:
        command.add_argument(f"--{name.replace('_', '-')}", dest=name, metavar="COLUMN")
    command.add_argument("--env", type=Path, default=Path(".env"), help="default: .env")
    command.set_defaults(command=import_file)


def import_file(chosen: argparse.Namespace) -> int:
    """Import the file; 0 done, 1 some rows could not be used, 2 the file cannot be read."""
    settings = load_store_settings(chosen.env)
    configure_logs(settings.log_level, settings.log_format)
    said = {name: getattr(chosen, name) for name in NAMES}
    job = Job(chosen.source, Path(), encoding=chosen.encoding, said=said)
    try:
        labels = _labels(chosen.labels) if chosen.labels else {}
        upgrade_database(settings.database_url)
        with job.opened() as (table, _size):
            print(f"columns: {table.columns}", file=sys.stderr)
            bad = asyncio.run(_import(table, chosen.desk, labels, settings.database_url))
    except BadDatabaseUrl as error:
        raise SettingsError(str(error)) from None
    except NotATable as error:
        print(f"{chosen.source}: {error}", file=sys.stderr)
        return 2
    return 1 if bad else 0


async def _import(
    table: Table, desk: str, labels: Mapping[str, dict[str, Any]], database: str
) -> int:
    brought, bad = ImportCounts(), 0
    store = Database(database)

    def usable() -> Iterator[ImportedTicket]:
        nonlocal bad
        for record in table.records():
            past = _past(record, table.columns, desk, labels)
            if isinstance(past, ImportedTicket):
                yield past
            else:
                bad += 1
                print(f"line {record.line}: {past}", file=sys.stderr)

    try:
        tickets = usable()
        while some := list(islice(tickets, AT_A_TIME)):
            # A number that stands twice in the file: the last one holds.
            brought += await store.write(
                import_tickets, list({each.id: each for each in some}.values())
            )
    finally:
        await store.close()
    told = f"{brought.added:,} added, {brought.changed:,} changed, {brought.unchanged:,} as before"
    print(f"{told}, {bad:,} not usable")
    return bad


def _past(
    record: Record, columns: Columns, desk: str, labels: Mapping[str, dict[str, Any]]
) -> ImportedTicket | str:
    """The ticket of a record, or what is wrong with it."""
    name, text, problem = bad_or_text(record, columns)
    if problem:
        return problem
    got = {thing: columns.get(thing, record.fields) for thing in NAMES}
    try:
        opened_at = _moment("opened_at", got["opened_at"])
        solved_at = _moment("solved_at", got["solved_at"])
    except ValueError as error:
        return str(error)
    label = labels.get(name, {})
    default: ImportedStatus = "solved" if solved_at else "closed"
    dates = {"opened_at": opened_at} if opened_at else {}
    priority = got["priority"].lower()
    return ImportedTicket(
        source=desk,
        id=name,
        text=text,
        title=label.get("title") or got["subject"],
        requester=got["requester"],
        assignee=got["assignee"],
        answer=got["answer"],
        status=STATUSES.get(got["status"].lower().replace("_", " "), default),
        priority=priority if priority in PRIORITIES else "normal",
        solved_at=solved_at,
        labels={key: value for key, value in label.items() if key != "title"},
        **dates,
    )


def _labels(path: Path) -> dict[str, dict[str, Any]]:
    """What a batch run found, by ticket: the summary as the title, the labels as columns."""
    found: dict[str, dict[str, Any]] = {}
    try:
        with path.open(encoding="utf-8") as file:
            for line in file:
                entry = json.loads(line)
                if "error" in entry:
                    continue
                labelled = TicketSummary.model_validate(entry).model_dump()
                found[entry["id"]] = {"title": labelled.pop("summary"), **labelled}
    except (OSError, ValueError, KeyError, ValidationError) as error:
        raise NotATable(f"--labels {path}: not what deskhand batch writes ({error})") from None
    return found


def _moment(thing: str, text: str) -> datetime | None:
    """A date of ISO 8601, or seconds since 1970; without a zone it is UTC."""
    if not text:
        return None
    try:
        if text.replace(".", "", 1).isdigit() and len(text.partition(".")[0]) >= 9:
            return datetime.fromtimestamp(float(text), UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise ValueError(
            f"{thing}: expected a date like 2026-10-01 14:30, found {text!r}"
        ) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
