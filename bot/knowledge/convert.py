"""Files of any kind as Markdown with front matter, and the notes that may lie beside them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.knowledge.fields import Entry
from bot.knowledge.front_matter import FrontMatter, split_front_matter
from bot.knowledge.passages import ArticleError
from bot.readers.document import REMARKS, CannotRead
from bot.readers.pool import ReaderPool, shared_pool
from bot.readers.registry import READERS, choose_reader
from bot.readers.unreadable import Unreadable

MARKDOWN = ".md"
KINDS = frozenset(suffix for reader in READERS for suffix in reader.suffixes)
"""The endings of the names of files that can be articles."""


# Kinds whose files have no place to say for whom they are.
SILENT = frozenset(("pdf", "word"))


@dataclass(frozen=True)
class Converted:
    """The text of a file as Markdown, what its properties say of it, what of it is no text."""

    text: str
    properties: FrontMatter
    left_out: Mapping[str, int]


def convert_file(source: str, data: bytes, pool: ReaderPool | None = None) -> Converted:
    """A file as Markdown, with what is said of it; the usual readers read it if not given others.

    Blocks: a large PDF takes seconds.

    Raises:
        Unreadable: damaged, locked, too big, or without any text.
    """
    return convert_document(source, source, data, "", pool)


def convert_document(
    name: str, source: str, data: bytes, media_type: str, pool: ReaderPool | None = None
) -> Converted:
    """The same of bytes whose kind their `name` or their media type says.

    Raises:
        Unreadable: as `convert_file`; the sentence names the `source`.
    """
    try:
        document = (pool or shared_pool()).read_bytes(name, data, media_type, READERS)
    except Unreadable as error:
        raise Unreadable(source, error.why) from None
    front = FrontMatter(tuple(_entries(document.front)), "")
    return Converted(document.text.replace("\x00", ""), front, document.left_out)


def _entries(front: Mapping[str, str]) -> Iterator[Entry]:
    """What a file says of itself; a comment of a page may be a field as well."""
    for key, value in front.items():
        if key != REMARKS:
            yield Entry((key.lower(),), value)
            continue
        for remark in value.split("\n"):
            name, colon, said = remark.replace("=", ":", 1).partition(":")
            yield (
                Entry((REMARKS, name.strip().lower()), said)
                if colon
                else Entry((REMARKS, ""), remark)
            )


def read_notes(source: str, data: bytes, pool: ReaderPool | None = None) -> FrontMatter:
    """What the Markdown file beside a file says of it; it holds front matter and nothing else.

    Raises:
        Unreadable: it is no text.
        ArticleError: it holds text that would be lost.
    """
    if not data.strip():
        return FrontMatter((), "")
    name = f"{source}{MARKDOWN}"
    front = split_front_matter((pool or shared_pool()).read_bytes(name, data).text)
    if front.body.strip():
        raise ArticleError(
            f"{name}: expected front matter and nothing else, because it describes {source}"
        )
    return front


def tells_audience(name: str, data: bytes) -> bool:
    """Whether for whom a file is may stand in the file itself."""
    try:
        return choose_reader(name, data, readers=READERS).kind not in SILENT
    except CannotRead:
        return True
