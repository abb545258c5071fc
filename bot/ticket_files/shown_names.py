"""Names and values that stand in a file, as people are shown them."""

from collections.abc import Collection
from itertools import islice

from bot.text.hidden import without_steering

SHOWN = 12  # names
LONGEST = 40  # characters of one


def shown_names(names: Collection[str]) -> str:
    """The first of them in a line, and how many more there are: a file may have 100,000."""
    return ", ".join([*map(shown_name, islice(names, SHOWN)), *and_more(names)])


def and_more(names: Collection[str]) -> list[str]:
    """How many are not shown, if any."""
    rest = len(names) - SHOWN
    return [f"and {rest:,} more"] if rest > 0 else []


def shown_name(name: str) -> str:
    """A name or value in a line, cut, without what steers a terminal."""
    plain = without_steering(" ".join(name.split()))
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
