"""The words of tickets and their messages, searchable: one seam, two databases.

Words are folded by us, so that both find the same. An entry is taken out by giving its words again:
SQLite's index keeps no text of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from sqlalchemy import TextClause
from sqlalchemy.orm import Session

from storage.tickets.text_entries import Hits, Term, TextEntry, entry_of
from storage.tickets.text_index_postgres import PostgresTextIndex
from storage.tickets.text_index_sqlite import SqliteTextIndex

Said = tuple[int, str, str]


class TextIndex(Protocol):
    """What a database has to offer. Words hold letters and digits, and nothing to quote."""

    @property
    def said(self) -> TextClause:
        """The condition that a ticket has an entry with `:words`, which are a query."""

    @property
    def among(self) -> TextClause:
        """The condition that a ticket is one of `:numbers`, which are those of hits."""

    def add(self, session: Session, rows: Sequence[TextEntry]) -> None:
        """Index some entries."""

    def remove(self, session: Session, rows: Sequence[TextEntry]) -> None:
        """Forget entries, given exactly as they were added; others than those are left out."""

    def query(self, terms: Sequence[Term]) -> str:
        """The terms as a question: all of them in one entry."""

    def hits(self, session: Session, words: str, above: int, below: int, most: int) -> Hits:
        """The newest entries between two numbers that a query finds, at most so many."""


INDEXES: Mapping[str, TextIndex] = {
    "sqlite": SqliteTextIndex(),
    "postgresql": PostgresTextIndex(),
}


def text_index(session: Session) -> TextIndex:
    """The index of the database that a session speaks to."""
    return INDEXES[session.get_bind().dialect.name]


def index_text(session: Session, said: Iterable[Said]) -> None:
    """Index texts given as (ticket number, key of the message or the title, text)."""
    if rows := _entries(said):
        text_index(session).add(session, rows)


def reindex_text(session: Session, ticket: int, key: str, before: str, after: str) -> None:
    """Index a text in place of what it said before; empty texts are not in the index."""
    unindex_text(session, [(ticket, key, before)])
    index_text(session, [(ticket, key, after)])


def unindex_text(session: Session, said: Iterable[Said]) -> None:
    """Take texts out of the index, given exactly as they were added."""
    if rows := _entries(said):
        text_index(session).remove(session, rows)


def _entries(said: Iterable[Said]) -> list[TextEntry]:
    rows = (entry_of(*each) for each in said)
    return [each for each in rows if each.words]
