"""What stands in a file of another desk's tickets, found by reading it once beforehand."""

from collections import Counter
from dataclasses import dataclass, field

from bot.imports.talk import Spoken, spoken, spoken_in_list
from bot.imports.written_dates import DateFacts
from bot.ticket_files.record import Record
from bot.ticket_files.table import Table
from bot.ticket_files.ticket_columns import field_names, field_of

# Different values that are looked at; a column with more of them holds no statuses.
MOST = 2_000
DATES = ("opened_at", "solved_at")


@dataclass
class Survey:
    """Statuses, priorities and agents with how often they occur, and what the dates show.

    `undated` are the rows without any date, `bare` those without a status.
    """

    rows: int = 0
    values: dict[str, Counter[str]] = field(
        default_factory=lambda: {"status": Counter(), "priority": Counter(), "agent": Counter()}
    )
    dates: DateFacts = field(default_factory=DateFacts)
    undated: int = 0
    bare: int = 0
    requesters: int = 0
    messages: int = 0
    notes: int = 0
    unread: Counter[str] = field(default_factory=Counter)

    def count(self, thing: str, value: str) -> None:
        """Count a value of a thing."""
        known = self.values[thing]
        if value in known or len(known) < MOST:
            known[value] += 1


def survey_table(table: Table) -> Survey:
    """Read a table to its end."""
    found = Survey()
    for record in table.records():
        if record.problem is None:
            _look_at(record, table, found)
    return found


def talk_of(record: Record, table: Table) -> list[Spoken]:
    """What was said in a ticket beside its first words, by the export it is from."""
    export, requester = table.export, table.columns.get("requester", record.fields)
    if export is not None and export.talk is not None:
        return spoken(record.fields, export.talk, requester)
    column = table.columns.column("text")
    value = field_of(record.fields, column) if column else None
    return spoken_in_list(value, requester) if isinstance(value, list) else []


def _look_at(record: Record, table: Table, found: Survey) -> None:
    columns, fields = table.columns, record.fields
    found.rows += 1
    for thing, name in (("status", "status"), ("priority", "priority"), ("assignee", "agent")):
        if value := columns.get(thing, fields):
            found.count(name, value)
        elif thing == "status":
            found.bare += 1
    found.requesters += bool(columns.get("requester", fields))
    said = talk_of(record, table)
    found.messages += sum(each.side != "note" for each in said)
    found.notes += sum(each.side == "note" for each in said)
    dates = [columns.get(thing, fields) for thing in DATES]
    found.undated += not any(dates) and not any(each.at for each in said)
    for text in (*dates, *(each.at for each in said)):
        if text:
            found.dates.add(text)
    others = (path for paths in columns.others.values() for path in paths)
    taken = (*columns.chosen.values(), *others, *_talk_fields(table))
    used = {path.partition(".")[0] for path in taken}
    if len(found.unread) < MOST:
        found.unread.update(
            name for name in field_names(fields) if name not in used and fields.get(name)
        )


def _talk_fields(table: Table) -> list[str]:
    """The fields from which messages are read."""
    export = table.export
    talks = [talk for talk in (export.talk, export.rows) if talk] if export else []
    paths = (
        (*each.list, each.column, *each.id, *each.author, each.side, each.private) for each in talks
    )
    return [path for each in paths for path in each if path]
