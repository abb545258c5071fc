"""The word indexes in PostgreSQL: two vectors of words a passage, each under a GIN index.

Words come prepared, so they are made vectors as they are, past PostgreSQL's own parser and
dictionaries: what is stored and what is asked is what FTS5 is given too.
"""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from storage.wording import Postings, Prepared

_PARTS = ("stemmed", "folded")
_ADD = text(
    "INSERT INTO passages_words(passage_id, stemmed, folded)"
    " VALUES (:id, array_to_tsvector(:stemmed), array_to_tsvector(:folded))"
)
_REMOVE = text("DELETE FROM passages_words WHERE passage_id = ANY(:ids)")
_POSTINGS = text(
    " UNION ALL ".join(
        f"SELECT '{part}' AS part, word.value AS word, array_agg(f.passage_id) AS ids"  # noqa: S608
        f" FROM unnest(CAST(:{part} AS text[])) AS word(value)"
        f" JOIN passages_words AS f ON f.{part} @@ CAST(quote_literal(word.value) AS tsquery)"
        " GROUP BY word.value"
        for part in _PARTS
    )
)


class PostgresIndex:
    """One table of vectors. PostgreSQL keeps accents where no dictionary takes them away."""

    create = (
        (
            "CREATE TABLE passages_words (passage_id integer PRIMARY KEY"
            " REFERENCES passages(id) ON DELETE CASCADE, stemmed tsvector NOT NULL,"
            " folded tsvector NOT NULL)"
        ),
        "CREATE INDEX passages_stemmed ON passages_words USING gin(stemmed)",
        "CREATE INDEX passages_folded ON passages_words USING gin(folded)",
    )

    def add(self, session: Session, rows: Sequence[tuple[int, Prepared]]) -> None:
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

    def remove(self, session: Session, rows: Sequence[tuple[int, Prepared]]) -> None:
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
