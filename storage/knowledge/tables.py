"""The tables of articles and their passages."""

from datetime import date, datetime

from sqlalchemy import JSON, Column, ForeignKey, UniqueConstraint
from sqlmodel import Field

from storage.db.columns import UtcDateTime, utc_now
from storage.db.rows import StoredRow
from storage.knowledge.word_counts import WordRow


class ArticleRow(StoredRow, table=True):
    """An article as it last was where it comes from; the passages are cut from it.

    `origin` is that place: a folder, or whoever else keeps articles. `source` names the article
    within the desk: it is what an answer cites. `expires_on` is the first day without it, `doubts`
    are sentences about what it did not say plainly, and `left_out` counts by kind what of its text
    is no passage.
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
    updated_on: date | None = None
    expires_on: date | None = None
    doubts: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    left_out: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    synced_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class PassageRow(StoredRow, table=True):
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


class SourceRow(StoredRow, table=True):
    """A source as it last was.

    `missing` says why it was not there; `left_out` counts by kind the files that were passed over.
    """

    __tablename__ = "article_sources"

    origin: str = Field(primary_key=True)
    name: str
    missing: str = ""
    left_out: dict[str, int] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    read_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class UnreadRow(StoredRow, table=True):
    """A file of a source that could not be read. `kept`: its last good version is on the shelf."""

    __tablename__ = "unread_files"
    __table_args__ = (UniqueConstraint("origin", "source", name="unread_files_source"),)

    id: int | None = Field(default=None, primary_key=True)
    origin: str
    source: str
    reason: str
    kept: bool = False
    since: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


TABLES = (ArticleRow, PassageRow, WordRow, SourceRow, UnreadRow)
