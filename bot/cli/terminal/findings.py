"""Findings of a look at the desk, as lines of the terminal."""

import sys
from shutil import get_terminal_size
from textwrap import fill

from bot.checks.finding import Finding

# Columns that a line has where a terminal does not say, or says nonsense.
LEAST = 20
MARKS = {"ok": "✓", "warning": "!", "wrong": "✗", "unreachable": "?"}


def finding_line(finding: Finding, width: int | None = None) -> str:
    """A finding as a line: its mark, what it is about, and what is so.

    Within a width it is wrapped between words.
    """
    line = f"{MARKS[finding.grade]} {finding.subject}: {finding.sentence}"
    if width is None:
        return line
    # Addresses and names stay whole.
    return fill(
        line,
        max(width, LEAST),
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def show_finding(finding: Finding) -> None:
    """Print a finding at once, for the next may take a while; wrapped where a person reads it."""
    person = sys.stdout.isatty()
    print(finding_line(finding, get_terminal_size().columns if person else None), flush=True)
