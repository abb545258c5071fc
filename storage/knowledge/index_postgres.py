"""The word indexes in PostgreSQL: two vectors of words a passage, each under a GIN index.

Words come prepared, so they are made vectors as they are, past PostgreSQL's own parser and
dictionaries: what is stored and what is asked is what FTS5 is given too.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.knowledge.words import Postings, PreparedWords

_PARTS = ("stemmed", "folded")
_ADD = text(
    "INSERT INTO passages_words(passage_id, stemmed, folded)"
    " VALUES (:id, array_to_tsvector(:stemmed), array_to_tsvector(:folded))"
)
_REMOVE = text("DELETE FROM passages_words WHERE passage_id = ANY(:ids)")
_POSTINGS = text(
    "SELECT part, word, ids FROM passages_with(CAST(:stemmed AS text[]), CAST(:folded AS text[]))"
    " WHERE ids IS NOT NULL"
)
# The planner takes comparing a vector for cheap; yet long ones are stored apart, so that reading
# the table from end to end for each word takes half a second where the index takes a millisecond.
# A function is planned under settings of its own, and nothing around it is.
_WITH = " UNION ALL ".join(
    f"SELECT '{part}', word, (SELECT array_agg(passage_id ORDER BY passage_id)"  # noqa: S608
    f" FROM passages_words AS row WHERE row.{part} @@ CAST(quote_literal(word) AS tsquery))"
    f" FROM unnest(passages_with.{part}) AS word"
    for part in _PARTS
)


class PostgresIndex:
    """One table of vectors. PostgreSQL keeps accents where no dictionary takes them away."""

    create = (
        (
            "CREATE TABLE passages_words (passage_id integer PRIMARY KEY"
            " REFERENCES passages(id) ON DELETE CASCADE, stemmed tsvector NOT NULL,"
            " folded tsvector NOT NULL)"
        ),
        # Without a list of changes pending, which every search would read before the index.
        *(
            f"CREATE INDEX passages_{part} ON passages_words USING gin({part})"
            " WITH (fastupdate = off)"
            for part in _PARTS
        ),
        (
            "CREATE FUNCTION passages_with(stemmed text[], folded text[])"
            " RETURNS TABLE (part text, word text, ids integer[]) LANGUAGE sql STABLE"
            " SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET jit = off"
            f" BEGIN ATOMIC {_WITH}; END"
        ),
    )

    def add(self, session: Session, rows: Sequence[tuple[int, PreparedWords]]) -> None:
        values = [
            {
                "id": passage,
                "stemmed": _distinct(prepared.stems),
                "folded": _distinct(prepared.tokens),
            }
            for passage, prepared in rows
        ]
        if values:
            session.execute(_ADD, values)

    def remove(self, session: Session, rows: Sequence[tuple[int, PreparedWords]]) -> None:
        if rows:
            session.execute(_REMOVE, {"ids": [passage for passage, _ in rows]})

    def postings(self, session: Session, stems: Sequence[str], folded: Sequence[str]) -> Postings:
        found: dict[str, dict[str, list[int]]] = {part: {} for part in _PARTS}
        for part, word, ids in session.execute(
            _POSTINGS, {"stemmed": list(stems), "folded": list(folded)}
        ):
            found[part][word] = ids
        return Postings(found["stemmed"], found["folded"])


def _distinct(words: Sequence[str]) -> list[str]:
    """Each word once; a vector has no place for an empty one."""
    return list(filter(None, dict.fromkeys(words)))
