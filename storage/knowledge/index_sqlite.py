"""The word indexes in SQLite's FTS5. They keep no text: an entry is removed by giving its words."""

import json
from collections.abc import Sequence

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from storage.knowledge.words import Postings, PreparedWords

_PARTS = ("stemmed", "folded")
_ADD = [
    text(f"INSERT INTO passages_{part}(rowid, words) VALUES (:id, :{part})")  # noqa: S608 - our names
    for part in _PARTS
]
_REMOVE = [
    text(
        f"INSERT INTO passages_{part}(passages_{part}, rowid, words)"  # noqa: S608 - our names
        f" VALUES ('delete', :id, :{part})"
    )
    for part in _PARTS
]
_POSTINGS = text(
    " UNION ALL ".join(
        f"SELECT '{part}' AS part, word.value AS word, "  # noqa: S608 - our names
        f" (SELECT json_group_array(rowid) FROM passages_{part}"
        f" WHERE passages_{part} MATCH '\"' || word.value || '\"') AS ids"
        f" FROM json_each(:{part}) AS word"
        for part in _PARTS
    )
)


class SqliteIndex:
    """Two FTS5 tables without content; `detail = none`, for neighbours are tokens of their own."""

    create = (
        (
            "CREATE VIRTUAL TABLE passages_stemmed USING fts5(words, content = '', detail = none,"
            " tokenize = 'unicode61 remove_diacritics 0')"
        ),
        (
            "CREATE VIRTUAL TABLE passages_folded USING fts5(words, content = '', detail = none,"
            " tokenize = \"unicode61 remove_diacritics 0 tokenchars '_'\")"
        ),
    )

    def add(self, session: Session, rows: Sequence[tuple[int, PreparedWords]]) -> None:
        _each(session, _ADD, rows)

    def remove(self, session: Session, rows: Sequence[tuple[int, PreparedWords]]) -> None:
        _each(session, _REMOVE, rows)

    def postings(self, session: Session, stems: Sequence[str], folded: Sequence[str]) -> Postings:
        found: dict[str, dict[str, list[int]]] = {part: {} for part in _PARTS}
        asked = {"stemmed": json.dumps(stems), "folded": json.dumps(folded)}
        for part, word, ids in session.execute(_POSTINGS, asked):
            if holding := json.loads(ids):
                found[part][word] = holding
        return Postings(found["stemmed"], found["folded"])


def _each(
    session: Session, statements: Sequence[TextClause], rows: Sequence[tuple[int, PreparedWords]]
) -> None:
    values = [
        {"id": passage, "stemmed": prepared.stemmed, "folded": " ".join(prepared.tokens)}
        for passage, prepared in rows
    ]
    for statement in statements if values else ():
        session.execute(statement, values)
