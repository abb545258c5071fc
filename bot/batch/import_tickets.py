"""The tickets of another desk, from a table into the store."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.batch.rows import bad_or_text
from bot.summaries.summariser import TicketSummary
from bot.tables.columns import NAMES, Columns
from bot.tables.record import NotATable, Record
from bot.tables.table import Table
from storage.db.database import Database
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

Labels = Mapping[str, dict[str, Any]]


class NotUsable(ValueError):
    """A row is no ticket; the sentence says why."""


class TicketImport:
    """Brings a table's tickets in. `desk` names where they come from, `labels` are by ticket.

    `unusable` counts the rows that are no tickets; each is told with its line.
    """

    def __init__(
        self, table: Table, desk: str, labels: Labels, tell: Callable[[str], None]
    ) -> None:
        self._table = table
        self._desk = desk
        self._labels = labels
        self._tell = tell
        self.unusable = 0

    async def run(self, store: Database) -> ImportCounts:
        """Import every row that can be used; doing it twice changes nothing."""
        counts, tickets = ImportCounts(), self._usable()
        while some := list(islice(tickets, AT_A_TIME)):
            # A number that stands twice in the file: the last one holds.
            last = {each.id: each for each in some}
            counts += await store.write(import_tickets, list(last.values()))
        return counts

    def _usable(self) -> Iterator[ImportedTicket]:
        for record in self._table.records():
            try:
                yield ticket_of(record, self._table.columns, self._desk, self._labels)
            except NotUsable as problem:
                self.unusable += 1
                self._tell(f"line {record.line}: {problem}")


def ticket_of(record: Record, columns: Columns, desk: str, labels: Labels) -> ImportedTicket:
    """The ticket that a record holds.

    Raises:
        NotUsable: it holds none, or a date that cannot be read.
    """
    name, text, problem = bad_or_text(record, columns)
    if problem:
        raise NotUsable(problem)
    got = {thing: columns.get(thing, record.fields) for thing in NAMES}
    opened_at, solved_at = (parse_date(thing, got[thing]) for thing in ("opened_at", "solved_at"))
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


def read_labels(path: Path) -> Labels:
    """What a batch run found, by ticket: the summary as the title, the labels as columns.

    Raises:
        NotATable: the file is not what a batch run writes.
    """
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


def parse_date(thing: str, text: str) -> datetime | None:
    """A date of ISO 8601, or seconds since 1970; without a zone it is UTC. None of no text.

    Raises:
        NotUsable: it is neither.
    """
    if not text:
        return None
    try:
        if text.replace(".", "", 1).isdigit() and len(text.partition(".")[0]) >= 9:
            return datetime.fromtimestamp(float(text), UTC)
        moment = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise NotUsable(f"{thing}: expected a date like 2026-10-01 14:30, found {text!r}") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
