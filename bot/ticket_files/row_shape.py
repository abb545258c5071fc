"""What rows of a table look like, learnt from its sound rows.

After a quote that was never closed it has to be found where the next row begins, and prose inside a
cell must not be taken for one. Numbers, dates and codes tell rows apart; words do not.
"""

import re
from collections.abc import Sequence

from bot.ticket_files.cells import QUOTE, cells_of_line

# Rows from which is learnt; of the key column from all.
LEARNT = 200
# Rows that a column besides the key must have had before it counts.
ENOUGH = 3
_DATE = re.compile(r"\d{1,4}[-/.]\w{1,9}[-/.]\d{1,4}\b.{0,24}")
_MAIL = re.compile(r"[^\s@]+@[^\s@]+")
_CODE = re.compile(r"(?=.*\d)[\w#./:+-]+")


class RowShape:
    """`width` is the number of columns, `key` the column that tells most: the id."""

    def __init__(self, separator: str, width: int, key: int) -> None:
        self._separator = separator
        self._width = width
        self._key = key
        self._kinds: list[set[str]] = [set() for _ in range(width)]
        self._rows = 0
        self._blanks = False

    def learn(self, cells: Sequence[str]) -> None:
        """Take in a sound row."""
        self._rows += 1
        if self._rows > LEARNT:
            self._kinds[self._key].add(_kind(cells[self._key]))
            return
        for kinds, cell in zip(self._kinds, cells, strict=False):
            kinds.add(_kind(cell))
        self._blanks |= any(map(_padded, cells))

    def learn_key(self, cells: Sequence[str]) -> None:
        """Before any sound row, let a broken one tell at least what its key looks like."""
        if (
            not self._rows
            and self._key < len(cells)
            and (kind := _kind(cells[self._key])) != "words"
        ):
            self._kinds[self._key].add(kind)

    def begins(self, line: str) -> bool:
        """Whether a line plainly begins a row."""
        cells, is_open = cells_of_line(line, self._separator)
        if len(cells) > self._width or (len(cells) < self._width and not is_open):
            return False
        if self._width == 1:
            return line.startswith('"') and not is_open
        if not self._blanks and QUOTE not in line and any(map(_padded, cells)):
            return False
        return self.fits(cells)

    def fits(self, cells: Sequence[str]) -> bool:
        """Whether cells could be those of a row, by what the columns hold that tell."""
        return all(
            _kind(cell) in kinds
            for place, (kinds, cell) in enumerate(zip(self._kinds, cells, strict=False))
            if self._telling(place, kinds)
        )

    def tells(self) -> bool:
        """Whether the key column tells a row from prose."""
        return self._telling(self._key, self._kinds[self._key])

    def _telling(self, place: int, kinds: set[str]) -> bool:
        seen = place == self._key or self._rows >= ENOUGH
        return seen and bool(kinds - {"empty"}) and "words" not in kinds


def _padded(cell: str) -> bool:
    """Whether a cell begins as what follows a comma in prose does."""
    return cell.startswith(" ")


def _kind(cell: str) -> str:
    cell = cell.strip()
    if not cell:
        return "empty"
    if cell.isdecimal():
        return "number"
    if len(cell) > 60:
        return "words"
    for kind, pattern in (("date", _DATE), ("mail", _MAIL), ("code", _CODE)):
        if pattern.fullmatch(cell):
            return kind
    return "words"
