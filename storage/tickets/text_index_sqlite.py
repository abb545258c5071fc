"""The words of tickets in SQLite's FTS5, which keeps no text of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.tickets.text_entries import SHIFT, Hits, Term, TextEntry

_ADD = text("INSERT INTO spoken(rowid, body) VALUES (:entry, :body)")
# What is not there cannot be taken out: the index would count wrongly from then on.
_REMOVE = text(
    "INSERT INTO spoken(spoken, rowid, body) SELECT 'delete', :entry, :body"
    " WHERE EXISTS (SELECT 1 FROM spoken WHERE rowid = :entry)"
)
# Counted and gathered where they are: a list of thousands is slow to carry out and back in.
_HITS = text(f"""
SELECT count(*), min(entry) >> {SHIFT}, json_group_array(DISTINCT entry >> {SHIFT}) FROM (
  SELECT rowid AS entry FROM spoken WHERE spoken MATCH :words AND rowid > :above AND rowid < :below
  ORDER BY rowid DESC LIMIT :most)
""")  # noqa: S608 - a constant of ours


class SqliteTextIndex:
    """An FTS5 table without content."""

    said = text(f"""
EXISTS (SELECT 1 FROM spoken WHERE spoken MATCH :words
  AND spoken.rowid >= tickets.id << {SHIFT} AND spoken.rowid < (tickets.id + 1) << {SHIFT})
""")  # noqa: S608 - a constant of ours
    among = text("tickets.id IN (SELECT value FROM json_each(:numbers))")

    def add(self, session: Session, rows: Sequence[TextEntry]) -> None:
        session.connection().execute(_ADD, _values(rows))

    def remove(self, session: Session, rows: Sequence[TextEntry]) -> None:
        session.connection().execute(_REMOVE, _values(rows))

    def query(self, terms: Sequence[Term]) -> str:
        return " AND ".join(_asked(each) for each in terms)

    def hits(self, session: Session, words: str, above: int, below: int, most: int) -> Hits:
        bounds = {"words": words, "above": above, "below": below, "most": most}
        return Hits(*session.execute(_HITS, bounds).one())


def _asked(term: Term) -> str:
    rows = [f'"{" ".join(each)}"' for each in (term.words, *term.otherwise)]
    rows[0] += " *" * term.begins
    return f"({' OR '.join(rows)})"


def _values(rows: Sequence[TextEntry]) -> list[dict[str, Any]]:
    return [{"entry": each.number, "body": " ".join(each.words)} for each in rows]
