"""Files of a source made into articles, one by one: whatever is wrong with a file stays with it."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import PurePosixPath

import structlog

from bot.knowledge.convert import KINDS, MARKDOWN, convert_file, read_notes, tells_audience
from bot.knowledge.description import Description, describe, over
from bot.knowledge.passages import CUT_VERSION, ArticleError, LeftOut, read_article
from bot.knowledge.restricted_lines import is_marked_name
from bot.knowledge.side_files import ALONE, SideRestriction, side_restrictions
from bot.readers.pool import ReaderPool
from bot.readers.unreadable import Unreadable
from bot.text.hidden import without_steering
from storage.knowledge.values import Article, Audience, UnreadArticle

UNKNOWN = "cannot be read"
FOLDER_CLOSED = "says {said!r} and fits no article, so its whole folder is for agents only"
MARKED_NAME = "audience: expected in front matter, found in the name of the file or its folder"
NOTES = (MARKDOWN, ".markdown", ".mdx")
"""What the names of notes end in, in any case, after the whole name of the file they describe."""

log = structlog.get_logger("knowledge")


def stored_name(raw: bytes) -> str:
    """A path within a source as text: what is no UTF-8 or steers a terminal cannot be stored."""
    return without_steering(raw.decode("utf-8", "replace"))


@dataclass(frozen=True)
class StoredFile:
    """A file of a source by its name within it; `load` blocks, and raises OSError.

    `size` is in bytes. What is no `regular` file, such as a pipe, is never loaded.
    """

    name: str
    load: Callable[[], bytes]
    size: int
    regular: bool = True

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def hidden(self) -> bool:
        parts = PurePosixPath(self.name).parts
        return any(part.startswith((".", "~$")) for part in parts)


@dataclass(frozen=True)
class FileListing:
    """The files that can be articles, each with the notes beside it, and what is passed over.

    `closing` are files beside them that keep some from customers.
    """

    articles: Sequence[tuple[StoredFile, StoredFile | None]]
    left_out: Counter[str] = field(default_factory=Counter)
    closing: Sequence[SideRestriction] = ()

    def closed_by(self, stored: StoredFile) -> Sequence[SideRestriction]:
        """The files beside an article that keep it from customers."""
        return [each for each in self.closing if each.closes(stored.name)]


@dataclass(frozen=True)
class PassedOver:
    """A file that is not on the shelf today, and why in a word, such as draft or expired."""

    kind: str


@dataclass(frozen=True)
class AsKnown:
    """A file whose article stands in the store as it is."""

    source: str


@dataclass(frozen=True)
class FileReader:
    """Makes articles of files. `audience` is for whom those are that say nothing themselves.

    The files are read by `readers`, apart from this process.
    """

    audience: Audience = "public"
    label: str = ""
    readers: ReaderPool | None = None

    def source(self, stored: StoredFile) -> str:
        """What the article of a file is called within the desk."""
        return self.label + stored.name

    def sort(self, files: Sequence[StoredFile]) -> FileListing:
        """Which files can be articles; hidden ones, side notes and other kinds are none.

        Small ones are loaded once, for what they close and as articles.
        """
        files = [_loaded_once(each) if each.size <= ALONE else each for each in files]
        named = {each.name: each for each in files}
        notes = {said: each for each in files if (said := _described(each, named))}
        left_out: Counter[str] = Counter()
        articles, beside = [], []
        for each in files:
            if not each.regular:
                left_out["no regular file"] += 1
            elif each.hidden:
                left_out["hidden"] += 1
                beside.append(each)
            elif each.suffix not in KINDS:
                left_out[each.suffix or "no ending"] += 1
                beside.append(each)
            elif not _described(each, named):
                articles.append((each, notes.get(each.name)))
        today = datetime.now(UTC).date()
        closing = side_restrictions(beside, [each for each, _ in articles], today)
        return FileListing(articles, left_out, closing)

    def closing(self, listing: FileListing) -> list[UnreadArticle]:
        """The files that keep a folder from customers, which is said once for all in it."""
        return [
            UnreadArticle(self.label + each.file, FOLDER_CLOSED.format(said=each.said))
            for each in listing.closing
            if each.speaks_for_folder
        ]

    def read(
        self,
        stored: StoredFile,
        notes: StoredFile | None,
        known: Mapping[str, str],
        closed: Sequence[SideRestriction] = (),
    ) -> Article | UnreadArticle | PassedOver | AsKnown:
        """What becomes of a file. Its content hash is looked for in `known`, by its source.

        `closed` are the files beside it that keep it from customers.
        """
        source, today = self.source(stored), datetime.now(UTC).date()
        audience: Audience | None = None
        try:
            written = notes.load() if notes else b""
            said = _closed(describe(read_notes(source, written, self.readers), today), closed)
            audience = said.audience or self._given(stored).audience
            data = stored.load()
            content_hash = _hash(written, data, closed)
            if known.get(source) == content_hash:
                return AsKnown(source)
            if tells_audience(stored.name, data):
                audience = None
            article = self._article(source, data, said, self._given(stored), today)
        except LeftOut as reason:
            return PassedOver(str(reason))
        except (ArticleError, Unreadable) as problem:
            return UnreadArticle(source, _reason(source, problem), audience)
        except OSError as error:
            known_without = None if tells_audience(stored.name, b"") else audience
            return UnreadArticle(source, str(error.strerror or error), known_without)
        except Exception:
            # A reader may fail in ways that nobody foresaw; that costs one file and not the shelf.
            log.exception("article not read", source=source)
            return UnreadArticle(source, UNKNOWN, audience)
        return replace(article, content_hash=content_hash)

    def _given(self, stored: StoredFile) -> Description:
        """For whom a file is that says nothing itself: by its name, else by its folder."""
        if self.audience == "public" and is_marked_name(stored.name):
            return Description(audience="agents", doubts=(MARKED_NAME,))
        return Description(audience=self.audience)

    def _article(
        self, source: str, data: bytes, said: Description, given: Description, today: date
    ) -> Article:
        if said.left_out:
            raise LeftOut(said.left_out)
        converted = convert_file(source, data, self.readers)
        below = over(describe(converted.properties, today), given)
        article = read_article(source, converted.text, below, said, today)
        if not article.passages:
            raise LeftOut("no text")
        left_out = Counter(converted.left_out) + Counter(article.left_out)
        return replace(article, left_out=left_out)


def _described(stored: StoredFile, named: Mapping[str, StoredFile]) -> str:
    """The name of the file that this one is the notes of; empty if it is an article's own."""
    lower = stored.name.lower()
    ending = next((each for each in NOTES if lower.endswith(each)), "")
    described = stored.name[: -len(ending)] if ending else ""
    is_article = PurePosixPath(described).suffix.lower() in KINDS
    return described if is_article and described in named else ""


def _loaded_once(stored: StoredFile) -> StoredFile:
    return replace(stored, load=cache(stored.load))


def _closed(said: Description, closed: Sequence[SideRestriction]) -> Description:
    """What notes say, and that files beside the article keep it from customers."""
    if not closed:
        return said
    doubts = tuple(
        f"audience: {each.file} beside it says {each.said!r}"
        for each in closed
        if not each.speaks_for_folder
    )
    return replace(said, audience="agents", doubts=(*said.doubts, *doubts))


def _hash(notes: bytes, data: bytes, closed: Sequence[SideRestriction]) -> str:
    beside = "".join(f"\n{each.file}: {each.said}" for each in closed).encode()
    return sha256(b"\n".join((CUT_VERSION.encode(), notes, data)) + beside).hexdigest()


def _reason(source: str, problem: Exception) -> str:
    """Why, without the name of the file, which stands before it wherever it is said."""
    return str(problem).removeprefix(f"{source}: ")
