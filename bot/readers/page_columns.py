"""Columns of prose in the order in which people read them.

Most producers write a page column by column, and then nothing is to be done. Some write it row by
row across the columns. Such rows are told from those of a table by their words: lines of prose go
on in the middle of a sentence, cells begin anew.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

# Rows that make columns, and words that a line of prose has.
FEWEST_ROWS = 4
FEWEST_WORDS = 4
# The share of lines that go on in the middle of a sentence.
GOING_ON = 0.3
# Boxes on a page beyond which its order is left as it is.
MOST_BOXES = 3_000
# How far a line runs on beyond an edge, in its heights, until that matters.
SOME_LETTERS = 10


@dataclass(frozen=True)
class Box:
    """Where a piece of text stands, in points from the lower left."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        """Its room in square points; 0 for one that is turned inside out."""
        return max(self.right - self.left, 0) * max(self.top - self.bottom, 0)

    @property
    def narrowest(self) -> float:
        """The shorter of its sides."""
        return min(self.right - self.left, self.top - self.bottom)

    def common(self, other: "Box") -> "Box":
        """The room that both have."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def meets(self, other: "Box") -> bool:
        """Whether both have some room in common."""
        return self.common(other).area > 0

    def cuts(self, other: "Box") -> bool:
        """Whether another box is partly within, and some letters of its line beyond."""
        beyond = max(other.right - self.right, self.left - other.left)
        return self.meets(other) and beyond > SOME_LETTERS * (other.top - other.bottom)

    def holds(self, other: "Box") -> bool:
        """Whether the middle of another box lies within."""
        across, up = (other.left + other.right) / 2, (other.bottom + other.top) / 2
        return self.left <= across <= self.right and self.bottom <= up <= self.top

    def beside(self, other: "Box") -> bool:
        """Whether both stand on one line."""
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared > min(self.top - self.bottom, other.top - other.bottom) / 2

    def joined(self, other: "Box") -> "Box":
        """The box around both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


TextRow = Sequence[Box]


def in_columns(boxes: Sequence[Box], text_of: Callable[[Box], str]) -> str | None:
    """The text of boxes with columns of prose one after another; None where there are none.

    `boxes` are in the order of the page's content, and `text_of` gives the words within one.
    """
    if len(boxes) > MOST_BOXES:
        return None
    rows = list(_rows(boxes))
    runs = list(_runs(rows))
    # To ask for words is dear, so most pages are told by their boxes alone.
    columns = {run[0]: told for run in runs if (told := _columns(rows[slice(*run)], text_of))}
    if not columns:
        return None
    lines: list[str] = []
    for start, end in runs:
        lines += columns.get(start) or (_line(row, text_of) for row in rows[start:end])
    return "\n".join(lines)


def _line(row: TextRow, text_of: Callable[[Box], str]) -> str:
    return " ".join(text_of(box).strip() for box in row)


def _columns(rows: Sequence[TextRow], text_of: Callable[[Box], str]) -> list[str]:
    """The columns that rows make, each as its lines; none where they are no prose."""
    if len(rows) < FEWEST_ROWS or len(rows[0]) < 2:
        return []
    written = [[text_of(box).strip() for box in row] for row in rows]
    columns = list(zip(*written, strict=True))
    return ["\n".join(column) for column in columns] if all(map(_is_prose, columns)) else []


def _runs(rows: Sequence[TextRow]) -> Iterator[tuple[int, int]]:
    """Where rows begin and end that have the same columns."""
    start = 0
    while start < len(rows):
        end = _run(rows, start)
        yield start, end
        start = end


def _rows(boxes: Sequence[Box]) -> Iterator[TextRow]:
    """Boxes that follow each other on one line, those with no more than a space between as one."""
    row: list[Box] = []
    for box in boxes:
        if not row or not row[-1].beside(box) or box.left < row[-1].left:
            if row:
                yield row
            row = [box]
        elif box.left - row[-1].right < box.top - box.bottom:
            row[-1] = row[-1].joined(box)
        else:
            row.append(box)
    if row:
        yield row


def _run(rows: Sequence[TextRow], start: int) -> int:
    """Where the rows end that have the same columns as the one at `start`."""
    columns = list(rows[start])
    end = start + 1
    if len(columns) < 2:
        return end
    while end < len(rows) and len(rows[end]) == len(columns):
        wider = [column.joined(box) for column, box in zip(columns, rows[end], strict=True)]
        if any(left.right >= right.left for left, right in pairwise(wider)):
            break
        columns, end = wider, end + 1
    return end


def _is_prose(lines: Sequence[str]) -> bool:
    going_on = sum(line[:1].islower() for line in lines[1:])
    words = median(len(line.split()) for line in lines)
    return words >= FEWEST_WORDS and going_on >= GOING_ON * (len(lines) - 1)
