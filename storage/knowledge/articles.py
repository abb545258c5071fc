"""The desk's articles: kept in step with where they come from."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import delete, func, or_, select, text
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, col

from storage.db.columns import stored_id
from storage.knowledge import index, word_counts
from storage.knowledge.tables import TABLES, ArticleRow, PassageRow
from storage.knowledge.values import Article, Passage, SyncReport
from storage.knowledge.words import PreparedWords, prepare_words


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
    query = select(ArticleRow).where(
        or_(col(ArticleRow.origin) == origin, col(ArticleRow.source).in_(_sources(articles)))
    )
    return _written(session, articles, origin, kept, session.scalars(query))


def store_articles(session: Session, articles: Sequence[Article], origin: str) -> SyncReport:
    """Add or replace some articles of an origin, and leave its others as they are."""
    given = _sources(articles)
    others = select(func.count()).where(
        col(ArticleRow.origin) == origin, col(ArticleRow.source).not_in(given)
    )
    left = session.scalar(others) or 0
    standing = session.scalars(select(ArticleRow).where(col(ArticleRow.source).in_(given)))
    report = _written(session, articles, origin, (), standing)
    return replace(report, unchanged=report.unchanged + left)


def _sources(articles: Sequence[Article]) -> list[str]:
    return [article.source for article in articles]


def _written(
    session: Session,
    articles: Sequence[Article],
    origin: str,
    kept: Collection[str],
    standing: Iterable[ArticleRow],
) -> SyncReport:
    """Make of the rows that stand what was given and what is kept."""
    rows = {row.source: row for row in standing}
    ours = {source: row for source, row in rows.items() if row.origin == origin}
    foreign = rows.keys() - ours.keys()
    refused = [article.source for article in articles if article.source in foreign]
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
