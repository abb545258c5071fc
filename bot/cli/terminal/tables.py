"""Tables and sentences of the terminal."""

import sys
from collections.abc import Iterable, Sequence
from textwrap import fill

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table

Cells = Iterable[tuple[str, ...]]
# Columns of sentences, which may be wrapped, and the fewest signs of theirs in a line.
SENTENCES = ("title", "what changed", "why", "matter", "agents' answer", "tickets")
SENTENCE = 20
NAMES = ("model", "audience", "language", "status", "intent", "priority")
# Signs that a head takes beside its figure.
STACKED = 16
UNWRAPPED = 100_000


def terminal(*, stderr: bool = False) -> Console:
    """Where people read. What is read by another program is neither wrapped nor coloured."""
    stream = sys.stderr if stderr else sys.stdout
    return _Terminal(stderr=stderr, width=None if stream.isatty() else UNWRAPPED)


class _Terminal(Console):
    def on_broken_pipe(self) -> None:
        """Whoever read is gone: the command ends as every other does then, not as Rich would."""
        raise BrokenPipeError


def show_text(console: Console, text: str, indent: int = 0) -> None:
    """Sentences between words where somebody reads them, in one line where a program does."""
    margin = " " * indent
    if console.width < UNWRAPPED:
        text = fill(text, console.width, initial_indent=margin, subsequent_indent=margin)
    else:
        text = f"{margin}{text}"
    console.print(escape(text), highlight=False, soft_wrap=True)


def show_table(console: Console, heads: Sequence[str], rows: Cells) -> None:
    """A table whose first column is text and whose others are figures.

    Names and amounts are never cut: where a line is too short for them, each row becomes lines of
    its own. Sentences are wrapped.
    """
    listed = [tuple(map(str, row)) for row in rows]
    if not listed:
        return
    console.print()
    if _fits(heads, listed, console.width):
        console.print(_table(heads, listed))
    else:
        for row in listed:
            _show_stacked(console, heads, row)


def _fits(heads: Sequence[str], rows: Sequence[tuple[str, ...]], width: int) -> bool:
    """Whether the names and amounts of all rows stand beside each other in a line."""
    widths = [max(map(cell_len, column)) for column in zip(heads, *rows, strict=True)]
    needed = [
        min(each, SENTENCE) if head in SENTENCES else each
        for head, each in zip(heads, widths, strict=True)
    ]
    return sum(needed) + 3 * (len(needed) - 1) <= width


def _table(heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> Table:
    table = Table(show_edge=False, header_style="bold", pad_edge=False)
    for place, head in enumerate(heads):
        figures = place > 0 and head not in (*SENTENCES, *NAMES)
        whole = head not in SENTENCES
        table.add_column(head, justify="right" if figures else "left", no_wrap=whole)
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _show_stacked(console: Console, heads: Sequence[str], row: tuple[str, ...]) -> None:
    """A row as lines: its name, then each figure that it has."""
    console.print(f"[bold]{escape(row[0])}[/]", highlight=False, soft_wrap=True)
    for head, cell in zip(heads[1:], row[1:], strict=True):
        if cell:
            console.print(f"  {head:<{STACKED}} {escape(cell)}", highlight=False, soft_wrap=True)
