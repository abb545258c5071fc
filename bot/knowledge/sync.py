"""The articles in the store kept in step with their sources."""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import structlog

from bot.knowledge.sources import ArticleSource, ReadingProgress, SourceMissing
from storage.db.database import Store
from storage.knowledge import articles as knowledge_articles
from storage.knowledge.values import SyncReport

AT_ONCE = 20  # articles written in one transaction, so that messages never wait long for the writer

log = structlog.get_logger("knowledge")


@dataclass(frozen=True)
class SourceSync:
    """What came of one source; `report` is None where it is not there at all."""

    source: ArticleSource
    report: SyncReport | None
    problems: Sequence[str]


class KnowledgeSync:
    """The sources that the desk answers from, read again whenever somebody asks."""

    def __init__(self, store: Store, sources: Sequence[ArticleSource]) -> None:
        self._store = store
        self._sources = sources
        self._told: set[str] = set()
        self._states: dict[str, Hashable] = {}
        self._one_at_a_time = asyncio.Lock()

    async def keep(self) -> None:
        """Follow what has changed in the sources since the last look; says each problem once."""
        async with self._one_at_a_time:
            for source in self._sources:
                state = await asyncio.to_thread(source.state)
                if self._states.get(source.origin) == state:
                    continue
                synced = await sync_source(self._store, source)
                self._states[source.origin] = state
                self._tell(synced)

    def _tell(self, synced: SourceSync) -> None:
        for problem in synced.problems:
            if problem not in self._told:
                log.warning("article skipped", problem=problem)
        self._told = {*self._told, *synced.problems}
        report = synced.report
        if report:
            log.info(
                "articles read",
                folder=synced.source.name,
                added=report.added,
                changed=report.changed,
                removed=report.removed,
            )


async def sync_source(
    store: Store, source: ArticleSource, progress: ReadingProgress | None = None
) -> SourceSync:
    """Bring the store in step with a source: additions, changes and deletions.

    A source that is not there is a problem and changes nothing: a drive that is not mounted must
    not empty the shelf. An article that has become unreadable is taken off it, since it may have
    been changed to keep something from customers.
    """
    known = await store.read(knowledge_articles.known_hashes, source.origin)
    try:
        reading = await asyncio.to_thread(source.read, known, progress)
    except SourceMissing as problem:
        return SourceSync(source, None, [str(problem)])
    kept = list(reading.kept)
    # What goes, goes first, so that a file may be renamed or change folders.
    names = [each.source for each in reading.articles]
    report = await store.write(knowledge_articles.sync_articles, [], source.origin, [*kept, *names])
    removed, refused, added, changed = report.removed, list(report.refused), 0, 0
    for start in range(0, len(reading.articles), AT_ONCE):
        some = reading.articles[start : start + AT_ONCE]
        written = await store.write(knowledge_articles.store_articles, some, source.origin)
        added, changed = added + written.added, changed + written.changed
        refused += written.refused
    problems = [
        *reading.problems,
        *(f"{name}: another folder has an article of this name" for name in refused),
    ]
    return SourceSync(
        source, SyncReport(added, changed, removed, len(kept), tuple(refused)), problems
    )
