"""What is cut out of a file of tickets, and what became of its lines."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

# Characters. A record is held in memory; a longer one is reported and passed over.
LONGEST = 16 * 1024 * 1024
# Characters, but bytes count as well: what a decoder puts where bytes are no text.
UNDECODED = "\udcff"


class NotATable(ValueError):
    """The whole input cannot be read; the sentence says what it is and what was expected."""


@dataclass(frozen=True, slots=True)
class Record:
    """A piece of the file: the line it begins on (from 1), how many lines are its own, its fields.

    `problem` says why a row has no fields, `skipped` why the piece is no row at all. Lines belong
    to one record each: where several begin on a line the first one has it. `end` is how many bytes
    of the file were read by then.
    """

    line: int
    lines: int
    end: int = 0
    fields: dict[str, Any] = field(default_factory=dict)
    problem: str | None = None
    skipped: str | None = None


@dataclass
class SkippedLines:
    """The lines that are no rows, by reason."""

    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def lines(self) -> int:
        return self.reasons.total()

    def add(self, record: Record) -> None:
        """Count a record that is no row."""
        self.reasons[str(record.skipped)] += record.lines
