"""In how many passages each word occurs: which parts rare words from common ones.

Kept beside the indexes, because an index can only count a word by walking through all of its list.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import table_of
from storage.db.in_list import in_list
from storage.db.insert import insert
from storage.db.rows import StoredRow
from storage.knowledge.words import PreparedWords

# The row that counts the passages themselves; no word is empty.
ALL = ""


class WordRow(StoredRow, table=True):
    """A word, and the number of passages that have it in the stemmed and in the folded index."""

    __tablename__ = "passage_vocabulary"

    word: str = Field(primary_key=True)
    stemmed: int
    folded: int


_LOOK_UP = select(col(WordRow.word), col(WordRow.stemmed), col(WordRow.folded)).where(
    in_list(table_of(WordRow).c.word, "words")
)


@dataclass(frozen=True, slots=True)
class Occurrences:
    """In how many passages a word occurs, by index."""

    stemmed: int = 0
    folded: int = 0


def count_words(
    session: Session, passages: Collection[PreparedWords], *, gone: bool = False
) -> None:
    """Count passages in, or out when they are `gone`."""
    if not passages:
        return
    stemmed = Counter(word for passage in passages for word in set(passage.stems))
    folded = Counter(word for passage in passages for word in set(passage.tokens))
    sign = -1 if gone else 1
    # In one order everywhere, so that two writers never wait for each other's rows.
    stemmed[ALL] = folded[ALL] = len(passages)
    rows = [
        {"word": word, "stemmed": sign * stemmed[word], "folded": sign * folded[word]}
        for word in sorted(stemmed | folded)
    ]
    counted = insert(WordRow)
    upsert = counted.on_conflict_do_update(
        index_elements=["word"],
        set_={
            "stemmed": col(WordRow.stemmed) + counted.excluded.stemmed,
            "folded": col(WordRow.folded) + counted.excluded.folded,
        },
    )
    session.execute(upsert, rows)
    if gone:
        nowhere = (col(WordRow.stemmed) <= 0) & (col(WordRow.folded) <= 0)
        session.execute(delete(WordRow).where(nowhere))


def word_occurrences(session: Session, words: Iterable[str]) -> Mapping[str, Occurrences]:
    """How common words are, and under `ALL` how many passages there are.

    Words that occur nowhere are left out.
    """
    rows = session.execute(_LOOK_UP, {"words": [ALL, *words]})
    return {word: Occurrences(stemmed, folded) for word, stemmed, folded in rows}
