"""The tickets of a file, one at a time, and what is wrong with those that cannot be used."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from bot.ticket_files.html_text import plain_text
from bot.ticket_files.record import Record
from bot.ticket_files.table import Table
from bot.ticket_files.ticket_columns import Columns

# Characters. More is no ticket; `deskhand summarize` takes documents of any length.
LONGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket of the file: its place from 0, its line from 1, where it ends (bytes), its words.

    `lines` are those of the file that are its own. `problem` says why it cannot be used; then the
    text is empty, and the id may be.
    """

    number: int
    line: int
    end: int
    id: str
    text: str = ""
    problem: str | None = None
    lines: int = 1


def ticket_rows(table: Table) -> Iterator[Row]:
    """Every ticket of a table in the order of the file, to be read once."""
    seen: dict[int, int] = {}
    for number, record in enumerate(table.records()):
        name, text, problem = bad_or_text(record, table.columns)
        if problem is None:
            mark = mark_of(name)
            if mark in seen:
                problem = f"the id {name!r} stands on line {seen[mark]} already"
            else:
                seen[mark] = record.line
        yield Row(
            number, record.line, record.end, name, "" if problem else text, problem, record.lines
        )


def bad_or_text(record: Record, columns: Columns) -> tuple[str, str, str | None]:
    """The number and the words of a record's ticket, and why it cannot be used if it cannot."""
    column = columns.column("id")
    name = columns.get("id", record.fields) or ("" if column else str(record.line))
    said = plain_text(columns.get("text", record.fields))
    subject = columns.get("subject", record.fields)
    text = said if subject == said else "\n\n".join(filter(None, (subject, said)))
    return name, text, record.problem or _problem(name, said, text, columns)


def mark_of(name: str) -> int:
    """Eight bytes of an id: a million ids take 70 MB as marks and a good deal more as text."""
    return int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=8).digest())


def _problem(name: str, said: str, text: str, columns: Columns) -> str | None:
    if not name:
        return f"no {columns.column('id')}"
    if not said:
        return f"no {columns.column('text')}"
    if len(text) > LONGEST_TEXT:
        return f"{len(text):,} characters long, at most {LONGEST_TEXT:,} are taken"
    if not (_sound(name) and _sound(text)):
        return "half a character (a lone surrogate) in it"
    return None


def _sound(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
