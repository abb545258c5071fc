"""What became of every line of a file, as it is printed."""

from collections import Counter

from rich.table import Table as Shown

from bot.ticket_files.record import SkippedLines

# Reasons that are named one by one.
REASONS = 8


def add_reasons(shown: Shown, reasons: Counter[str]) -> None:
    """A line for each of the most frequent reasons, and one for what is left."""
    named = reasons.most_common(REASONS)
    for reason, count in named:
        shown.add_row("", f"{count:,} · {reason}")
    if rest := reasons.total() - sum(count for _, count in named):
        shown.add_row("", f"{rest:,} · other reasons, said above")


def add_lines(shown: Shown, done: int, failed: int, skipped: SkippedLines, *, ended: bool) -> None:
    """The sum of all lines of the input; before its end, of those that were come to."""
    total = done + failed + skipped.lines
    shown.add_row("skipped", "1 line" if skipped.lines == 1 else f"{skipped.lines:,} lines")
    add_reasons(shown, skipped.reasons)
    told = f"{total:,} = {done:,} done + {failed:,} failed + {skipped.lines:,} skipped"
    shown.add_row("lines", told if ended else f"{told}; there are more")


def reason_kind(error: str) -> str:
    """An error without what differs from row to row, so that like ones are counted together."""
    head = error.partition(":")[0] if "'" in error else error
    words = ["…" if any(map(str.isdigit, word)) or "'" in word else word for word in head.split()]
    return " ".join(words)
