"""The desk's articles: kept in step with their files, and searched.

Two rankings are fused by reciprocal rank, because one index reads English word forms and the other
Vietnamese typed without its accents, and their scores cannot be compared.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from math import log
from typing import cast

from sqlalchemy import JSON, Column, ForeignKey, UniqueConstraint, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, SQLModel, col

from storage import fulltext, terms
from storage.columns import UtcDateTime, utc_now
from storage.documents import Article, Audience, Hit, Passage, SyncReport
from storage.fulltext import FTS_CREATE, FTS_DROP, Found, Spread
from storage.terms import Terms

__all__ = ["FTS_CREATE", "FTS_DROP", "ArticleRow", "PassageRow", "search", "sync"]

CANDIDATES = 20  # taken from each index before fusing
RANK_DAMPING = 5  # the k of reciprocal rank fusion; small, because there are only two short lists
STEMMED_WEIGHT = 0.4  # beside 1 for the folded index, which reads both languages
OWN_LANGUAGE = 1.2  # how much more a passage in the customer's language is worth
BELIEF_SPELLED = 0.5
BELIEF_LOOSE = 0.25
NOWHERE = Spread()
MIX = 0.0
LEAST_COVERAGE = 0.45  # see `_coverage`
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


async def sync(session: AsyncSession, articles: Sequence[Article]) -> SyncReport:
    """Make the store hold exactly these articles; the caller commits.

    An article whose content hash is known is left alone, and one no longer given is removed.
    """
    known = {row.source: row for row in await session.scalars(select(ArticleRow))}
    given = {article.source: article for article in articles}
    removed = [row for source, row in known.items() if source not in given]
    added = [article for source, article in given.items() if source not in known]
    changed = [
        article
        for source, article in given.items()
        if source in known and known[source].content_hash != article.content_hash
    ]
    await _remove(session, [*removed, *(known[article.source] for article in changed)])
    for article in (*added, *changed):
        await _add(session, article)
    unchanged = len(given) - len(added) - len(changed)
    return SyncReport(len(added), len(changed), len(removed), unchanged)


async def search(
    session: AsyncSession,
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
    found = await fulltext.find(session, asked, VISIBLE[audience], CANDIDATES)
    fused = _fuse(asked, found)
    covered = _coverage(asked, found, fused)
    fitting = [key for key in fused if covered[key] >= LEAST_COVERAGE]
    passages = await _passages(session, fitting, VISIBLE[audience]) if fitting else {}
    hits = [
        Hit(
            passage,
            key,
            fused[key] * _preference(passage, language) * (1 + MIX * covered[key]),
            covered[key],
        )
        for key, passage in passages.items()
    ]
    return sorted(hits, key=lambda hit: (-hit.score, hit.passage_id))[:limit]


async def _remove(session: AsyncSession, rows: Sequence[ArticleRow]) -> None:
    ids = [row.id for row in rows]
    passages = await session.scalars(
        select(col(PassageRow.id)).where(col(PassageRow.article_id).in_(ids))
    )
    await fulltext.remove(session, [key for key in passages if key is not None])
    await session.execute(delete(PassageRow).where(col(PassageRow.article_id).in_(ids)))
    await session.execute(delete(ArticleRow).where(col(ArticleRow.id).in_(ids)))


async def _add(session: AsyncSession, article: Article) -> None:
    row = ArticleRow(
        source=article.source,
        title=article.title,
        url=article.url,
        audience=article.audience,
        language=article.language,
        reviewed_on=article.reviewed_on,
        content_hash=article.content_hash,
    )
    session.add(row)
    await session.flush()
    passages = [
        PassageRow(
            article_id=row.id,
            position=position,
            heading=list(part.heading),
            paragraphs=list(part.paragraphs),
        )
        for position, part in enumerate(article.passages)
    ]
    session.add_all(passages)
    await session.flush()
    await fulltext.add(session, [_searchable(article.title, passage) for passage in passages])


def _searchable(title: str, passage: PassageRow) -> tuple[int, str, str]:
    if passage.id is None:
        raise ValueError("a passage is indexed after it has been stored")
    return passage.id, "\n".join((title, *passage.heading)), "\n\n".join(passage.paragraphs)


def _fuse(asked: Terms, found: Found) -> dict[int, float]:
    """Reciprocal rank fusion: a place counts, the score behind it does not."""
    fused: dict[int, float] = defaultdict(float)
    stemmed_weight = STEMMED_WEIGHT * _as_spelled(asked, found)
    for ranking, weight in ((found.stemmed, stemmed_weight), (found.folded, 1.0)):
        for rank, passage in enumerate(ranking, start=1):
            fused[passage] += weight / (RANK_DAMPING + rank)
    return fused


def _as_spelled(asked: Terms, found: Found) -> float:
    """How far the question is spelled as the articles are, from 0 (no accents typed) to 1."""
    shares = [
        min(1.0, found.in_stemmed.get(exact, NOWHERE).passages / found.in_folded[plain].passages)
        for exact, plain in zip(asked.exact, asked.folded, strict=True)
        if plain in found.in_folded
    ]
    return sum(shares) / len(shares) if shares else 1.0


def _coverage(asked: Terms, found: Found, candidates: Iterable[int]) -> dict[int, float]:
    """How much of what was asked occurs in each candidate, from 0 to 1.

    Every telling word weighs its idf, so a rare word that is missing costs more than a common one.
    A word that no article uses may be a paraphrase as well as another subject, and weighs like one
    found in a twentieth of the passages.
    """
    total = 0.0
    covered = dict.fromkeys(candidates, 0.0)
    for exact, plain, beside in zip(asked.exact, asked.folded, asked.beside, strict=True):
        if not exact.isalpha():
            continue  # a number names a case, not a subject
        spelled, loose = found.in_stemmed.get(exact, NOWHERE), found.in_folded.get(plain, NOWHERE)
        joined = frozenset().union(*(found.in_folded.get(pair, NOWHERE).among for pair in beside))
        holding = max(spelled.passages, loose.passages)
        weight = _idf(holding or found.stored / 20, found.stored)
        total += weight
        sure = joined if exact != plain else joined | spelled.among
        for passage in joined | spelled.among | loose.among:
            belief = (
                1.0
                if passage in sure
                else BELIEF_SPELLED
                if passage in spelled.among
                else BELIEF_LOOSE
            )
            covered[passage] += weight * belief
    return {passage: share / total if total else 0.0 for passage, share in covered.items()}


def _idf(holding: float, stored: int) -> float:
    return log(1 + (stored - holding + 0.5) / (holding + 0.5))


async def _passages(
    session: AsyncSession, ids: Sequence[int], audiences: Sequence[Audience]
) -> dict[int, Passage]:
    rows = await session.execute(
        select(PassageRow, ArticleRow)
        .join(ArticleRow, col(ArticleRow.id) == col(PassageRow.article_id))
        .where(col(PassageRow.id).in_(ids), col(ArticleRow.audience).in_(audiences))
    )
    return {part.id: _passage(article, part) for part, article in rows if part.id is not None}


def _passage(article: ArticleRow, part: PassageRow) -> Passage:
    return Passage(
        source=article.source,
        title=article.title,
        url=article.url,
        audience=cast("Audience", article.audience),
        language=article.language,
        heading=tuple(part.heading),
        paragraphs=tuple(part.paragraphs),
    )


def _preference(passage: Passage, language: str | None) -> float:
    return OWN_LANGUAGE if language == passage.language else 1.0
