"""The blocks of a Word document in their order: paragraphs, lists, tables, and their text boxes."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from bot.readers.word.equation import equation_text
from bot.readers.word.inline import Inlines
from bot.readers.word.numbering import BULLET, LEVELS, Numbering
from bot.readers.word.styles import Styles, said_by
from bot.readers.word.word_xml import (
    SILENT,
    XmlElement,
    child,
    chosen,
    name_of,
    number,
    value,
)

# Columns that a cell may span; Word itself has at most 63.
WIDEST = 63
SPACE = re.compile(r"[ \t]*\n\s*")
# What parts the paragraphs of one cell, for a row is one line.
IN_CELL = " / "


class Body:
    """Reads blocks. `drawn` gives the words of a chart or a diagram that the body refers to."""

    def __init__(
        self,
        styles: Styles,
        numbering: Numbering,
        left_out: Counter[str],
        drawn: Callable[[XmlElement], str],
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._left_out = left_out
        self._drawn = drawn
        self.inlines = Inlines(styles, left_out)

    def blocks(self, parent: Iterable[XmlElement]) -> Iterator[str]:
        """The blocks within an element."""
        for each in parent:
            yield from self.block(each)

    def block(self, element: XmlElement) -> Iterator[str]:
        """What an element is as blocks; nothing for what holds no words."""
        match name_of(element):
            case "p":
                yield from self._paragraph(element)
            case "tbl":
                yield from self._table(element)
            case "oMathPara" | "oMath":
                yield equation_text(element).strip()
            case "AlternateContent":
                found = chosen(element)
                yield from self.blocks(() if found is None else found)
            case "altChunk":
                self._left_out["embedded documents"] += 1
            case name if name and name not in SILENT:
                yield from self.blocks(element)

    def _paragraph(self, paragraph: XmlElement) -> Iterator[str]:
        words = self.inlines.words(paragraph)
        text = words.text.strip()
        if text:
            yield self._marked(paragraph, text)
        for box in words.boxes:
            yield from self.blocks(box)
        yield from filter(None, map(self._drawn, words.drawings))

    def _marked(self, paragraph: XmlElement, text: str) -> str:
        """A paragraph as Markdown: a heading, a point of a list, or plain."""
        properties = child(paragraph, "pPr")
        style_id = value(properties, "pStyle")
        style = said_by(properties).over(self._styles.of(style_id))
        level = int(style.level) if style.level.isdigit() else 0
        label = ""
        if style.list_id and level < LEVELS:
            label = self._numbering.label(style.list_id, level)
        if style.heading:
            return " ".join(["#" * style.heading, *filter(None, [label]), SPACE.sub(" ", text)])
        if style.bullet and not label:
            label = BULLET
        return f"{'  ' * level}{label} {text}" if label else text

    def _table(self, table: XmlElement) -> Iterator[str]:
        rows = [list(_cells(row)) for row in _rows(table)]
        if all(len(row) <= 1 for row in rows):
            # One column is a frame around text.
            for row in rows:
                for cell in row:
                    yield from self.blocks(cell)
            return
        lines = [self._row(row) for row in rows]
        if any(line.strip(" |") for line in lines):
            yield "\n".join(lines)

    def _row(self, cells: Iterable[XmlElement]) -> str:
        """A row as a line; a cell that spans several columns is followed by empty ones."""
        written: list[str] = []
        for cell in cells:
            written += [self._cell(cell), *[""] * (_span(cell) - 1)]
        return " | ".join(written).strip()

    def _cell(self, cell: XmlElement) -> str:
        text = IN_CELL.join(
            self._nested(each) if name_of(each) == "tbl" else IN_CELL.join(self.block(each))
            for each in cell
            if name_of(each) not in SILENT
        )
        return SPACE.sub(IN_CELL, text).removesuffix(IN_CELL).strip()

    def _nested(self, table: XmlElement) -> str:
        lines = IN_CELL.join(self._table(table))
        return f"[{lines}]" if " | " in lines else lines


def _rows(table: XmlElement) -> Iterator[XmlElement]:
    """The rows of a table, through content controls, without those that were deleted."""
    for each in table:
        name = name_of(each)
        if name == "tr":
            if child(each, "trPr", "del") is None:
                yield each
        elif name not in SILENT:
            yield from _rows(each)


def _cells(row: XmlElement) -> Iterator[XmlElement]:
    for each in row:
        name = name_of(each)
        if name == "tc":
            yield each
        elif name not in SILENT:
            yield from _cells(each)


def _span(cell: XmlElement) -> int:
    span = child(cell, "tcPr", "gridSpan")
    return 1 if span is None else max(1, min(number(span, "val", 1), WIDEST))
