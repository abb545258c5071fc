"""What the desk answers from, in figures: how many articles, from where, for whom."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.knowledge.stored_passages import VISIBLE
from storage.knowledge.tables import ArticleRow, PassageRow


@dataclass(frozen=True)
class KnowledgeSize:
    """What the desk answers from: how many articles, and when one was last read anew (UTC).

    `public` of the articles may be read by customers.
    """

    articles: int
    public: int
    passages: int
    synced_at: datetime | None


@dataclass(frozen=True)
class KnowledgePart:
    """The articles of one origin, audience and language."""

    origin: str
    audience: str
    language: str
    articles: int
    passages: int
    oldest_review: date | None


def knowledge_size(session: Session) -> KnowledgeSize:
    """The articles in figures."""
    newest = session.scalar(select(func.max(ArticleRow.synced_at)))
    articles = session.scalar(select(func.count(col(ArticleRow.id)))) or 0
    visible = col(ArticleRow.audience).in_(VISIBLE["public"])
    public = session.scalar(select(func.count(col(ArticleRow.id))).where(visible)) or 0
    passages = session.scalar(select(func.count(col(PassageRow.id)))) or 0
    return KnowledgeSize(articles, public, passages, newest)


def languages(session: Session) -> list[str]:
    """The languages of the articles that customers may read, the most frequent first."""
    spoken = col(ArticleRow.language)
    rows = session.scalars(
        select(spoken)
        .where(col(ArticleRow.audience).in_(VISIBLE["public"]))
        .group_by(spoken)
        .order_by(func.count().desc(), spoken)
    )
    return list(rows)


def knowledge_parts(session: Session) -> list[KnowledgePart]:
    """The articles by where they come from, for whom and in which language."""
    kind = (col(ArticleRow.origin), col(ArticleRow.audience), col(ArticleRow.language))
    rows = session.execute(
        select(
            *kind,
            func.count(col(ArticleRow.id).distinct()),
            func.count(col(PassageRow.id)),
            func.min(ArticleRow.reviewed_on),
        )
        .join(PassageRow, col(PassageRow.article_id) == col(ArticleRow.id), isouter=True)
        .group_by(*kind)
        .order_by(*kind)
    )
    return [KnowledgePart(*row) for row in rows]
