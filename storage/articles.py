"""The desk's articles: kept in step with their files, and searched."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import JSON, Column, ForeignKey, UniqueConstraint, delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from storage import fulltext, relevance, terms
from storage.columns import UtcDateTime, utc_now
from storage.documents import Article, Audience, Hit, Passage, SyncReport
from storage.fulltext import FTS_CREATE, FTS_DROP

__all__ = ["FTS_CREATE", "FTS_DROP", "ArticleRow", "PassageRow", "prefer", "search", "sync"]

CANDIDATES = 20  # taken from each index before fusing
OWN_LANGUAGE = 1.2  # how much more a passage in the customer's language is worth
# Below this share of a question's telling words a passage is about something else. On the sample
# articles 0.3 keeps nine questions in ten and lets one off-topic message in ten through.
LEAST_COVERAGE = 0.3
VISIBLE: dict[Audience, tuple[Audience, ...]] = {
    "public": ("public",),
    "agents": ("public", "agents"),
}


class ArticleRow(SQLModel, table=True):
    """An article as its file last said; the passages are cut from it."""

    __tablename__ = "articles"

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(unique=True)
    title: str
    url: str
    audience: str
    language: str
    reviewed_on: date | None = None
    content_hash: str
    synced_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class PassageRow(SQLModel, table=True):
    """A part of an article; its id is also its row in the two indexes."""

    __tablename__ = "passages"
    __table_args__ = (UniqueConstraint("article_id", "position", name="passages_position"),)

    id: int | None = Field(default=None, primary_key=True)
    article_id: int | None = Field(
        sa_column=Column(ForeignKey("articles.id", ondelete="CASCADE"), nullable=False)
    )
    position: int
    heading: list[str] = Field(sa_column=Column(JSON, nullable=False))
    paragraphs: list[str] = Field(sa_column=Column(JSON, nullable=False))


def sync(session: Session, articles: Sequence[Article]) -> SyncReport:
    """Make the store hold exactly these articles; the caller commits.

    An article whose content hash is known is left alone, and one no longer given is removed.
    """
    known = {row.source: row for row in session.scalars(select(ArticleRow))}
    given = {article.source: article for article in articles}
    removed = [row for source, row in known.items() if source not in given]
    added = [article for source, article in given.items() if source not in known]
    changed = [
        article
        for source, article in given.items()
        if source in known and known[source].content_hash != article.content_hash
    ]
    _remove(session, [*removed, *(known[article.source] for article in changed)])
    _add(session, [*added, *changed])
    unchanged = len(given) - len(added) - len(changed)
    return SyncReport(len(added), len(changed), len(removed), unchanged)


@dataclass(frozen=True)
class Shelf:
    """What the desk answers from: how many articles, and when one was last read anew (UTC)."""

    articles: int
    passages: int
    synced_at: datetime | None


def shelf(session: Session) -> Shelf:
    """The articles in figures."""
    newest = session.scalar(select(func.max(ArticleRow.synced_at)))
    articles = session.scalar(select(func.count(col(ArticleRow.id)))) or 0
    passages = session.scalar(select(func.count(col(PassageRow.id)))) or 0
    return Shelf(articles, passages, newest)


def search(
    session: Session,
    query: str,
    *,
    language: str | None,
    audience: Audience = "public",
    limit: int = 5,
) -> list[Hit]:
    """The passages that fit a question, best first; none when nothing fits.

    Any text may be asked. Only an `agents` search sees articles for agents. Passages in `language`
    are preferred a little, where a language is given.
    """
    asked = terms.read(query)
    if not asked.exact:
        return []
    found = fulltext.find(session, asked, VISIBLE[audience], CANDIDATES)
    fused = relevance.fuse(asked, found)
    covered = relevance.coverage(asked, found, fused)
    fitting = [key for key in fused if covered[key] >= LEAST_COVERAGE]
    passages = _passages(session, fitting, VISIBLE[audience]) if fitting else {}
    hits = [
        Hit(passage, key, fused[key] * (1 + covered[key] / 2), covered[key])
        for key, passage in passages.items()
    ]
    return prefer(hits, language)[:limit]


def prefer(hits: Iterable[Hit], language: str | None) -> list[Hit]:
    """Hits best first for a customer of this language; their scores stay as they are."""

    def worth(hit: Hit) -> tuple[float, int]:
        own = OWN_LANGUAGE if hit.passage.language == language else 1.0
        return -hit.score * own, hit.passage_id

    return sorted(hits, key=worth)


def _remove(session: Session, rows: Sequence[ArticleRow]) -> None:
    ids = [row.id for row in rows]
    passages = session.scalars(
        select(col(PassageRow.id)).where(col(PassageRow.article_id).in_(ids))
    )
    fulltext.remove(session, [key for key in passages if key is not None])
    session.execute(delete(PassageRow).where(col(PassageRow.article_id).in_(ids)))
    session.execute(delete(ArticleRow).where(col(ArticleRow.id).in_(ids)))


def _add(session: Session, articles: Sequence[Article]) -> None:
    rows = [_article_row(article) for article in articles]
    session.add_all(rows)
    session.flush()
    passages = [
        (article.title, passage)
        for row, article in zip(rows, articles, strict=True)
        for passage in _passage_rows(row, article)
    ]
    session.add_all(passage for _, passage in passages)
    session.flush()
    fulltext.add(session, [_searchable(title, passage) for title, passage in passages])


def _article_row(article: Article) -> ArticleRow:
    return ArticleRow(
        source=article.source,
        title=article.title,
        url=article.url,
        audience=article.audience,
        language=article.language,
        reviewed_on=article.reviewed_on,
        content_hash=article.content_hash,
    )


def _passage_rows(row: ArticleRow, article: Article) -> list[PassageRow]:
    return [
        PassageRow(
            article_id=row.id,
            position=position,
            heading=list(passage.heading),
            paragraphs=list(passage.paragraphs),
        )
        for position, passage in enumerate(article.passages)
    ]


def _searchable(title: str, passage: PassageRow) -> tuple[int, str, str]:
    if passage.id is None:
        raise ValueError("a passage is indexed after it has been stored")
    return passage.id, "\n".join((title, *passage.heading)), "\n\n".join(passage.paragraphs)


def of_sources(session: Session, sources: Collection[str]) -> Sequence[Passage]:
    """Every passage of these articles that customers may read, as it stands now."""
    query = (
        select(col(PassageRow.id))
        .join(ArticleRow, col(ArticleRow.id) == col(PassageRow.article_id))
        .where(col(ArticleRow.source).in_(sources))
    )
    ids = [key for key in session.scalars(query) if key is not None]
    return [*_passages(session, ids, VISIBLE["public"]).values()]


def _passages(
    session: Session, ids: Sequence[int], audiences: Sequence[Audience]
) -> dict[int, Passage]:
    rows = session.execute(
        select(
            col(PassageRow.id),
            col(ArticleRow.source),
            col(ArticleRow.title),
            col(ArticleRow.url),
            col(ArticleRow.audience),
            col(ArticleRow.language),
            col(PassageRow.heading),
            col(PassageRow.paragraphs),
        )
        .join(ArticleRow, col(ArticleRow.id) == col(PassageRow.article_id))
        .where(col(PassageRow.id).in_(ids), col(ArticleRow.audience).in_(audiences))
    )
    return {
        row.id: Passage(
            source=row.source,
            title=row.title,
            url=row.url,
            audience=cast("Audience", row.audience),
            language=row.language,
            heading=tuple(row.heading),
            paragraphs=tuple(row.paragraphs),
        )
        for row in rows
    }
