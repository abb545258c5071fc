"""The word indexes of the passages: one seam, two databases.

There are two indexes. The stemmed one keeps accents and English word stems («cancelling» finds
«cancelled»); the folded one drops accents and knows neighbouring words as one token («giao hang»
finds «giao hàng»). Words are prepared and passages ranked by us, so that every database finds the
same: SQLite's FTS5 and PostgreSQL's tsvector only have to know where a word is.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from sqlalchemy.orm import Session

from storage.knowledge.index_postgres import PostgresIndex
from storage.knowledge.index_sqlite import SqliteIndex
from storage.knowledge.words import Postings, PreparedWords


class Index(Protocol):
    """What a database has to offer. Words hold letters, digits and `_`, and nothing to quote."""

    @property
    def create(self) -> Sequence[str]:
        """The statements that make the indexes, beside the table of passages."""

    def add(self, session: Session, rows: Sequence[tuple[int, PreparedWords]]) -> None:
        """Index passages, each under its id."""

    def remove(self, session: Session, rows: Sequence[tuple[int, PreparedWords]]) -> None:
        """Forget passages, given exactly as they were added."""

    def postings(self, session: Session, stems: Sequence[str], folded: Sequence[str]) -> Postings:
        """Where words occur. Costs as much as the lists it answers are long."""


INDEXES: Mapping[str, Index] = {"sqlite": SqliteIndex(), "postgresql": PostgresIndex()}


def index(session: Session) -> Index:
    """The indexes of the database that a session speaks to."""
    return INDEXES[session.get_bind().dialect.name]
