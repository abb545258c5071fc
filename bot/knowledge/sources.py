"""Where articles come from: a folder, a folder of a Git repository, a website.

A source lists what it holds, reads what is new or changed, and says for whom its articles are. The
rest, keeping the store in step, is `bot.knowledge.sync`'s and the same for all.
"""

import errno
import os
import stat
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from bot.knowledge.shelving import AsKnown, FileReader, PassedOver, StoredFile, stored_name
from bot.readers.pool import ReaderPool, shared_pool
from storage.knowledge.values import Article, Audience, UnreadArticle

SourceProgress = Callable[[str, int, int], None]
"""Told the name of what is read, its place among all, and how many there are. What it raises ends
the reading."""


@dataclass
class SourceReading:
    """What a source holds: articles new or changed, those known already, and what was wrong.

    `left_out` counts by kind what is passed over: kinds of files that hold no text, drafts, ….
    """

    articles: list[Article] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unread: list[UnreadArticle] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)

    @property
    def problems(self) -> list[str]:
        """A sentence for each file that was not read, and for each doubt about one that was."""
        return [
            *(each.sentence for each in self.unread),
            *(f"{each.source}: {doubt}" for each in self.articles for doubt in each.doubts),
        ]


class SourceMissing(Exception):
    """A source is not there at all; the sentence says so. Its articles stay in the store."""


class ArticleSource(Protocol):
    """Where articles come from. The functions block; they are called in a thread.

    `name` is what people read, `origin` what its articles are filed under in the store, `audience`
    who may read those of its articles that say nothing themselves.
    """

    @property
    def name(self) -> str: ...

    @property
    def origin(self) -> str: ...

    @property
    def audience(self) -> Audience: ...

    def state(self) -> Hashable:
        """Something that is equal to itself as long as nothing has changed; quick."""

    def read(
        self, known: Mapping[str, str] | None = None, progress: SourceProgress | None = None
    ) -> SourceReading:
        """Everything it holds; what has its hash in `known` (by source) is not converted again.

        What cannot be read is named with its reason, and keeps nothing else out.

        Raises:
            SourceMissing: it is not there, which is not the same as being empty.
        """


@dataclass(frozen=True)
class Folder:
    """A folder of articles. `label` goes before the names of its files, to keep folders apart.

    Its files are read by `readers`, apart from this process.
    """

    path: Path
    label: str = ""
    audience: Audience = "public"
    readers: ReaderPool = field(default_factory=shared_pool, compare=False, repr=False)

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def origin(self) -> str:
        return str(self.path.resolve())

    def state(self) -> Hashable:
        """Names, times and sizes, and the day, on which articles begin and end."""
        seen = set()
        for path in _walk(self.path, []):
            try:
                about = path.stat()
            except OSError:
                continue
            seen.add((str(path), about.st_mtime_ns, about.st_size))
        return frozenset(seen), datetime.now(UTC).date()

    def read(
        self, known: Mapping[str, str] | None = None, progress: SourceProgress | None = None
    ) -> SourceReading:
        """As `ArticleSource.read`; a file of a kind that holds no text is passed over."""
        # Not asked of the path itself, which raises where a folder above it is closed.
        if not os.path.isdir(self.path):  # noqa: PTH112
            raise SourceMissing(f"{self.path}: is no folder")
        closed: list[OSError] = []
        paths, root = sorted(_walk(self.path, closed)), os.path.realpath(self.path)
        if shut := next((each for each in closed if each.filename == str(self.path)), None):
            # Nothing is known of what is in it, as of a drive that is not mounted.
            raise SourceMissing(f"{self.path}: cannot be read ({shut.strerror or shut})")
        reading = read_stored(
            [self._stored(path, root) for path in paths],
            FileReader(self.audience, self.label, self.readers),
            known or {},
            progress,
        )
        reading.unread += [_closed(self.path, self.label, error) for error in closed]
        reading.unread.sort(key=lambda each: each.source)
        return reading

    def _stored(self, path: Path, root: str) -> StoredFile:
        """A file; of a larger one than is read, one byte more is loaded than may be."""

        def load() -> bytes:
            real = os.path.realpath(path)
            if not _within(root, real):
                raise _outside(path)
            with open(real, "rb", opener=_open_regular) as file:
                return file.read(self.readers.limits.file_bytes + 1)

        name = _name(path.relative_to(self.path))
        try:
            about = path.stat()
        except OSError:
            return StoredFile(name, load, 0)
        return StoredFile(name, load, about.st_size, stat.S_ISREG(about.st_mode))


def label_folders(paths: Sequence[Path], readers: ReaderPool | None = None) -> list[Folder]:
    """Folders of one desk. The first one's files keep their names, the others' get the folder's."""
    pool = readers or shared_pool()
    return [
        Folder(path, f"{path.resolve().name}/" if place else "", readers=pool)
        for place, path in enumerate(paths)
    ]


def read_stored(
    files: Sequence[StoredFile],
    reader: FileReader,
    known: Mapping[str, str],
    progress: SourceProgress | None = None,
) -> SourceReading:
    """What a source that holds files has in them. No file keeps another one out."""
    reading = SourceReading()
    listing = reader.sort(files)
    reading.left_out.update(listing.left_out)
    for number, (stored, notes) in enumerate(listing.articles, start=1):
        if progress:
            progress(stored.name, number, len(listing.articles))
        match reader.read(stored, notes, known, listing.closed_by(stored)):
            case Article() as article:
                reading.articles.append(article)
            case UnreadArticle() as unread:
                reading.unread.append(unread)
            case PassedOver(kind):
                reading.left_out[kind] += 1
            case AsKnown(source):
                reading.kept.append(source)
    here = {*reading.kept, *(each.source for each in reading.articles)}
    reading.unread += [each for each in reader.closing(listing) if each.source not in here]
    return reading


def _walk(folder: Path, closed: list[OSError]) -> Iterator[Path]:
    """Every file below a folder; folders that cannot be looked into are `closed`."""
    root = os.path.realpath(folder)
    for place, folders, names in os.walk(folder, onerror=closed.append):
        folders.sort()
        # Links to folders are not gone into, which says nothing of those that lead nowhere new.
        links = [Path(place, name) for name in folders if Path(place, name).is_symlink()]
        closed += [_outside(each) for each in links if not _within(root, os.path.realpath(each))]
        yield from (Path(place, name) for name in names)


def _open_regular(path: str, flags: int) -> int:
    """Open a file, and nothing that took its place: no link, and no pipe, which never answers."""
    descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOFOLLOW)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise OSError(errno.EINVAL, "no regular file", path)


def _within(root: str, real: str) -> bool:
    """Whether a real path is below another: who put a link there may not know where it leads."""
    return os.path.commonpath((root, real)) == root


def _outside(path: Path) -> OSError:
    return OSError(errno.EXDEV, "a link that leads out of the folder", str(path))


def _closed(folder: Path, label: str, error: OSError) -> UnreadArticle:
    place = Path(os.fsdecode(error.filename or folder))
    inside = _name(place.relative_to(folder)) if place.is_relative_to(folder) else str(place)
    return UnreadArticle(f"{label}{inside}/", f"folder cannot be read ({error.strerror or error})")


def _name(path: Path) -> str:
    return stored_name(os.fsencode(path.as_posix()))
