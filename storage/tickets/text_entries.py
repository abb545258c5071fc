"""Entries of the index over what was said in tickets, and questions to it.

The number of an entry has its ticket's number in the upper half: entries come newest ticket first
in the index's own order, without sorting.
"""

from dataclasses import dataclass
from typing import Any
from zlib import crc32

from storage.text.folding import fold, words

SHIFT = 32
MOST_TEXT = 12_000


@dataclass(frozen=True, slots=True)
class TextEntry:
    """A text of a ticket as the index holds it: its number and its folded words in order."""

    number: int
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """Folded words that have to be said in a row; with `begins` the last one is a beginning.

    `otherwise` are other writings of the same, each words in a row too.
    """

    words: tuple[str, ...]
    begins: bool = False
    otherwise: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Hits:
    """How many entries were found, the oldest one's ticket, and all tickets.

    `tickets` is as the database takes it again.
    """

    count: int
    last: int
    tickets: Any


def entry_of(ticket: int, key: str, said: str) -> TextEntry:
    """The entry of a message of a ticket, or of its title."""
    return TextEntry(ticket << SHIFT | crc32(key.encode()), indexed_words(said))


def indexed_words(said: str) -> tuple[str, ...]:
    """A text as the index holds it: folded words, none of what stands between them."""
    return tuple(fold(" ".join(words(said[:MOST_TEXT]))).split())
