"""The readers there are, and which one a file is given to: by its content, then by its name."""

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from bot.readers.document import Document, Reader, Unreadable
from bot.readers.page import CANVAS, PAGE
from bot.readers.pdf import PDF
from bot.readers.plain import PLAIN
from bot.readers.word import WORD

READERS: tuple[Reader, ...] = (PLAIN, PAGE, CANVAS, PDF, WORD)
"""All of them, in the order in which people are told of their kinds."""

DOCUMENTS: tuple[Reader, ...] = (PLAIN, CANVAS, PDF, WORD)
"""Those for files that people send. In place of a file that the bot may not see Slack sends a page,
so a page is no document."""

# Bytes. A bigger file is more likely a mistake than a document.
LARGEST = 50_000_000


def read_path(path: Path, readers: Collection[Reader] = DOCUMENTS) -> Document:
    """The document at a path; blocks, and raises Unreadable as `read_bytes` does."""
    try:
        if path.stat().st_size > LARGEST:
            raise _too_large(str(path))
        return read_bytes(str(path), path.read_bytes(), readers=readers)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None


def read_bytes(
    name: str, data: bytes, media_type: str = "", readers: Collection[Reader] = DOCUMENTS
) -> Document:
    """The document that some bytes are, with the ends of lines that Markdown has.

    Blocks: a large PDF takes seconds.

    Raises:
        Unreadable: no reader takes it, damaged, locked with a password, too big, without any text.
    """
    if len(data) > LARGEST:
        raise _too_large(name)
    reader = reader_by_content(data, readers) or reader_by_name(name, media_type, readers)
    if reader is None:
        expected = ", ".join(suffix for each in readers for suffix in each.suffixes)
        raise Unreadable(f"{name}: expected one of {expected}", "kind")
    document = reader.read(name, data)
    text = document.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable(f"{name}: no text in it; a scanned page is a picture", "empty")
    return replace(document, text=text)


def reader_by_name(
    name: str, media_type: str = "", readers: Collection[Reader] = DOCUMENTS
) -> Reader | None:
    """Who reads what is called so, or else is said to be of this media type; None: nobody here."""
    lower = name.lower()
    named = next((each for each in readers if lower.endswith(each.suffixes)), None)
    if named is not None or not media_type:
        return named
    # A type that has a reader of its own belongs to nobody else.
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*"):
        for each in READERS:
            if wanted in each.media_types:
                return each if each in readers else None
    return None


def reader_by_content(data: bytes, readers: Collection[Reader]) -> Reader | None:
    """Who knows these bytes, whatever they are called; None: nobody here."""
    return next((each for each in readers if each.signature and each.signature(data)), None)


def _too_large(name: str) -> Unreadable:
    return Unreadable(f"{name}: larger than {LARGEST // 1_000_000} MB")
