"""The lines of a text with their numbers, none longer than we hold; lines can be put back."""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from bot.ticket_files.record import LONGEST
from bot.ticket_files.source import Source


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end, as it stands in the file, counted from 1."""

    number: int
    text: str
    end: int
    problem: str | None = None


class LineReader:
    """Reads on. A line ends as in any editor: with LF, CR, or CR and LF, mixed as they come."""

    def __init__(self, text: TextIO, source: Source) -> None:
        self._text = text
        self._source = source
        self._back: deque[Line] = deque()
        self._number = 0
        self._told = False

    def __iter__(self) -> Iterator[Line]:
        while (line := self.next()) is not None:
            yield line

    def next(self) -> Line | None:
        """The next line; None at the end. A source that broke off ends in a line that says so."""
        if self._back:
            return self._back.popleft()
        text = self._text.readline(LONGEST)
        if not text:
            return self._breakage()
        self._number += 1
        if len(text) >= LONGEST and not text.endswith(("\n", "\r")):
            size = len(text) + self._skip()
            told = f"the line is {size:,} characters long"
            return Line(self._number, "", self._source.position, told)
        return Line(self._number, text, self._source.position)

    def peek(self) -> Line | None:
        """The next line, which stays the next."""
        line = self.next()
        if line is not None:
            self._back.appendleft(line)
        return line

    def put_back(self, lines: Sequence[Line]) -> None:
        """Have these lines come again, in this order."""
        self._back.extendleft(reversed(lines))

    def _skip(self) -> int:
        """Read to the end of an overlong line without holding it."""
        skipped = 0
        while rest := self._text.readline(LONGEST):
            skipped += len(rest)
            if rest.endswith(("\n", "\r")):
                break
        return skipped

    def _breakage(self) -> Line | None:
        told = self._source.failure
        if told is None or self._told:
            return None
        self._told = True
        self._number += 1
        return Line(self._number, "", self._source.position, told)
