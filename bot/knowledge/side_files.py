"""Files beside articles that say for whom these are: notes under a wrong name, fields of a folder.

`guide.yaml` beside `guide.pdf`, notes whose name fits no file, `.meta.yml`, `_category_.json`, and
what Hugo's `_index.md` hands down. They can keep articles from customers, and never publish one:
the notes that count for more stand in `bot.knowledge.shelving`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import Protocol

from bot.knowledge.description import describe, hidden_audience, is_audience
from bot.knowledge.fields import Entry
from bot.knowledge.front_matter import FrontMatter, read_fields, split_front_matter
from bot.knowledge.restrictions import names_whom, restriction

LARGEST = 65_536  # bytes; what is longer is data
ALONE = 4_096  # bytes of front matter without a text
LANGUAGES: Mapping[str, str] = {
    ".yaml": "yaml", ".yml": "yaml", ".notes": "yaml", ".note": "yaml", ".meta": "yaml",
    ".pages": "yaml", ".toml": "toml", ".json": "json",
}  # fmt: skip
"""The endings of files of fields, and what they are written in."""
# What files are called that speak for their folder, without the signs around it.
_OF_FOLDERS = frozenset((
    "meta", "metadata", "category", "pages", "index", "folder", "defaults", "section", "access",
    "notes", "directory", "front-matter", "frontmatter",
))  # fmt: skip
_MARKDOWN = (".md", ".markdown", ".mdx")
_HANDED_DOWN = "cascade"


class NamedFile(Protocol):
    """A file of a source; `load` raises OSError."""

    @property
    def name(self) -> str: ...

    @property
    def size(self) -> int: ...

    def load(self) -> bytes: ...


@dataclass(frozen=True)
class SideRestriction:
    """What a file says that keeps others from customers: one article, or all below its folder."""

    file: str
    said: str
    about: frozenset[str]

    @property
    def speaks_for_folder(self) -> bool:
        return not self.about

    def closes(self, name: str) -> bool:
        """Whether an article by this name within the source is kept from customers."""
        folder = PurePosixPath(self.file).parent
        return name in self.about or (
            self.speaks_for_folder and PurePosixPath(name).is_relative_to(folder)
        )


def side_restrictions(
    beside: Iterable[NamedFile], articles: Iterable[NamedFile], today: date
) -> Sequence[SideRestriction]:
    """What files that are no articles, and those that are nothing but front matter, close."""
    shelf = list(articles)
    names = frozenset(each.name for each in shelf)
    found = [_of_fields(each, names, today) for each in beside if _ending(each.name)]
    found += [_of_front(each, names, today) for each in shelf if each.name.endswith(_MARKDOWN)]
    return [each for each in found if each]


def _of_fields(file: NamedFile, names: frozenset[str], today: date) -> SideRestriction | None:
    ending = _ending(file.name)
    about = _fitting(file.name.removesuffix(ending), names)
    if file.size > LARGEST:
        return None
    try:
        data = file.load()
    except OSError as error:
        return SideRestriction(file.name, str(error.strerror or error), about) if about else None
    text = _text(data)
    front = _fields(text, LANGUAGES[ending.lower()])
    if about:
        said = _said(front, today) or describe(front, today).left_out
    else:
        said = _said(front, today) if _of_folder(file.name) else _plainly_said(front, today)
    if front.fault and not about:
        said = hidden_audience(text)
    return SideRestriction(file.name, said, about) if said else None


def _fields(text: str, language: str) -> FrontMatter:
    """What a file of fields says. JSON is data as often as notes: `groups` of a document's parts.

    So what stands deeper in it counts only where its own key, or its value alone, says for whom.
    """
    front = split_front_matter(text)
    if not front.entries and not front.fault:
        front = read_fields(text, language)
    if language != "json":
        return front
    return replace(front, entries=tuple(filter(_speaks, front.entries)))


def _speaks(entry: Entry) -> bool:
    key = entry.path[-1]
    return (
        len(entry.path) == 1
        or names_whom(key)
        or is_audience(key)
        or bool(restriction([_unnamed(entry)]))
    )


def _of_front(file: NamedFile, names: frozenset[str], today: date) -> SideRestriction | None:
    """What a text says that is front matter alone, or that it hands down to those below it."""
    hands_down = _stem(PurePosixPath(file.name).name) == "_index"
    if file.size > (LARGEST if hands_down else ALONE):
        return None
    try:
        data = file.load()
    except OSError:
        return None
    front = split_front_matter(_text(data))
    if not front.body.strip():
        about, entries = _fitting(_stem(file.name), names - {file.name}), front.entries
    elif hands_down:
        about, entries = (
            frozenset[str](),
            tuple(each for each in front.entries if each.path[0] == _HANDED_DOWN),
        )
    else:
        return None
    said = _said(FrontMatter(entries, ""), today) if entries else ""
    return SideRestriction(file.name, said, about) if said else None


def _text(data: bytes) -> str:
    return data.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _said(front: FrontMatter, today: date) -> str:
    """What keeps articles from customers; empty if nothing does."""
    about = describe(front, today)
    if about.audience != "agents":
        return ""
    whom = (f"{each.path[-1]}: {each.value}" for each in front.entries if names_whom(each.path[-1]))
    return restriction(front.entries) or next(whom, "") or about.doubts[0]


def _plainly_said(front: FrontMatter, today: date) -> str:
    """The same of a file that may be about anything else: by keys that have one meaning only."""
    plain = tuple(_plain(front.entries))
    return _said(FrontMatter(plain, ""), today) if plain else ""


def _plain(entries: Iterable[Entry]) -> Iterator[Entry]:
    for each in entries:
        if len(each.path) == 1 and (is_audience(each.path[0]) or restriction([_unnamed(each)])):
            yield each


def _unnamed(entry: Entry) -> Entry:
    """A value by itself, under a key that nobody knows."""
    return Entry(("value",), entry.value)


def _fitting(base: str, names: frozenset[str]) -> frozenset[str]:
    """The articles that a file is called after: by the whole name, else by all but its ending."""
    if base in names:
        return frozenset((base,))
    return frozenset(each for each in names if _stem(each) == base)


def _stem(name: str) -> str:
    return PurePosixPath(name).with_suffix("").as_posix()


def _ending(name: str) -> str:
    lower = name.lower()
    return next((name[-len(each) :] for each in LANGUAGES if lower.endswith(each)), "")


def _of_folder(name: str) -> bool:
    word = PurePosixPath(name).name.strip("._").partition(".")[0]
    return word.strip("_").lower() in _OF_FOLDERS
