"""What passages mean, as vectors: one a passage, and gone with it."""

from array import array
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Column, Executable, ForeignKey, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import table_of
from storage.db.in_list import in_list
from storage.db.rows import StoredRow
from storage.knowledge.stored_passages import VISIBLE
from storage.knowledge.tables import ArticleRow, PassageRow
from storage.knowledge.values import Audience

Vector = Sequence[float]


class VectorRow(StoredRow, table=True):
    """A passage's vector, 4 bytes a number as this machine has them, and the model it is of."""

    __tablename__ = "passage_vectors"

    passage_id: int | None = Field(
        sa_column=Column(ForeignKey("passages.id", ondelete="CASCADE"), primary_key=True)
    )
    model: str
    vector: bytes


_PASSAGES = select(
    col(PassageRow.id),
    col(ArticleRow.title),
    col(PassageRow.heading),
    col(PassageRow.paragraphs),
).join(ArticleRow, col(ArticleRow.id) == col(PassageRow.article_id))
_OF = select(col(VectorRow.passage_id), col(VectorRow.vector)).where(
    in_list(table_of(VectorRow).c.passage_id, "passages")
)


def create_vector_table(session: Session) -> None:
    """The table, in a database that has the articles' own."""
    table_of(VectorRow).create(session.connection())


def missing_vectors(session: Session, model: str, limit: int) -> Mapping[int, str]:
    """Some passages that this model has not read, by id: their text and the headings above it."""
    read = select(col(VectorRow.passage_id)).where(col(VectorRow.model) == model)
    unread = _PASSAGES.where(col(PassageRow.id).not_in(read)).order_by(col(PassageRow.id))
    return _texts(session, unread.limit(limit))


def keep_vectors(
    session: Session, model: str, texts: Mapping[int, str], vectors: Sequence[Vector]
) -> None:
    """Store the vectors of texts, unless their passage has gone or another one has its id."""
    stand = _texts(session, _PASSAGES.where(col(PassageRow.id).in_(texts)))
    for (passage, text), vector in zip(texts.items(), vectors, strict=True):
        if stand.get(passage) == text:
            packed = array("f", vector).tobytes()
            session.merge(VectorRow(passage_id=passage, model=model, vector=packed))


def vectors_of(session: Session, model: str, passages: Collection[int]) -> Mapping[int, Vector]:
    """The vectors of passages, as far as this model has read them."""
    rows = session.execute(_OF.where(col(VectorRow.model) == model), {"passages": list(passages)})
    return {row.passage_id: array("f", row.vector) for row in rows}


def everything(
    session: Session, model: str, audience: Audience
) -> tuple[Sequence[int], Sequence[bytes]]:
    """The passages this audience may be shown that the model has read, and their vectors."""
    rows = session.execute(
        select(col(VectorRow.passage_id), col(VectorRow.vector))
        .join(PassageRow, col(PassageRow.id) == col(VectorRow.passage_id))
        .join(ArticleRow, col(ArticleRow.id) == col(PassageRow.article_id))
        .where(col(VectorRow.model) == model, col(ArticleRow.audience).in_(VISIBLE[audience]))
        .order_by(col(VectorRow.passage_id))
    ).all()
    return [row.passage_id for row in rows], [row.vector for row in rows]


def _texts(session: Session, passages: Executable) -> Mapping[int, str]:
    return {
        passage: "\n".join(filter(None, (title, *heading, *paragraphs)))
        for passage, title, heading, paragraphs in session.execute(passages)
    }
