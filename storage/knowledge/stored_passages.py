"""Passages as they stand in the store, for those who may be shown them."""

import json
from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any, cast

from sqlalchemy import Row, String, select
from sqlalchemy import cast as sql_cast
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.columns import table_of
from storage.db.in_list import in_list
from storage.knowledge.tables import ArticleRow, PassageRow
from storage.knowledge.values import Audience, Passage

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


def passages_of_sources(session: Session, sources: Collection[str]) -> Sequence[Passage]:
    """Every passage of these articles that customers may read, as it stands now."""
    ids = session.scalars(
        select(col(PassageRow.id))
        .join(ArticleRow, col(ArticleRow.id) == col(PassageRow.article_id))
        .where(col(ArticleRow.source).in_(sources))
        .order_by(col(PassageRow.id))
    ).all()
    stand = [each for each in ids if each is not None]
    return [
        passage_in(row) for row in read_rows(session, stand, VISIBLE["public"], max(len(stand), 1))
    ]


def of_ids(session: Session, ids: Sequence[int], audience: Audience) -> dict[int, Passage]:
    """These passages, as far as they still stand and this audience may be shown them."""
    rows = read_rows(session, ids, VISIBLE[audience], max(len(ids), 1))
    return {row.id: passage_in(row) for row in rows}


def read_rows(
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


def passage_in(row: Row[Any]) -> Passage:
    """The passage of a row of `read_rows`."""
    return Passage(
        source=row.source,
        title=row.title,
        url=row.url,
        audience=cast("Audience", row.audience),
        language=row.language,
        heading=tuple(json.loads(row.heading)),
        paragraphs=tuple(json.loads(row.paragraphs)),
    )
