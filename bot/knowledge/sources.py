"""Where articles come from. Today that is a folder of files; a wiki would be another source.

A source lists what it holds, reads what is new or changed, and says for whom its articles are. The
rest, keeping the store in step, is `bot.knowledge.sync`'s and the same for all.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from bot.knowledge.convert import KINDS, MARKDOWN, convert_file
from bot.knowledge.description import Description, describe, over
from bot.knowledge.passages import CUT_VERSION, ArticleError, LeftOut, read_article
from bot.readers.document import Unreadable
from storage.knowledge.values import Article, Audience

SourceProgress = Callable[[str, int, int], None]
"""Told the name of what is read, its place among all, and how many there are."""


@dataclass
class SourceReading:
    """What a source holds: articles new or changed, those known already, and what was wrong.

    `left_out` counts by reason what says that it is not on the shelf today.
    """

    articles: list[Article] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)


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

        What cannot be read is a problem, a sentence with its name, and keeps nothing else out.

        Raises:
            SourceMissing: it is not there, which is not the same as being empty.
        """


@dataclass(frozen=True)
class Folder:
    """A folder of articles. `label` goes before the names of its files, to keep folders apart."""

    path: Path
    label: str = ""
    audience: Audience = "public"

    @property
    def name(self) -> str:
        return str(self.path)

    @property
    def origin(self) -> str:
        return str(self.path.resolve())

    def state(self) -> Hashable:
        """Names, times and sizes: enough to know that nothing has happened."""
        seen = set()
        for path in self.path.rglob("*"):
            try:
                stat = path.stat()
            except OSError:
                continue
            seen.add((str(path), stat.st_mtime_ns, stat.st_size))
        return frozenset(seen)

    def read(
        self, known: Mapping[str, str] | None = None, progress: SourceProgress | None = None
    ) -> SourceReading:
        """As `ArticleSource.read`; a file of a kind that holds no text is passed over."""
        if not self.path.is_dir():
            raise SourceMissing(f"{self.path}: is no folder")
        reading = SourceReading()
        files = list(_files(self.path))
        for number, path in enumerate(files, start=1):
            if progress:
                progress(path.name, number, len(files))
            source = self.label + path.relative_to(self.path).as_posix()
            try:
                self._read_file(path, source, known or {}, reading)
            except LeftOut as reason:
                reading.left_out[str(reason)] += 1
            except (ArticleError, Unreadable) as problem:
                reading.problems.append(str(problem))
            except OSError as error:
                reading.problems.append(f"{source}: {error.strerror or error}")
        return reading

    def _read_file(
        self, path: Path, source: str, known: Mapping[str, str], reading: SourceReading
    ) -> None:
        data, notes = path.read_bytes(), _notes(path)
        content_hash = sha256(b"\n".join((CUT_VERSION.encode(), notes, data))).hexdigest()
        if known.get(source) == content_hash:
            reading.kept.append(source)
            return
        converted, today = convert_file(source, data, notes), datetime.now(UTC).date()
        folder = Description(audience=self.audience)
        article = read_article(
            source,
            converted.text,
            over(describe(converted.properties, today), folder),
            describe(converted.notes, today),
            today,
        )
        if not article.passages:
            raise LeftOut("no text")
        reading.articles.append(replace(article, content_hash=content_hash))
        reading.problems += (f"{source}: {doubt}" for doubt in article.doubts)


def label_folders(paths: Sequence[Path]) -> list[Folder]:
    """Folders of one desk. The first one's files keep their names, the others' get the folder's."""
    return [
        Folder(path, f"{path.resolve().name}/" if place else "") for place, path in enumerate(paths)
    ]


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
    return path.suffix == MARKDOWN and described.suffix.lower() in KINDS and described.is_file()


def _notes(path: Path) -> bytes:
    beside = path.with_name(path.name + MARKDOWN)
    return beside.read_bytes() if beside.is_file() else b""
