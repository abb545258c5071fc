"""Records of separated values, whatever is wrong with some of them.

A row that is broken (a quote never closed, a line break outside quotes) costs its own lines and no
others: the next line that plainly begins a row is read as one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bot.ticket_files.cells import QUOTE, CellReader, cells_of_line, literal_cells, plain_cell
from bot.ticket_files.lines import Line, LineReader
from bot.ticket_files.record import LONGEST, UNDECODED, NotATable, Record
from bot.ticket_files.row_shape import RowShape
from bot.ticket_files.separator import LOOKED_AT, said_separator
from bot.ticket_files.table_encoding import told_encoding
from bot.ticket_files.ticket_columns import key_place

NEVER_CLOSED = "a quote is opened and never closed"
CUT = "the file ends within this row"
BROKEN_LINE = "a line break outside quotes"


class SeparatedRecords:
    """The records of lines; the columns are named by the first line that has several cells."""

    def __init__(self, lines: LineReader, separator: str, encoding: str) -> None:
        self._lines = lines
        self._separator = separator
        self._encoding = encoding
        self._header: list[str] = []
        self._shape = RowShape(separator, 1, 0)
        self._sound = 0
        self._ends_in_cr = False

    def __iter__(self) -> Iterator[Record]:
        """Every piece of the file in its order.

        Raises:
            NotATable: no line names the columns.
        """
        yield from self._before()
        while (line := self._lines.next()) is not None:
            if line.problem:
                yield _failed([line], line.problem)
            elif not line.text.strip(" \t\r\n\0\x1a"):
                yield _skipped([line], "blank")
            else:
                yield self._record(line)

    def _before(self) -> Iterator[Record]:
        """What stands above the rows, the names of the columns last."""
        ahead: list[Line] = []
        while (line := self._lines.next()) is not None:
            ahead.append(line)
            if line.problem or len(ahead) > LOOKED_AT:
                break
            if len(cells_of_line(line.text, self._separator)[0]) > 1:
                break
        several = bool(ahead) and len(cells_of_line(ahead[-1].text, self._separator)[0]) > 1
        self._lines.put_back(ahead)
        while (line := self._lines.next()) is not None:
            if line.problem:
                raise NotATable(f"line {line.number}, which names the columns: {line.problem}")
            if not line.text.strip():
                yield _skipped([line], "blank")
            elif said_separator(line.text):
                yield _skipped([line], "names the separator")
            elif several and line.number < ahead[-1].number:
                yield _skipped([line], "above the names of the columns")
            else:
                yield self._names(line)
                return

    def _names(self, line: Line) -> Record:
        taken, reader = [line], CellReader(self._separator)
        while not reader.feed(taken[-1].text):
            following = self._lines.next()
            if following is None or following.problem or len(taken) > LOOKED_AT:
                raise NotATable(f"line {line.number}, which names the columns: {NEVER_CLOSED}")
            taken.append(following)
        if any(UNDECODED in each.text for each in taken):
            told = told_encoding(self._encoding)
            raise NotATable(f"line {line.number}, which names the columns, is not text in {told}")
        self._ends_in_cr = taken[-1].text.endswith("\r")
        names = [plain_cell(cell) for cell in reader.cells]
        while len(names) > 1 and not names[-1]:
            names.pop()
        if not any(names):
            raise NotATable("the first line must name the columns")
        self._header = [name or f"column {place}" for place, name in enumerate(names, 1)]
        self._shape = RowShape(self._separator, len(names), key_place(self._header))
        return _skipped(taken, "names the columns")

    def _record(self, line: Line) -> Record:
        if line.text.endswith("\r") and not self._ends_in_cr and (lines := self._torn(line)):
            text = "".join(each.text for each in lines)
            return self._judged(lines, cells_of_line(text, self._separator)[0])
        reader = CellReader(self._separator)
        if not reader.feed(line.text):
            self._shape.learn_key(reader.cells)
            return self._long(line, reader)
        cells = reader.cells
        if len(cells) < len(self._header):
            self._shape.learn_key(cells)
            broken = self._broken_off(line, cells)
            if broken:
                return _failed(broken, BROKEN_LINE)
        return self._judged([line], cells)

    def _torn(self, line: Line) -> list[Line]:
        """The lines of a row without quotes in which a lone CR is a letter; empty if it is none."""
        taken = [line]
        while taken[-1].text.endswith("\r"):
            following = self._lines.peek()
            if following is None or following.problem or not following.text.strip():
                break
            if QUOTE in following.text or self._begins(following):
                break
            taken += filter(None, [self._lines.next()])
        whole = QUOTE not in line.text and len(taken) > 1 and self._shape.tells()
        self._lines.put_back(() if whole else taken[1:])
        return taken if whole else []

    def _long(self, line: Line, reader: CellReader) -> Record:
        """A record whose first line leaves a quote open."""
        taken, whole = self._gathered(line, reader)
        if whole and reader.clean and len(reader.cells) == len(self._header):
            return self._judged(taken, reader.cells)
        torn = whole and len(reader.cells) != len(self._header)
        following = (
            place
            for place, each in enumerate(taken[1:], 1)
            if self._begins(each) or (torn and self._is_row(each))
        )
        next_row = next(following, None)
        if whole and next_row is None:
            return self._judged(taken, reader.cells)
        self._lines.put_back(taken[next_row:] if next_row else ())
        taken = taken[:next_row]
        if len(taken) == 1 and line.text.count(QUOTE) % 2 == 0:
            cells = literal_cells(line.text, self._separator)
            if len(cells) == len(self._header):
                return self._judged(taken, cells)
        return self._lost(taken, next_row is None)

    def _gathered(self, line: Line, reader: CellReader) -> tuple[list[Line], bool]:
        """The lines of a record up to where its quote closes, or seems to have been none."""
        taken, size = [line], len(line.text)
        while size <= LONGEST and (following := self._lines.next()) is not None:
            if following.problem:
                self._lines.put_back([following])
                break
            taken.append(following)
            size += len(following.text)
            if reader.feed(following.text):
                return taken, True
            if reader.reopened and self._begins(following):
                break
        return taken, False

    def _lost(self, taken: list[Line], passing: bool) -> Record:
        """The lines of a broken record; with `passing` those up to the next row belong to it."""
        first, count, end = taken[0].number, len(taken), taken[-1].end
        while passing and (line := self._lines.next()) is not None:
            if line.problem or self._begins(line):
                self._lines.put_back([line])
                break
            count, end = count + 1, line.end
        return Record(first, count, end, problem=NEVER_CLOSED)

    def _broken_off(self, line: Line, cells: list[str]) -> list[Line]:
        """The lines of a row that a line break outside quotes has cut; empty if it is none."""
        taken, count = [line], len(cells)
        if not self._shape.tells() or not self._shape.fits(cells):
            return []
        while count < len(self._header):
            following = self._lines.next()
            if following is None:
                break
            if following.problem or not following.text.strip() or self._begins(following):
                self._lines.put_back([following])
                break
            more, is_open = cells_of_line(following.text, self._separator)
            taken.append(following)
            count += len(more) - 1
            if is_open:
                break
        if count == len(self._header) and len(taken) > 1:
            return taken
        self._lines.put_back(taken[1:])
        return []

    def _judged(self, lines: Sequence[Line], cells: list[str]) -> Record:
        """What the cells of whole lines come to."""
        width = len(self._header)
        if why := self._no_row(cells):
            return _skipped(lines, why)
        if why := self._flaw(lines, cells):
            return _failed(lines, why)
        if len(cells) < width and (record := self._short(lines, cells)):
            return record
        if len(cells) >= width:
            self._sound += 1
            self._shape.learn(cells)
        return _row(lines, self._header, cells)

    def _no_row(self, cells: Sequence[str]) -> str | None:
        """Why cells are no row; None if they are one."""
        if not any(map(plain_cell, cells)):
            return "nothing in its cells"
        again = [plain_cell(cell) for cell in cells[: len(self._header)]] == self._header
        return "names the columns again" if again else None

    def _flaw(self, lines: Sequence[Line], cells: Sequence[str]) -> str | None:
        """Why a row cannot be used, however many cells it lacks; None if it can."""
        width = len(self._header)
        if any(UNDECODED in each.text for each in lines):
            return f"not text in {told_encoding(self._encoding)}"
        if any(map(plain_cell, cells[width:])):
            return _counted(cells, width)
        return CUT if self._is_cut(lines[-1]) and self._lines.peek() is not None else None

    def _short(self, lines: Sequence[Line], cells: list[str]) -> Record | None:
        """A row with too few cells that cannot be used; None if the others are merely empty."""
        width, last = len(self._header), self._lines.peek() is None
        strange = self._shape.tells() and not self._shape.fits(cells)
        if last and strange and not any(_is_prose(cell) for cell in cells[1:]):
            return _skipped(lines, "a closing line")
        if strange:
            return _failed(lines, _counted(cells, width))
        if last and self._sound and not lines[-1].text.endswith(("\n", "\r")):
            return _failed(
                lines, f"the file ends within this row: {_counted(cells, len(self._header))}"
            )
        return None

    @staticmethod
    def _is_cut(line: Line) -> bool:
        """Whether a line has no end: it is the last, or what follows could not be read."""
        return not line.text.endswith(("\n", "\r"))

    def _is_row(self, line: Line) -> bool:
        """Whether a line has a cell for each column, and begins with one that says something."""
        cells, is_open = cells_of_line(line.text, self._separator)
        return not is_open and len(cells) == len(self._header) and bool(plain_cell(cells[0]))

    def _begins(self, line: Line) -> bool:
        return self._shape.begins(line.text)


def _row(lines: Sequence[Line], header: Sequence[str], cells: Sequence[str]) -> Record:
    """A row. Columns of one name are one field, which holds what all of them say."""
    fields: dict[str, Any] = {}
    for name, cell in zip(header, cells, strict=False):
        value: Any = cell.replace("\0", "")
        if name in fields:
            before = fields[name] if isinstance(fields[name], list) else [fields[name]]
            value = [*(each for each in before if each), *([value] if value else ())]
        fields[name] = value
    return Record(lines[0].number, len(lines), lines[-1].end, fields)


def _skipped(lines: Sequence[Line], why: str) -> Record:
    return Record(lines[0].number, len(lines), lines[-1].end, skipped=why)


def _failed(lines: Sequence[Line], why: str) -> Record:
    return Record(lines[0].number, len(lines), lines[-1].end, problem=why)


def _counted(cells: Sequence[str], width: int) -> str:
    found = "1 cell" if len(cells) == 1 else f"{len(cells)} cells"
    return f"{found} where {width} columns are named"


def _is_prose(cell: str) -> bool:
    return any(char.isalpha() for char in cell)
