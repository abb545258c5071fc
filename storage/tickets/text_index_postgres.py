"""The words of tickets in PostgreSQL: a vector of folded words and their places, under GIN.

Words are made vectors and questions as they are, past PostgreSQL's own parser and dictionaries:
what is stored and what is asked is what FTS5 is given too.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.tickets.text_entries import SHIFT, Hits, Term, TextEntry

# PostgreSQL refuses words from 2 kB on, of up to four bytes a letter.
LONGEST_WORD = 500
# Two keys of one ticket may share a number; then what was said is one entry.
_ADD = text(
    "INSERT INTO spoken(entry, body) VALUES (:entry, CAST(:body AS tsvector))"
    " ON CONFLICT (entry) DO UPDATE SET body = spoken.body || excluded.body"
)
_REMOVE = text("DELETE FROM spoken WHERE entry = ANY(CAST(:entries AS bigint[]))")
_HITS = text(f"""
SELECT count(*), min(entry) >> {SHIFT}, array_agg(DISTINCT entry >> {SHIFT}) FROM (
  SELECT entry FROM spoken WHERE body @@ CAST(:words AS tsquery)
  AND entry > :above AND entry < :below ORDER BY entry DESC LIMIT :most) AS newest
""")  # noqa: S608 - a constant of ours


class PostgresTextIndex:
    """One table of vectors."""

    said = text(f"""
EXISTS (SELECT 1 FROM spoken WHERE body @@ CAST(:words AS tsquery)
  AND spoken.entry >= CAST(tickets.id AS bigint) << {SHIFT}
  AND spoken.entry < CAST(tickets.id + 1 AS bigint) << {SHIFT})
""")  # noqa: S608 - a constant of ours
    among = text("tickets.id = ANY(CAST(:numbers AS bigint[]))")

    def add(self, session: Session, rows: Sequence[TextEntry]) -> None:
        values = [{"entry": each.number, "body": _vector(each.words)} for each in rows]
        session.connection().execute(_ADD, values)

    def remove(self, session: Session, rows: Sequence[TextEntry]) -> None:
        session.connection().execute(_REMOVE, {"entries": [each.number for each in rows]})

    def query(self, terms: Sequence[Term]) -> str:
        return " & ".join(_asked(each) for each in terms)

    def hits(self, session: Session, words: str, above: int, below: int, most: int) -> Hits:
        bounds = {"words": words, "above": above, "below": below, "most": most}
        return Hits(*session.execute(_HITS, bounds).one())


def _asked(term: Term) -> str:
    rows = [" <-> ".join(map(_quoted, each)) for each in (term.words, *term.otherwise)]
    rows[0] += ":*" * term.begins
    return f"({' | '.join(f'({each})' for each in rows)})"


def _vector(words: Sequence[str]) -> str:
    """Each word with the places at which it stands."""
    places: dict[str, list[str]] = {}
    for place, word in enumerate(words, start=1):
        places.setdefault(_quoted(word), []).append(str(place))
    return " ".join(f"{word}:{','.join(found)}" for word, found in places.items())


def _quoted(word: str) -> str:
    escaped = word[:LONGEST_WORD].replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"
