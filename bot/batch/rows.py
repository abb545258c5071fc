"""The tickets of a file, one at a time, and what is wrong with those that cannot be used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import chain
from typing import BinaryIO

from bot.batch.columns import Columns, columns_of
from bot.batch.records import Format, NotATable, Record, records

# Characters. More is no ticket; `deskhand summarize` takes documents of any length.
LONGEST_TEXT = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """A ticket of the file: its place from 0, its line from 1, where it ends (bytes), its words.

    `problem` says why it cannot be used; then the text is empty, and the id may be.
    """

    number: int
    line: int
    end: int
    id: str
    text: str = ""
    problem: str | None = None


class Table:
    """A file of tickets. The columns are known once the first good record has been read."""

    def __init__(
        self,
        stream: BinaryIO,
        form: Format,
        *,
        encoding: str = "utf-8",
        said: Mapping[str, str | None] | None = None,
    ) -> None:
        """Look at the first good record.

        Raises:
            NotATable: nothing usable is in it, or no column looks like the text.
        """
        self._records = records(stream, form, encoding)
        ahead: list[Record] = []
        for record in self._records:
            ahead.append(record)
            if record.fields:
                break
        if not ahead:
            raise NotATable("there is nothing in it")
        if not ahead[-1].fields:
            raise NotATable(f"no line can be read; line {ahead[0].line}: {ahead[0].problem}")
        try:
            self.columns: Columns = columns_of(ahead[-1].fields, said or {})
        except LookupError as error:
            raise NotATable(str(error.args[0])) from None
        self._records = chain(ahead, self._records)

    def records(self) -> Iterator[Record]:
        """Every record with all its fields, to be read once."""
        return self._records

    def rows(self) -> Iterator[Row]:
        """Every ticket in the order of the file, to be read once."""
        seen: set[int] = set()
        for number, record in enumerate(self._records):
            row = self._row(number, record)
            if row.problem is None:
                mark = _mark(row.id)
                if mark in seen:
                    row = _bad(row, f"the id {row.id!r} stands on an earlier line")
                seen.add(mark)
            yield row

    def _row(self, number: int, record: Record) -> Row:
        name, text, problem = bad_or_text(record, self.columns)
        return Row(number, record.line, record.end, name, "" if problem else text, problem)


def bad_or_text(record: Record, columns: Columns) -> tuple[str, str, str | None]:
    """The number and the words of a record's ticket, and why it cannot be used if it cannot."""
    name = columns.get("id", record.fields) or ("" if columns.id else str(record.line))
    said = columns.get("text", record.fields)
    text = "\n\n".join(filter(None, (columns.get("subject", record.fields), said)))
    return name, text, record.problem or _problem(name, said, text, columns)


def _problem(name: str, said: str, text: str, columns: Columns) -> str | None:
    if not name:
        return f"no {columns.id}"
    if not said:
        return f"no {columns.text}"
    if len(text) > LONGEST_TEXT:
        return f"{len(text):,} characters long, at most {LONGEST_TEXT:,} are taken"
    if not (_sound(name) and _sound(text)):
        return "half a character (a lone surrogate) in it"
    return None


def _bad(row: Row, problem: str) -> Row:
    return Row(row.number, row.line, row.end, row.id, problem=problem)


def _sound(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _mark(name: str) -> int:
    """Eight bytes of an id: a million ids take 70 MB as marks and a good deal more as text."""
    return int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=8).digest())
