"""The words of tickets and their messages, searchable: SQLite's FTS5 over folded words.

The index keeps no text of its own, so an entry can only be taken out by giving its words again. The
number of an entry has its ticket's number in the upper half: entries come newest ticket first in
the index's own order, without sorting.
"""

from collections.abc import Iterable
from zlib import crc32

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.text.folding import fold, words

CREATE = (
    """CREATE VIRTUAL TABLE spoken USING fts5(
    body, content = '', tokenize = "unicode61 remove_diacritics 0")""",
)
DROP = ("DROP TABLE spoken",)
SHIFT = 32
MOST_TEXT = 12_000

_ADD = text("INSERT INTO spoken(rowid, body) VALUES (:entry, :body)")
# What is not there cannot be taken out: the index would count wrongly from then on.
_REMOVE = text(
    "INSERT INTO spoken(spoken, rowid, body) SELECT 'delete', :entry, :body"
    " WHERE EXISTS (SELECT 1 FROM spoken WHERE rowid = :entry)"
)

Said = tuple[int, str, str]


def index_text(session: Session, said: Iterable[Said]) -> None:
    """Index texts given as (ticket number, key of the message or the title, text)."""
    if rows := _rows(said):
        session.connection().execute(_ADD, rows)


def reindex_text(session: Session, ticket: int, key: str, before: str, after: str) -> None:
    """Index a text in place of what it said before; empty texts are not in the index."""
    unindex_text(session, [(ticket, key, before)])
    index_text(session, [(ticket, key, after)])


def unindex_text(session: Session, said: Iterable[Said]) -> None:
    """Take texts out of the index, given exactly as they were added."""
    if rows := _rows(said):
        session.connection().execute(_REMOVE, rows)


def entry_number(ticket: int, key: str) -> int:
    """The number of a text in the index."""
    return ticket << SHIFT | crc32(key.encode())


def indexed_words(said: str) -> str:
    """A text as the index holds it: folded words, none of what stands between them."""
    return fold(" ".join(words(said[:MOST_TEXT])))


def _rows(said: Iterable[Said]) -> list[dict[str, object]]:
    rows = ((entry_number(ticket, key), indexed_words(content)) for ticket, key, content in said)
    return [{"entry": number, "body": folded} for number, folded in rows if folded]
