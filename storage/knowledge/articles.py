"""The desk's articles: kept in step with where they come from, and searched."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import Row, String, delete, func, select, text
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from storage.db.columns import stored_id, table_of
from storage.db.in_list import in_list
from storage.knowledge import fusion, index, matter, ranking, word_counts
from storage.knowledge import query as knowledge_query
from storage.knowledge.tables import TABLES, ArticleRow, PassageRow
from storage.knowledge.values import Article, Audience, Hit, Passage, SyncReport
from storage.knowledge.words import PreparedWords, prepare_words

__all__ = [
    "ArticleRow",
    "PassageRow",
    "create_tables",
    "knowledge_parts",
    "knowledge_size",
    "known_hashes",
    "languages",
    "of_ids",
    "passages_of_sources",
    "prefer_language",
    "search_passages",
    "store_articles",
    "sync_articles",
]

OWN_LANGUAGE = 1.2  # how much more a passage in the customer's language is worth
SHORTLIST = 16  # passages read for each part of a question, unless more are asked for
MOST_READ = 32  # passages read for all of its parts
VISIBLE: dict[Audience, tuple[Audience, ...]] = {
    "public": ("public",),
    "agents": ("public", "agents"),
}
# Made once: on the path of a message, making a statement takes as long as answering it. The lists
# come as text and are read for the passages that are shown.
_READ = (
    select(
        col(PassageRow.id),
        col(PassageRow.stemmed),
        col(PassageRow.folded),
        col(ArticleRow.source),
        col(ArticleRow.title),
        col(ArticleRow.url),
        col(ArticleRow.audience),
        col(ArticleRow.language),
        sql_cast(col(PassageRow.heading), String).label("heading"),
        sql_cast(col(PassageRow.paragraphs), String).label("paragraphs"),
    )
    .join(ArticleRow, col(ArticleRow.id) == col(PassageRow.article_id))
    .where(
        in_list(table_of(PassageRow).c.id, "ids"),
        in_list(table_of(ArticleRow).c.audience, "audiences"),
    )
)


def create_tables(session: Session) -> None:
    """The articles' own tables and indexes in a database that has none; SQLite or PostgreSQL."""
    tables = [SQLModel.metadata.tables[str(row.__tablename__)] for row in TABLES]
    SQLModel.metadata.create_all(session.connection(), tables=tables)
    for statement in index.index(session).create:
        session.execute(text(statement))


def sync_articles(
    session: Session, articles: Sequence[Article], origin: str = "", kept: Collection[str] = ()
) -> SyncReport:
    """Make the store hold exactly these articles of an origin, and those named in `kept`.

    An article whose content hash is known is left alone, and one no longer given is removed; what
    comes from elsewhere stays. A source that another origin holds already is refused.
    """
    rows = {row.source: row for row in session.scalars(select(ArticleRow))}
    ours = {source: row for source, row in rows.items() if row.origin == origin}
    refused = [
        article.source for article in articles if article.source in rows.keys() - ours.keys()
    ]
    given = {article.source: article for article in articles if article.source not in refused}
    stay = {source for source in kept if source in ours and source not in given}
    removed = [row for source, row in ours.items() if source not in given and source not in stay]
    added = [article for source, article in given.items() if source not in ours]
    changed = [
        article
        for source, article in given.items()
        if source in ours and ours[source].content_hash != article.content_hash
    ]
    _remove(session, [*removed, *(ours[article.source] for article in changed)])
    _add(session, [*added, *changed], origin)
    unchanged = len(given) + len(stay) - len(added) - len(changed)
    return SyncReport(len(added), len(changed), len(removed), unchanged, tuple(refused))


def store_articles(session: Session, articles: Sequence[Article], origin: str) -> SyncReport:
    """Add or replace some articles of an origin, and leave its others as they are."""
    return sync_articles(session, articles, origin, known_hashes(session, origin))


def known_hashes(session: Session, origin: str, today: date | None = None) -> Mapping[str, str]:
    """The content hash of every article of an origin, by its source; without what has expired."""
    rows = session.execute(
        select(
            col(ArticleRow.source), col(ArticleRow.content_hash), col(ArticleRow.expires_on)
        ).where(col(ArticleRow.origin) == origin)
    )
    return {
        row.source: row.content_hash
        for row in rows
        if today is None or row.expires_on is None or row.expires_on > today
    }


@dataclass(frozen=True)
class KnowledgeSize:
    """What the desk answers from: how many articles, and when one was last read anew (UTC)."""

    articles: int
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
    passages = session.scalar(select(func.count(col(PassageRow.id)))) or 0
    return KnowledgeSize(articles, passages, newest)


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


def search_passages(
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
    parts = knowledge_query.asking(matter.parts(query))
    if not parts:
        return []
    asked = knowledge_query.together(parts)
    common = word_counts.word_occurrences(session, asked.every)
    weights = ranking.weigh_terms(asked, common)
    parts = ranking.heaviest(parts, weights)
    postings = index.index(session).postings(session, *ranking.rarest_terms(parts, weights, common))
    searched = parts if len(parts) == 1 else [*parts, asked]
    lists = [ranking.shortlist_passages(each, weights, postings) for each in searched]
    rows = {
        row.id: row
        for row in _read(
            session,
            fusion.in_turns(lists),
            VISIBLE[audience],
            max(limit, SHORTLIST if len(parts) == 1 else MOST_READ),
        )
    }
    judged = ranking.score_passages(
        searched,
        weights,
        common,
        {key: _prepared(row) for key, row in rows.items()},
        [[key for key in ranked if key in rows][:SHORTLIST] for ranked in lists],
    )
    weights_of = [1.0 if each.question else fusion.STATED for each in parts]
    fused = fusion.fused(judged[: len(parts)], weights_of, judged[len(parts) :])
    fused = fusion.spread(fused, {key: row.source for key, row in rows.items()})
    hits = [Hit(_passage(rows[key]), key, each.score, each.coverage) for key, each in fused.items()]
    return prefer_language(hits, language)[:limit]


def passages_of_sources(session: Session, sources: Collection[str]) -> Sequence[Passage]:
    """Every passage of these articles that customers may read, as it stands now."""
    ids = session.scalars(
        select(col(PassageRow.id))
        .join(ArticleRow, col(ArticleRow.id) == col(PassageRow.article_id))
        .where(col(ArticleRow.source).in_(sources))
        .order_by(col(PassageRow.id))
    ).all()
    stand = [each for each in ids if each is not None]
    return [_passage(row) for row in _read(session, stand, VISIBLE["public"], max(len(stand), 1))]


def of_ids(session: Session, ids: Sequence[int], audience: Audience) -> dict[int, Passage]:
    """These passages, as far as they still stand and this audience may be shown them."""
    rows = _read(session, ids, VISIBLE[audience], max(len(ids), 1))
    return {row.id: _passage(row) for row in rows}


def prefer_language(hits: Iterable[Hit], language: str | None) -> list[Hit]:
    """Hits best first for a customer of this language; their scores stay as they are."""
    return sorted(
        hits,
        key=lambda hit: (-hit.score * _worth(hit.passage.language, language), hit.passage_id),
    )


def _worth(language: str, wanted: str | None) -> float:
    return OWN_LANGUAGE if language == wanted else 1.0


def _read(
    session: Session, ranked: Iterable[int], audiences: Sequence[Audience], most: int
) -> list[Row[Any]]:
    """The first passages of a ranking that these audiences may be shown, and what they are from."""
    read: list[Row[Any]] = []
    coming = iter(ranked)
    while len(read) < most and (ids := list(islice(coming, most))):
        places = {passage: place for place, passage in enumerate(ids)}
        rows: Sequence[Any] = session.execute(_READ, {"ids": ids, "audiences": audiences}).all()
        read += sorted(rows, key=lambda row: places[row.id])
    return read[:most]


def _prepared(row: Row[Any]) -> PreparedWords:
    return PreparedWords(row.stemmed, row.folded)


def _passage(row: Row[Any]) -> Passage:
    return Passage(
        source=row.source,
        title=row.title,
        url=row.url,
        audience=cast("Audience", row.audience),
        language=row.language,
        heading=tuple(json.loads(row.heading)),
        paragraphs=tuple(json.loads(row.paragraphs)),
    )


def _remove(session: Session, rows: Sequence[ArticleRow]) -> None:
    ids = [row.id for row in rows]
    passages = session.execute(
        select(col(PassageRow.id), col(PassageRow.stemmed), col(PassageRow.folded)).where(
            col(PassageRow.article_id).in_(ids)
        )
    )
    gone = [(key or 0, PreparedWords(stemmed, folded)) for key, stemmed, folded in passages]
    index.index(session).remove(session, gone)
    word_counts.count_words(session, [prepared for _, prepared in gone], gone=True)
    session.execute(delete(PassageRow).where(col(PassageRow.article_id).in_(ids)))
    session.execute(delete(ArticleRow).where(col(ArticleRow.id).in_(ids)))


def _add(session: Session, articles: Sequence[Article], origin: str) -> None:
    rows = [_article_row(article, origin) for article in articles]
    session.add_all(rows)
    session.flush()
    passages = [
        passage
        for row, article in zip(rows, articles, strict=True)
        for passage in _passage_rows(row, article)
    ]
    session.add_all(passages)
    session.flush()
    prepared = [(stored_id(row.id), PreparedWords(row.stemmed, row.folded)) for row in passages]
    index.index(session).add(session, prepared)
    word_counts.count_words(session, [words for _, words in prepared])


def _article_row(article: Article, origin: str) -> ArticleRow:
    return ArticleRow(
        origin=origin,
        source=article.source,
        title=article.title,
        url=article.url,
        audience=article.audience,
        language=article.language,
        reviewed_on=article.reviewed_on,
        content_hash=article.content_hash,
        updated_on=article.updated_on,
        expires_on=article.expires_on,
        doubts=list(article.doubts),
        left_out=dict(article.left_out),
    )


def _passage_rows(row: ArticleRow, article: Article) -> list[PassageRow]:
    return [
        _passage_row(row, article.title, position, passage)
        for position, passage in enumerate(article.passages)
    ]


def _passage_row(row: ArticleRow, title: str, position: int, passage: Passage) -> PassageRow:
    # A heading names its passage, so its words count as if they were said twice.
    names = "\n".join((title, *passage.heading))
    words = prepare_words("\n\n".join((names, *passage.paragraphs, names)))
    return PassageRow(
        article_id=row.id,
        position=position,
        heading=list(passage.heading),
        paragraphs=list(passage.paragraphs),
        stemmed=words.stemmed,
        folded=words.folded,
    )
