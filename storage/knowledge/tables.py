"""The tables of articles and their passages."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.db.columns import UtcDateTime, utc_now
from storage.knowledge.word_counts import WordRow


class ArticleRow(SQLModel, table=True):
    """An article as it last was where it comes from; the passages are cut from it.

    `origin` is that place: a folder, or whoever else keeps articles. `source` names the article
    within the desk: it is what an answer cites.
    """

    __tablename__ = "articles"

    id: int | None = Field(default=None, primary_key=True)
    origin: str = Field(default="", index=True)
    source: str = Field(unique=True)
    title: str
    url: str
    audience: str
    language: str
    reviewed_on: date | None = None
    content_hash: str
    synced_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class PassageRow(SQLModel, table=True):
    """A part of an article; its id is also its entry in the indexes, by the words kept here."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("article_id", "position", name="passages_position"),)

    id: int | None = Field(default=None, primary_key=True)
    article_id: int | None = Field(
        sa_column=Column(ForeignKey("articles.id", ondelete="CASCADE"), nullable=False)
    )
    position: int
    heading: list[str] = Field(sa_column=Column(JSON, nullable=False))
    paragraphs: list[str] = Field(sa_column=Column(JSON, nullable=False))
    stemmed: str
    folded: str


TABLES = (ArticleRow, PassageRow, WordRow)
