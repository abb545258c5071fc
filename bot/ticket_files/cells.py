"""The cells of a record, read as leniently as files are written.

A cell that begins with a quote ends at a quote that stands before a separator or the end of the
line; two quotes are one, and any other quote is a letter like others (`"TV 55" screen"`). A quote
inside a cell that begins otherwise is a letter as well (`TV 55" screen`).
"""

QUOTE = '"'
BLANKS = " \u00a0"
SEPARATORS = ",;\t|"


class CellReader:
    """Takes the lines of a record until it is whole.

    `clean` tells whether every quote stood where it should. `reopened` tells whether, in the last
    line, a quote stood where cells begin although one was open: a sign that the earlier one was
    never closed.
    """

    def __init__(self, separator: str) -> None:
        self._separator = separator
        self._parts: list[str] = []
        self.cells: list[str] = []
        self.open = False
        self.clean = True
        self.reopened = False

    def feed(self, line: str) -> bool:
        """Take a line with its end; whether the record is whole now."""
        body = line.rstrip("\r\n")
        self.reopened = False
        place = self._quoted(body, 0, line) if self.open else self._cell(body, 0, line)
        while not self.open and place < len(body):
            place = self._cell(body, place + 1, line)
        return not self.open

    def _cell(self, body: str, start: int, line: str) -> int:
        """Take the cell that begins here; where it ends."""
        first = _past_blanks(body, start, self._separator)
        if body.startswith(QUOTE, first):
            self.open = True
            return self._quoted(body, first + 1, line)
        end = body.find(self._separator, start) if self._separator else -1
        end = len(body) if end < 0 else end
        cell = body[start:end]
        self.clean = self.clean and QUOTE not in cell
        self.cells.append(cell)
        return end

    def _quoted(self, body: str, place: int, line: str) -> int:
        while (quote := body.find(QUOTE, place)) >= 0:
            if body.startswith(QUOTE, quote + 1):
                self._parts.append(body[place : quote + 1])
                place = quote + 2
                continue
            after = _past_blanks(body, quote + 1, self._separator)
            if after == len(body) or body[after] == self._separator:
                self._parts.append(body[place:quote])
                self.cells.append("".join(self._parts))
                self._parts.clear()
                self.open = False
                return after
            self.clean = False
            self.reopened |= quote == 0 or body[quote - 1] == self._separator
            self._parts.append(body[place : quote + 1])
            place = quote + 1
        self._parts.append(line[place:])
        return len(body)


def cells_of_line(line: str, separator: str) -> tuple[list[str], bool]:
    """The cells of a line by itself, and whether a quote is still open at its end."""
    reader = CellReader(separator)
    whole = reader.feed(line)
    return (reader.cells if whole else [*reader.cells, ""]), not whole


def literal_cells(line: str, separator: str) -> list[str]:
    """The cells of a line in which a quote that is not closed in its own cell is a letter."""
    body = line.rstrip("\r\n")
    cells: list[str] = []
    for piece in body.split(separator) if separator else [body]:
        cell = piece.strip(BLANKS)
        whole = len(cell) > 1 and cell[0] == cell[-1] == QUOTE
        cells.append(cell[1:-1].replace('""', QUOTE) if whole else piece)
    return cells


def _past_blanks(body: str, place: int, separator: str) -> int:
    while place < len(body) and body[place] in BLANKS and body[place] != separator:
        place += 1
    return place


def plain_cell(cell: str) -> str:
    """A cell without what surrounds its words."""
    return cell.replace("\0", "").strip("\ufeff\u00a0 \t\r\n")
