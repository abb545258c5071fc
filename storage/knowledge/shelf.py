"""How the shelf stands: what could not be read, what was passed over, what has grown old."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.columns import utc_now
from storage.knowledge.tables import ArticleRow, SourceRow, UnreadRow
from storage.knowledge.values import Audience, UnreadArticle


@dataclass(frozen=True)
class SourceState:
    """What one source last had: what was passed over there, and what of its texts is no passage.

    `missing` says why it was not there at all; empty where it was.
    """

    name: str
    missing: str
    files_left_out: Mapping[str, int]
    text_left_out: Mapping[str, int]


@dataclass(frozen=True)
class OldArticle:
    """An article that nobody has looked at since a day, as far as it says so."""

    source: str
    seen_on: date


@dataclass(frozen=True)
class ShelfState:
    """All of it. `doubts` are by source what an article did not say plainly."""

    sources: tuple[SourceState, ...]
    unread: tuple[UnreadArticle, ...]
    doubts: Mapping[str, Sequence[str]]
    stale: tuple[OldArticle, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Why sources were not there."""
        return tuple(each.missing for each in self.sources if each.missing)


def audiences(session: Session, origin: str) -> Mapping[str, Audience]:
    """For whom the articles of an origin are, by source."""
    rows = session.execute(
        select(col(ArticleRow.source), col(ArticleRow.audience)).where(
            col(ArticleRow.origin) == origin
        )
    )
    return {row.source: row.audience for row in rows}


def doubts(session: Session, origin: str) -> Mapping[str, Sequence[str]]:
    """What the articles of an origin did not say plainly, by source."""
    rows = session.execute(
        select(col(ArticleRow.source), col(ArticleRow.doubts))
        .where(col(ArticleRow.origin) == origin)
        .order_by(col(ArticleRow.source))
    )
    return {row.source: tuple(row.doubts) for row in rows if row.doubts}


def record_source(
    session: Session,
    origin: str,
    name: str,
    unread: Sequence[UnreadArticle],
    left_out: Mapping[str, int],
) -> None:
    """Write down how a source was found. A file that was unread before keeps its first moment."""
    before = {
        (row.source, row.reason): row.since
        for row in session.scalars(select(UnreadRow).where(col(UnreadRow.origin) == origin))
    }
    session.execute(delete(UnreadRow).where(col(UnreadRow.origin) == origin))
    now = utc_now()
    session.add_all(
        UnreadRow(
            origin=origin,
            source=each.source,
            reason=each.reason,
            kept=each.kept,
            since=before.get((each.source, each.reason), now),
        )
        for each in {each.source: each for each in unread}.values()
    )
    session.merge(SourceRow(origin=origin, name=name, left_out=dict(left_out), read_at=now))


def record_missing(session: Session, origin: str, name: str, sentence: str) -> None:
    """Write down that a source was not there; what it had stays."""
    row = session.get(SourceRow, origin) or SourceRow(origin=origin, name=name)
    row.missing = sentence
    session.add(row)


def forget_source(session: Session, origin: str) -> None:
    """Forget how a source was found."""
    session.execute(delete(UnreadRow).where(col(UnreadRow.origin) == origin))
    session.execute(delete(SourceRow).where(col(SourceRow.origin) == origin))


def shelf_state(session: Session, stale_before: date | None) -> ShelfState:
    """How the shelf stands; stale is what was neither reviewed nor changed since a day."""
    kinds: dict[str, dict[str, int]] = {}
    for origin, left_out in session.execute(
        select(col(ArticleRow.origin), col(ArticleRow.left_out))
    ):
        counts = kinds.setdefault(origin, {})
        for kind, count in (left_out or {}).items():
            counts[kind] = counts.get(kind, 0) + count
    rows = session.scalars(select(SourceRow).order_by(col(SourceRow.name))).all()
    unread = session.scalars(
        select(UnreadRow).order_by(col(UnreadRow.origin), col(UnreadRow.source))
    )
    doubtful = session.execute(
        select(col(ArticleRow.source), col(ArticleRow.doubts)).order_by(col(ArticleRow.source))
    )
    return ShelfState(
        sources=tuple(
            SourceState(row.name, row.missing, row.left_out, kinds.get(row.origin, {}))
            for row in rows
        ),
        unread=tuple(UnreadArticle(row.source, row.reason, kept=row.kept) for row in unread),
        doubts={source: tuple(doubts) for source, doubts in doubtful if doubts},
        stale=tuple(_stale(session, stale_before)) if stale_before else (),
    )


def _stale(session: Session, before: date) -> list[OldArticle]:
    reviewed, updated = col(ArticleRow.reviewed_on), col(ArticleRow.updated_on)
    rows = session.execute(
        select(col(ArticleRow.source), reviewed, updated).where(
            func.coalesce(reviewed, updated) < before, func.coalesce(updated, reviewed) < before
        )
    )
    old = [OldArticle(source, max(filter(None, days))) for source, *days in rows]
    return sorted(old, key=lambda each: (each.seen_on, each.source))
