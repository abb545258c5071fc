"""Files of any kind as Markdown with front matter, and the notes that may lie beside them."""

from dataclasses import dataclass

from bot.knowledge.front_matter import Entry, FrontMatter, split_front_matter
from bot.knowledge.passages import ArticleError
from bot.readers.registry import READERS, read_bytes

MARKDOWN = ".md"
KINDS = frozenset(suffix for reader in READERS for suffix in reader.suffixes)
"""The endings of the names of files that can be articles."""


@dataclass(frozen=True)
class Converted:
    """The text of a file, what its properties say of it, and what the notes beside it say."""

    text: str
    properties: FrontMatter
    notes: FrontMatter


def convert_file(source: str, data: bytes, notes: bytes = b"") -> Converted:
    """A file as Markdown, with what is said of it. Blocks: a large PDF takes seconds.

    `notes` is the Markdown file beside it, which may hold front matter and nothing else; what it
    says counts more than what the file itself says.

    Raises:
        Unreadable: damaged, locked, too big, or without any text.
        ArticleError: the notes hold text that would be lost.
    """
    document = read_bytes(source, data, readers=READERS)
    entries = tuple(Entry((key.lower(),), value) for key, value in document.front.items())
    return Converted(
        document.text.replace("\x00", ""), FrontMatter(entries, ""), _said(source, notes)
    )


def _said(source: str, notes: bytes) -> FrontMatter:
    if not notes:
        return FrontMatter((), "")
    name = f"{source}{MARKDOWN}"
    front = split_front_matter(read_bytes(name, notes, readers=READERS).text)
    if front.body.strip():
        raise ArticleError(
            f"{name}: expected front matter and nothing else, because it describes {source}"
        )
    return front
