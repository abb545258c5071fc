"""Numbers of orders, parcels, invoices as people write them: DH-20311, DH20311, dh 20311. Pure.

An index holds the words between separators, so a code is asked for in all its writings.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from storage.text.folding import fold
from storage.tickets.text_entries import Term

# Parts of a code, runs of letters or of figures: of more there are too many writings.
MOST_PARTS = 4
_CODE = re.compile(r"[a-z0-9]+(?:[-\u2010-\u2015_./#:][a-z0-9]+)*")
_PART = re.compile(r"[a-z]+|[0-9]+")
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
# Letters and figures of one code with a space between them.
_LETTERS, _FIGURES = re.compile("[a-z]{1,4}"), re.compile("[0-9]{3,}")


def written_code(said: str) -> Term | None:
    """A code in all its writings, the given one first; None for what is no code."""
    written = _EDGES.sub("", fold(said))
    parts = _PART.findall(written)
    if not _CODE.fullmatch(written) or not 1 < len(parts) <= MOST_PARTS or written.isalpha():
        return None
    if not any(part.isdigit() for part in parts):
        return None
    typed = tuple(re.findall("[a-z0-9]+", written))
    return Term(typed, otherwise=tuple(each for each in _writings(parts) if each != typed))


def spaced_codes(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each of two words in a row that may be one code, with that code in one word."""
    for left, right in pairwise(words):
        if _LETTERS.fullmatch(left) and _FIGURES.fullmatch(right):
            yield left, left + right
            yield right, left + right


def _writings(parts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The parts in a row, with each boundary between them written or not."""
    if len(parts) == 1:
        yield (parts[0],)
        return
    for first, *rest in _writings(parts[1:]):
        yield (parts[0], first, *rest)
        yield (parts[0] + first, *rest)
