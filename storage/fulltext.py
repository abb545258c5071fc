"""The word indexes of the passages, in SQLite's FTS5.

Two of them: `passages_stemmed` keeps accents and stems English («cancelling» finds «cancelled»);
`passages_folded` drops accents and knows neighbouring words as one token («giao hang» finds «giao
hàng»). Another database needs `add`, `remove` and `find` and nothing else of this file.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from storage.folding import fold, pairs, words
from storage.terms import Terms

FTS_CREATE = (
    """CREATE VIRTUAL TABLE passages_stemmed USING fts5(
    heading, body, tokenize = "porter unicode61 remove_diacritics 0")""",
    """CREATE VIRTUAL TABLE passages_folded USING fts5(
    heading, body, pairs, tokenize = "unicode61 tokenchars '_'")""",
    # A heading names its passage, so a word found there counts for more.
    "INSERT INTO passages_stemmed(passages_stemmed, rank) VALUES ('rank', 'bm25(2.0, 1.0)')",
    "INSERT INTO passages_folded(passages_folded, rank) VALUES ('rank', 'bm25(2.0, 1.0, 1.0)')",
)
FTS_DROP = ("DROP TABLE passages_folded", "DROP TABLE passages_stemmed")

_ADD = (
    text("INSERT INTO passages_stemmed(rowid, heading, body) VALUES (:id, :heading, :body)"),
    text(
        "INSERT INTO passages_folded(rowid, heading, body, pairs)"
        " VALUES (:id, :folded_heading, :folded_body, :pairs)"
    ),
)
_REMOVE = (
    text("DELETE FROM passages_stemmed WHERE rowid = :id"),
    text("DELETE FROM passages_folded WHERE rowid = :id"),
)
_BEST = """
  SELECT * FROM (
    SELECT '{index}' AS part, p.id AS id, passages_{index}.rank AS score
    FROM passages_{index} JOIN passages p ON p.id = passages_{index}.rowid
    JOIN articles a ON a.id = p.article_id
    WHERE passages_{index} MATCH :{index}_query
      AND a.audience IN (SELECT value FROM json_each(:audiences))
    ORDER BY passages_{index}.rank LIMIT :most
  )"""
_SPREAD = """
SELECT 'in_{index}', count(*), NULL, word.value,
  json_group_array(f.rowid) FILTER (WHERE f.rowid IN (SELECT id FROM best))
FROM json_each(:{index}_words) AS word CROSS JOIN passages_{index} AS f
WHERE f.passages_{index} MATCH '"' || word.value || '"'
GROUP BY word.value"""
# One statement, because on the message path every statement costs a trip to SQLite's thread.
_FIND = text(f"""
WITH best AS MATERIALIZED ({_BEST.format(index="stemmed")}
  UNION ALL {_BEST.format(index="folded")}
)
SELECT part, id AS number, score, NULL AS word, NULL AS ids FROM best
UNION ALL SELECT 'stored', count(*), NULL, NULL, NULL FROM passages
UNION ALL {_SPREAD.format(index="stemmed")}
UNION ALL {_SPREAD.format(index="folded")}
""")  # noqa: S608 - only the two names above are filled in


@dataclass(frozen=True, slots=True)
class Spread:
    """Where a word or pair occurs: in how many passages, and in which of the best ones."""

    passages: int = 0
    among: frozenset[int] = frozenset()


@dataclass(slots=True)
class Found:
    """The best passages by each index, best first (BM25), and where every term of the query is."""

    stored: int = 0
    stemmed: list[int] = field(default_factory=list)
    folded: list[int] = field(default_factory=list)
    in_stemmed: dict[str, Spread] = field(default_factory=dict)
    in_folded: dict[str, Spread] = field(default_factory=dict)


def add(session: Session, rows: Sequence[tuple[int, str, str]]) -> None:
    """Index passages given as (id, heading, body)."""
    if rows:
        for statement in _ADD:
            session.execute(statement, [_indexed(*row) for row in rows])


def remove(session: Session, ids: Sequence[int]) -> None:
    """Forget passages; those never indexed are left out silently."""
    if ids:
        for statement in _REMOVE:
            session.execute(statement, [{"id": passage} for passage in ids])


def find(session: Session, terms: Terms, audiences: Sequence[str], most: int) -> Found:
    """Ask both indexes for at most `most` passages each, of articles for these audiences."""
    folded = (*terms.folded, *terms.pairs)
    rows = session.execute(
        _FIND,
        {
            "stemmed_query": _any_of(terms.exact),
            "stemmed_words": json.dumps(terms.exact),
            "folded_query": _any_of(folded),
            "folded_words": json.dumps(folded),
            "audiences": json.dumps(list(audiences)),
            "most": most,
        },
    )
    return _found(rows.all())


def _found(rows: Sequence[Row[Any]]) -> Found:
    found = Found()
    ranked = sorted((row for row in rows if row.score is not None), key=lambda row: row.score)
    found.stemmed = [row.number for row in ranked if row.part == "stemmed"]
    found.folded = [row.number for row in ranked if row.part == "folded"]
    spread = {"in_stemmed": found.in_stemmed, "in_folded": found.in_folded}
    for row in rows:
        if row.part == "stored":
            found.stored = row.number
        elif row.part in spread:
            spread[row.part][row.word] = Spread(row.number, frozenset(json.loads(row.ids)))
    return found


def _indexed(passage_id: int, heading: str, body: str) -> dict[str, Any]:
    heading_words, body_words = words(heading), words(body)
    folded_heading = [fold(word) for word in heading_words]
    folded_body = [fold(word) for word in body_words]
    return {
        "id": passage_id,
        "heading": " ".join(heading_words),
        "body": " ".join(body_words),
        "folded_heading": " ".join(folded_heading),
        "folded_body": " ".join(folded_body),
        "pairs": " ".join((*pairs(folded_heading), *pairs(folded_body))),
    }


def _any_of(tokens: Iterable[str]) -> str:
    """An FTS5 query. The tokens are bare words, so quoting them leaves no syntax to break."""
    return " OR ".join(f'"{token}"' for token in tokens) or '""'
