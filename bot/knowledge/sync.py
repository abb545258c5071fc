"""Folders of files as articles, and the desk's shelf kept in step with them."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import structlog

from bot.knowledge.convert import KINDS, convert_file
from bot.knowledge.passages import CUT_VERSION, ArticleError, read_article
from bot.text.extract import Unreadable
from storage.db.database import Store
from storage.knowledge import articles as knowledge_articles
from storage.knowledge.values import Article, SyncReport

AT_ONCE = 20  # articles written in one transaction, so that messages never wait long for the writer
NOTES = ".md"  # beside guide.pdf, guide.pdf.md may say what the PDF cannot: its front matter

SyncProgressCallback = Callable[[Path, int, int], None]

log = structlog.get_logger("knowledge")


@dataclass(frozen=True)
class Folder:
    """A folder of articles. `label` goes before the names of its files, to keep folders apart."""

    path: Path
    label: str = ""

    @property
    def origin(self) -> str:
        """What its articles are filed under in the store."""
        return str(self.path.resolve())


@dataclass
class FolderReading:
    """What a folder holds: articles new or changed, those known already, and what was wrong."""

    articles: list[Article] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class FolderSync:
    """What came of one folder; `report` is None where there is no such folder."""

    folder: Folder
    report: SyncReport | None
    problems: Sequence[str]


def label_folders(paths: Sequence[Path]) -> list[Folder]:
    """Folders of one desk. The first one's files keep their names, the others' get the folder's."""
    return [
        Folder(path, f"{path.resolve().name}/" if place else "") for place, path in enumerate(paths)
    ]


def read_folder(
    folder: Folder,
    known: Mapping[str, str] | None = None,
    progress: SyncProgressCallback | None = None,
) -> FolderReading:
    """Read every file that is an article; one whose hash is in `known` is not converted again.

    Blocks. A file that cannot be read is a problem, a sentence with its name, and keeps no other
    file out; a file of a kind that holds no text is passed over.
    """
    reading = FolderReading()
    files = list(_files(folder.path))
    for number, path in enumerate(files, start=1):
        if progress:
            progress(path, number, len(files))
        source = folder.label + path.relative_to(folder.path).as_posix()
        try:
            data, notes = path.read_bytes(), _notes(path)
            content_hash = sha256(b"\n".join((CUT_VERSION.encode(), notes, data))).hexdigest()
            if known and known.get(source) == content_hash:
                reading.kept.append(source)
                continue
            front, text = convert_file(source, path.suffix.lower(), data, notes)
            reading.articles.append(
                replace(read_article(source, text, front), content_hash=content_hash)
            )
        except (ArticleError, Unreadable) as problem:
            reading.problems.append(str(problem))
        except OSError as error:
            reading.problems.append(f"{source}: {error.strerror or error}")
    return reading


class KnowledgeSync:
    """The folders that the desk answers from, read again whenever somebody asks."""

    def __init__(self, store: Store, folders: Sequence[Folder]) -> None:
        self._store = store
        self._folders = folders
        self._told: set[str] = set()
        self._looks: dict[str, frozenset[tuple[str, int, int]]] = {}
        self._one_at_a_time = asyncio.Lock()

    async def keep(self) -> None:
        """Follow what has changed in the folders since the last look; says each problem once."""
        async with self._one_at_a_time:
            for folder in self._folders:
                look = await asyncio.to_thread(_look, folder.path)
                if self._looks.get(folder.origin) == look:
                    continue
                synced = await sync_folder(self._store, folder)
                self._looks[folder.origin] = look
                self._tell(synced)

    def _tell(self, synced: FolderSync) -> None:
        for problem in synced.problems:
            if problem not in self._told:
                log.warning("article skipped", problem=problem)
        self._told = {*self._told, *synced.problems}
        report = synced.report
        if report:
            log.info(
                "articles read",
                folder=str(synced.folder.path),
                added=report.added,
                changed=report.changed,
                removed=report.removed,
            )


async def sync_folder(
    store: Store, folder: Folder, progress: SyncProgressCallback | None = None
) -> FolderSync:
    """Bring the store in step with a folder: additions, changes and deletions.

    A folder that is not there is a problem and changes nothing: a drive that is not mounted must
    not empty the shelf. A file that has become unreadable is taken off it, since it may have been
    changed to keep something from customers.
    """
    if not await asyncio.to_thread(folder.path.is_dir):
        return FolderSync(folder, None, [f"{folder.path}: is no folder"])
    known = await store.read(knowledge_articles.known_hashes, folder.origin)
    reading = await asyncio.to_thread(read_folder, folder, known, progress)
    report = SyncReport(0, 0, 0, 0)
    kept = list(reading.kept)
    # What goes, goes first, so that a file may be renamed or change folders.
    names = [each.source for each in reading.articles]
    report = await store.write(knowledge_articles.sync_articles, [], folder.origin, [*kept, *names])
    removed, refused, added, changed = report.removed, list(report.refused), 0, 0
    for start in range(0, len(reading.articles), AT_ONCE):
        some = reading.articles[start : start + AT_ONCE]
        written = await store.write(knowledge_articles.store_articles, some, folder.origin)
        added, changed = added + written.added, changed + written.changed
        refused += written.refused
    problems = [
        *reading.problems,
        *(f"{name}: another folder has an article of this name" for name in refused),
    ]
    return FolderSync(
        folder, SyncReport(added, changed, removed, len(kept), tuple(refused)), problems
    )


def _files(folder: Path) -> Iterator[Path]:
    """The files that can be articles, in order; hidden ones and side notes are none."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if path.suffix.lower() not in KINDS or any(part.startswith((".", "~$")) for part in inside):
            continue
        if path.is_file() and not _is_notes(path):
            yield path


def _is_notes(path: Path) -> bool:
    described = path.with_suffix("")
    return path.suffix == NOTES and described.suffix.lower() in KINDS and described.is_file()


def _notes(path: Path) -> bytes:
    beside = path.with_name(path.name + NOTES)
    return beside.read_bytes() if beside.is_file() else b""


def _look(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Names, times and sizes: enough to know that nothing has happened."""
    seen = set()
    for path in folder.rglob("*"):
        try:
            stat = path.stat()
        except OSError:
            continue
        seen.add((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(seen)
