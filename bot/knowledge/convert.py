"""Files of any kind as Markdown with front matter, and the notes that may lie beside them."""

from dataclasses import dataclass

from bot.knowledge.front_matter import Entry, FrontMatter, split_front_matter
from bot.knowledge.passages import ArticleError
from bot.readers.registry import READERS, read_bytes, reader_by_content, reader_by_name

MARKDOWN = ".md"
KINDS = frozenset(suffix for reader in READERS for suffix in reader.suffixes)
"""The endings of the names of files that can be articles."""


# Kinds whose files have no place to say for whom they are.
SILENT = frozenset(("pdf", "word"))


@dataclass(frozen=True)
class Converted:
    """The text of a file as Markdown, and what its properties say of it."""

    text: str
    properties: FrontMatter


def convert_file(source: str, data: bytes) -> Converted:
    """A file as Markdown, with what is said of it. Blocks: a large PDF takes seconds.

    Raises:
        Unreadable: damaged, locked, too big, or without any text.
    """
    document = read_bytes(source, data, readers=READERS)
    entries = tuple(Entry((key.lower(),), value) for key, value in document.front.items())
    return Converted(document.text.replace("\x00", ""), FrontMatter(entries, ""))


def read_notes(source: str, data: bytes) -> FrontMatter:
    """What the Markdown file beside a file says of it; it holds front matter and nothing else.

    Raises:
        Unreadable: it is no text.
        ArticleError: it holds text that would be lost.
    """
    if not data.strip():
        return FrontMatter((), "")
    name = f"{source}{MARKDOWN}"
    front = split_front_matter(read_bytes(name, data, readers=READERS).text)
    if front.body.strip():
        raise ArticleError(
            f"{name}: expected front matter and nothing else, because it describes {source}"
        )
    return front


def tells_audience(name: str, data: bytes) -> bool:
    """Whether for whom a file is may stand in the file itself."""
    reader = reader_by_content(data, READERS) or reader_by_name(name, readers=READERS)
    return reader is None or reader.kind not in SILENT
