"""The articles in the store kept in step with their sources."""

import asyncio
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from threading import Event

import structlog

from bot.knowledge.sources import ArticleSource, SourceMissing, SourceProgress, SourceReading
from storage.db.database import Store
from storage.knowledge import articles as knowledge_articles
from storage.knowledge import shelf
from storage.knowledge.values import Article, Audience, SyncReport, UnreadArticle

AT_ONCE = 20  # articles written in one transaction, so that messages never wait long for the writer
FAILED = "could not be read; the log says why, and it is tried again"

log = structlog.get_logger("knowledge")


@dataclass(frozen=True)
class SourceSync:
    """What came of one source; `report` is None where it is not there at all.

    `problems` are sentences on files and doubts. `withdrawn` are the articles that customers or
    agents had until now and nobody has any more, `narrowed` those that are for agents only now,
    each with what was not plain. `left_out` counts by kind the files that were passed over.
    """

    source: ArticleSource
    report: SyncReport | None
    problems: Sequence[str]
    unread: Sequence[UnreadArticle] = ()
    withdrawn: Sequence[UnreadArticle] = ()
    narrowed: Sequence[tuple[str, str]] = ()
    left_out: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_news(self) -> bool:
        """Whether somebody should hear of it: something was there and is not any more."""
        return bool(self.withdrawn or self.narrowed)


class SyncStopped(Exception):
    """The reading of a source was given up because the bot stops."""


class KnowledgeSync:
    """The sources that the desk answers from, read again whenever somebody asks."""

    def __init__(self, store: Store, sources: Sequence[ArticleSource]) -> None:
        self._store = store
        self._sources = sources
        self._told: set[str] = set()
        self._states: dict[str, Hashable] = {}
        self._news: list[SourceSync] = []
        self._one_at_a_time = asyncio.Lock()
        self._stopped = Event()

    async def keep(self) -> None:
        """Follow what has changed in the sources since the last look; says each problem once.

        A source that fails costs the others nothing, and is read again at the next look.
        """
        async with self._one_at_a_time:
            for source in self._sources:
                try:
                    await self._follow(source)
                except SyncStopped:
                    return
                except Exception:
                    log.exception("source not read", source=source.name)

    def news(self) -> Sequence[SourceSync]:
        """What the agents should hear of since they were last told."""
        told, self._news = self._news, []
        return told

    def stop(self) -> None:
        """Give up what is being read; it is read again at the next start."""
        self._stopped.set()

    async def _follow(self, source: ArticleSource) -> None:
        state = await asyncio.to_thread(source.state)
        if self._states.get(source.origin) == state:
            return
        synced = await sync_source(self._store, source, self._go_on)
        self._states[source.origin] = state
        if synced.is_news:
            self._news.append(synced)
        self._tell(synced)

    def _go_on(self, _name: str, _number: int, _total: int) -> None:
        if self._stopped.is_set():
            raise SyncStopped

    def _tell(self, synced: SourceSync) -> None:
        for problem in synced.problems:
            if problem not in self._told:
                log.warning("article not plain", problem=problem)
        self._told = {*self._told, *synced.problems}
        report = synced.report
        if report:
            log.info(
                "articles read",
                source=synced.source.name,
                added=report.added,
                changed=report.changed,
                removed=report.removed,
                unread=len(synced.unread),
            )


async def sync_source(
    store: Store, source: ArticleSource, progress: SourceProgress | None = None
) -> SourceSync:
    """Bring the store in step with a source: additions, changes and deletions.

    A source that is not there is a problem and changes nothing: a drive that is not mounted must
    not empty the shelf. An article that has become unreadable keeps its last good version where
    nothing but the file's notes and its folder say for whom it is, and they say the same as before;
    else it is taken off the shelf, since it may have been changed to keep something from customers.
    """
    origin, today = source.origin, datetime.now(UTC).date()
    known = await store.read(knowledge_articles.known_hashes, origin, today)
    before = await store.read(shelf.audiences, origin)
    try:
        reading = await asyncio.to_thread(source.read, known, progress)
    except SourceMissing as problem:
        await store.write(shelf.record_missing, origin, source.name, str(problem))
        return SourceSync(source, None, [str(problem)])
    unread = [replace(each, kept=_stays(each, known, before)) for each in reading.unread]
    report = await _write(store, origin, reading, unread)
    doubts = await store.read(shelf.doubts, origin)
    problems = [
        *(each.sentence for each in unread),
        *(f"{name}: {doubt}" for name, said in doubts.items() for doubt in said),
        *(f"{name}: another source has an article of this name" for name in report.refused),
    ]
    await store.write(shelf.record_source, origin, source.name, unread, reading.left_out)
    return SourceSync(
        source,
        report,
        problems,
        unread=unread,
        withdrawn=[each for each in unread if each.source in before and not each.kept],
        narrowed=[
            (each.source, each.doubts[0]) for each in reading.articles if _narrowed(each, before)
        ],
        left_out=reading.left_out,
    )


def _stays(unread: UnreadArticle, known: Mapping[str, str], before: Mapping[str, Audience]) -> bool:
    """Whether the last good version may stay: nothing new is known, or its audience is for sure.

    A server that does not answer for a page says no more about it than a drive that is not mounted.
    """
    if unread.source not in known:
        return False
    return unread.kept or unread.audience == before[unread.source]


def _narrowed(article: Article, before: Mapping[str, Audience]) -> bool:
    doubtful = article.audience == "agents" and bool(article.doubts)
    return doubtful and before.get(article.source) == "public"


async def _write(
    store: Store, origin: str, reading: SourceReading, unread: Sequence[UnreadArticle]
) -> SyncReport:
    """Write what was read. What goes, goes first: a file may be renamed or change folders."""
    kept = [*reading.kept, *(each.source for each in unread if each.kept)]
    names = [each.source for each in reading.articles]
    gone = await store.write(knowledge_articles.sync_articles, [], origin, [*kept, *names])
    refused, added, changed = list(gone.refused), 0, 0
    for start in range(0, len(reading.articles), AT_ONCE):
        some = reading.articles[start : start + AT_ONCE]
        written = await store.write(knowledge_articles.store_articles, some, origin)
        added, changed = added + written.added, changed + written.changed
        refused += written.refused
    return SyncReport(added, changed, gone.removed, len(kept), tuple(refused))
