"""A file of tickets cut into records with their line numbers, whatever else is wrong with it.

Python's csv module cannot go on after a broken record and does not say where it was, so records
are cut here (a quote opens and closes; a newline inside is text) and only then read.
"""

import csv
import io
import json
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal

# Bytes. A record is held in memory; a longer one is reported and skipped.
LONGEST = 4 * 1024 * 1024
BOM = b"\xef\xbb\xbf"
WIDE = (b"\xff\xfe", b"\xfe\xff")

Format = Literal["csv", "jsonl"]


class NotATable(ValueError):
    """The whole input cannot be read; the sentence says what it is and what was expected."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the line it begins on (from 1), where it ends (bytes), and its fields.

    `problem` says why it has none.
    """

    line: int
    end: int
    fields: dict[str, Any]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Raw:
    line: int
    end: int
    data: bytes
    problem: str | None = None


def records(stream: BinaryIO, form: Format, encoding: str = "utf-8") -> Iterator[Record]:
    """The records of a stream, one at a time; blank lines between them are skipped.

    Raises:
        NotATable: it is UTF-16, or a CSV without a header.
    """
    lines = _Lines(stream)
    if form == "jsonl":
        yield from _json_records(lines, encoding)
    else:
        yield from _csv_records(lines, encoding)


def guess_format(name: str, first: bytes) -> Format:
    """By the ending of the name, or else by whether the first line begins an object."""
    if name.lower().endswith((".jsonl", ".ndjson", ".json")):
        return "jsonl"
    if name.lower().endswith((".csv", ".tsv", ".txt")):
        return "csv"
    return "jsonl" if first.removeprefix(BOM).lstrip().startswith(b"{") else "csv"


class _Lines:
    """Lines with their numbers, none longer than we hold; lines can be put back."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._back: deque[_Raw] = deque()
        self._number = 0
        self._end = 0

    def __iter__(self) -> Iterator[_Raw]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> _Raw | None:
        if self._back:
            return self._back.popleft()
        data = self._stream.readline(LONGEST)
        if not data:
            return None
        self._number += 1
        self._end += len(data)
        if self._number == 1:
            if data.startswith(WIDE):
                raise NotATable("the file is UTF-16: save it as UTF-8")
            data = data.removeprefix(BOM)
        size = len(data)
        if size >= LONGEST and not data.endswith(b"\n"):
            size += self._skip()
            return _Raw(self._number, self._end, b"", f"the line is {size:,} bytes long")
        return _Raw(self._number, self._end, data)

    def put_back(self, lines: Sequence[_Raw]) -> None:
        self._back.extendleft(reversed(lines))

    def _skip(self) -> int:
        """Read to the end of an overlong line without holding it."""
        skipped = 0
        while rest := self._stream.readline(LONGEST):
            skipped += len(rest)
            if rest.endswith(b"\n"):
                break
        self._end += skipped
        return skipped


def _json_records(lines: _Lines, encoding: str) -> Iterator[Record]:
    for raw in lines:
        if raw.problem:
            yield Record(raw.line, raw.end, {}, raw.problem)
        elif raw.data.strip():
            yield _json_record(raw, encoding)


def _json_record(raw: _Raw, encoding: str) -> Record:
    try:
        value = json.loads(_decoded(raw.data, encoding))
    except (json.JSONDecodeError, RecursionError):
        return Record(raw.line, raw.end, {}, "not JSON")
    except ValueError as error:
        return Record(raw.line, raw.end, {}, str(error))
    if not isinstance(value, dict):
        return Record(raw.line, raw.end, {}, "not a JSON object")
    return Record(raw.line, raw.end, value)


def _csv_records(lines: _Lines, encoding: str) -> Iterator[Record]:
    first = _whole(lines)
    if first is None:
        return
    try:
        header_text = _decoded(first.data, encoding)
    except ValueError as error:
        raise NotATable(f"the first line, which names the columns, is {error}") from None
    mark = max(",;\t|", key=header_text.count)
    header = [name.strip() for name in _cells(header_text, mark)]
    if first.problem or not any(header):
        raise NotATable("the first line must name the columns")
    while (raw := _whole(lines)) is not None:
        if raw.problem is None and not raw.data.strip():
            continue
        yield _csv_record(raw, header, mark, encoding)


def _csv_record(raw: _Raw, header: list[str], mark: str, encoding: str) -> Record:
    if raw.problem:
        return Record(raw.line, raw.end, {}, raw.problem)
    try:
        cells = _cells(_decoded(raw.data, encoding), mark)
    except (ValueError, csv.Error) as error:
        return Record(raw.line, raw.end, {}, str(error))
    if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
        problem = f"{len(cells)} fields where the header names {len(header)}"
        return Record(raw.line, raw.end, {}, problem)
    return Record(raw.line, raw.end, dict(zip(header, cells, strict=False)))


def _whole(lines: _Lines) -> _Raw | None:
    """The lines of one CSV record. A quote that never closes spoils one line, not the rest."""
    first = lines.next()
    if first is None or first.problem or first.data.count(b'"') % 2 == 0:
        return first
    taken, size, quotes = [first], len(first.data), first.data.count(b'"')
    while quotes % 2 and size <= LONGEST:
        line = lines.next()
        if line is None or line.problem:
            if line is not None:
                taken.append(line)
            break
        taken.append(line)
        size += len(line.data)
        quotes += line.data.count(b'"')
    if quotes % 2 == 0:
        return _Raw(first.line, taken[-1].end, b"".join(line.data for line in taken))
    lines.put_back(taken[1:])
    return _Raw(first.line, first.end, b"", "a quote is opened and never closed")


def _cells(text: str, mark: str) -> list[str]:
    csv.field_size_limit(LONGEST * 2)
    return next(csv.reader(io.StringIO(text, newline=""), delimiter=mark), [])


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise ValueError(f"not text in {encoding.upper()}") from None
