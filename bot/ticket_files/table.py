"""A file of tickets as its records, with what is known of it beforehand."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from typing import Any

from bot.ticket_files.exports import export_columns, recognised
from bot.ticket_files.json_records import (
    document_records,
    is_json_lines,
    line_records,
    looks_like_json,
)
from bot.ticket_files.lines import LineReader
from bot.ticket_files.options import ReadingOptions
from bot.ticket_files.record import NotATable, Record, SkippedLines
from bot.ticket_files.separated import SeparatedRecords
from bot.ticket_files.separator import guess_separator
from bot.ticket_files.source import Source, opened_source
from bot.ticket_files.table_encoding import decoded, decoded_head, find_encoding, told_encoding
from bot.ticket_files.ticket_columns import Columns, columns_of

LOOKED_AT = 50  # good rows, by which the columns are chosen
MUCH = 1_000_000  # characters of rows that are looked at beforehand
SEPARATORS = {"": "one column", "\t": "tabs", ",": "commas", ";": "semicolons", "|": "bars"}


class Table:
    """A file of tickets. The columns are known once the first good records have been read.

    `form` says in words how it is read, `export` whose export it is, `first` has every field of the
    first rows.
    """

    def __init__(self, source: Source, options: ReadingOptions) -> None:
        """Look at the first good records.

        Raises:
            NotATable: nothing usable is in it, or no column looks like the text.
        """
        self.size = source.size
        self.skipped = SkippedLines()
        head = source.head()
        encoding = find_encoding(head, options.encoding)
        self.form, self._records = _reading(source, head, encoding, options)
        ahead = list(_looked_at(self._records))
        self.first: Mapping[str, Any] = _whole(each.fields for each in ahead)
        if not self.first:
            raise NotATable(_nothing(ahead))
        self.export = recognised(self.first)
        known = export_columns(self.export, self.first) if self.export else None
        try:
            self.columns: Columns = columns_of(self.first, options.columns, known)
        except LookupError as error:
            raise NotATable(str(error.args[0])) from None
        self._records = chain(ahead, self._records)

    def records(self) -> Iterator[Record]:
        """Every row, to be read once; what is no row is counted in `skipped`."""
        for record in self._records:
            if record.skipped:
                self.skipped.add(record)
            else:
                yield record


@contextmanager
def opened_table(name: str, options: ReadingOptions) -> Iterator[Table]:
    """The tickets of the file of that name, `-` for standard input.

    Raises:
        NotATable: it cannot be opened or read as a table.
    """
    with opened_source(name, options.member) as source:
        yield Table(source, options)


def _reading(
    source: Source, head: bytes, encoding: str, options: ReadingOptions
) -> tuple[str, Iterator[Record]]:
    """How the file is read, in words, and its records."""
    start = decoded_head(head, encoding)
    told = told_encoding(encoding)
    if options.separator is None and looks_like_json(start):
        if is_json_lines(start):
            lines = LineReader(decoded(source, encoding, ""), source)
            return f"JSON lines, {told}", line_records(lines, encoding)
        text = decoded(source, encoding, None)
        return f"a JSON document, {told}", document_records(text, source, encoding)
    separator = options.separator
    if separator is None:
        separator = guess_separator(start)
    lines = LineReader(decoded(source, encoding, ""), source)
    shown = SEPARATORS.get(separator, repr(separator))
    return f"cells between {shown}, {told}", iter(SeparatedRecords(lines, separator, encoding))


def _looked_at(records: Iterator[Record]) -> Iterator[Record]:
    """The first rows that are looked at together: one alone may lack a field that others have."""
    good = size = 0
    for record in records:
        yield record
        good += bool(record.fields)
        size += sum(len(str(value)) for value in record.fields.values())
        if good == LOOKED_AT or size > MUCH:
            return


def _whole(rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Every field that some rows have, with the first value that says something."""
    found: dict[str, Any] = {}
    for row in rows:
        for name, value in row.items():
            if name not in found or (value and not found[name]):
                found[name] = value
    return found


def _nothing(ahead: list[Record]) -> str:
    failed = next((each for each in ahead if each.problem), None)
    if failed is None:
        return "there is nothing in it" if not ahead else "there is no row in it"
    return f"no line can be read; line {failed.line}: {failed.problem}"
