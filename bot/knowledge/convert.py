"""Files of any kind as Markdown with front matter, and the notes that may lie beside them."""

from collections.abc import Mapping

from bot.knowledge.passages import ArticleError, front_matter
from bot.readers.pool import ReaderPool, shared_pool
from bot.readers.registry import READERS

Front = Mapping[str, str]
MARKDOWN = ".md"
KINDS = frozenset(suffix for reader in READERS for suffix in reader.suffixes)
"""The endings of the names of files that can be articles."""


def convert_file(
    source: str, data: bytes, notes: bytes = b"", readers: ReaderPool | None = None
) -> tuple[Front, str]:
    """What a file says of itself, and its text as Markdown. Blocks: a large PDF takes seconds.

    `notes` is the Markdown file beside it, which may hold front matter and nothing else; what it
    says counts more than what the file itself says. `readers` are the usual ones if not given.

    Raises:
        Unreadable: damaged, locked, too big, or without any text.
        ArticleError: the notes hold text that would be lost.
    """
    pool = readers or shared_pool()
    document = pool.read_bytes(source, data, readers=READERS)
    return {**document.front, **_said(source, notes, pool)}, document.text


def _said(source: str, notes: bytes, readers: ReaderPool) -> Front:
    if not notes:
        return {}
    name = f"{source}{MARKDOWN}"
    front, rest = front_matter(readers.read_bytes(name, notes, readers=READERS).text)
    if rest.strip():
        raise ArticleError(
            f"{name}: expected front matter and nothing else, because it describes {source}"
        )
    return front
