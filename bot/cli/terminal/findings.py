"""Findings of a look at the desk, as lines of the terminal."""

from bot.checks.finding import Finding

MARKS = {"ok": "✓", "warning": "!", "wrong": "✗", "unreachable": "?"}


def finding_line(finding: Finding) -> str:
    """A finding as a line: its mark, what it is about, and what is so."""
    return f"{MARKS[finding.grade]} {finding.subject}: {finding.sentence}"


def show_finding(finding: Finding) -> None:
    """Print a finding at once: the next may take a while."""
    print(finding_line(finding), flush=True)
