"""The kinds of files that are read, and which one a file is: by its content, then by its name.

The functions that read them stand in `bot.readers.child`, in a process of their own.
"""

import codecs
import mimetypes
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from bot.readers.document import CannotRead

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What begins a file of Word's before 2007, and a newer one with a password.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
PACKAGE = "EncryptedPackage".encode("utf-16-le")


# How files begin that are no text, whatever they are called: RTF, zips, old Office, pictures, …
OTHER_KINDS = (
    *(b"{\\rtf", ZIP, OLE, b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"),
    *(b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"%!PS-", b"\x7fELF", b"OggS"),
)


@dataclass(frozen=True)
class Reader:
    """How files of one kind are known.

    A file is of this kind when `signature` knows its bytes, whatever it is called, or else when its
    name ends in one of `suffixes` or its media type is one of `media_types` (`text/*` is the rest
    of them). A kind that cannot be told from its bytes has no signature.
    """

    kind: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    signature: Callable[[bytes], bool] | None = None


def _is_pdf(data: bytes) -> bool:
    # Readers of PDF take one that begins within the first kilobyte.
    return b"%PDF-" in data[:1024]


def _is_word(data: bytes) -> bool:
    """A zip with a part of Word's, or a document of Word's behind a password."""
    if data.startswith(OLE):
        return PACKAGE in data
    return data.startswith(ZIP) and b"word/" in data


PLAIN = Reader(
    "text",
    (".txt", ".md", ".markdown", ".mdx"),
    (
        "text/*",
        *(f"application/{kind}" for kind in ("json", "x-ndjson", "xml", "yaml", "x-yaml", "toml")),
        *(f"application/{kind}" for kind in ("javascript", "x-javascript", "sql", "x-sh", "csv")),
    ),
)
PAGE = Reader("page", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"))
# A canvas of Slack's: known by its type alone, for what it is called says nothing.
CANVAS = Reader("canvas", (), ("application/vnd.slack-docs",))
PDF = Reader("pdf", (".pdf",), ("application/pdf",), _is_pdf)
WORD = Reader("word", (".docx", ".docm", ".dotx"), (WORD_TYPE,), _is_word)

RESTRUCTURED = Reader("restructured", (".rst", ".rest"), ())
ASCIIDOC = Reader("asciidoc", (".adoc", ".asciidoc"), ())
NOTEBOOK = Reader("notebook", (".ipynb",), ())

# What senders say of files that they know nothing of.
UNTOLD = frozenset(("", "application/octet-stream", "binary/octet-stream", "application/unknown"))
SAMPLE = 4_096  # bytes that show whether a file is text
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_WEB_PAGE = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body)\b", re.I | re.S)

READERS: tuple[Reader, ...] = (
    *(PLAIN, PAGE, CANVAS, PDF, WORD),
    *(RESTRUCTURED, ASCIIDOC, NOTEBOOK),
)
"""All of them, in the order in which people are told of their kinds."""

DOCUMENTS: tuple[Reader, ...] = (PLAIN, CANVAS, PDF, WORD)
"""Those for files that people send. In place of a file that the bot may not see Slack sends a page,
so a page is no document."""


def choose_reader(
    name: str, data: bytes, media_type: str = "", readers: Collection[Reader] = DOCUMENTS
) -> Reader:
    """Who reads a file: by its bytes, else by its name; raises CannotRead where nobody does."""
    if known := reader_by_content(data, readers):
        return known
    named = reader_by_name(name, media_type, readers)
    if named is None and _may_be_text(name, media_type, readers) and _is_text(data[:SAMPLE]):
        # A log, a list of settings, a program: nobody knows all that text is called.
        return PLAIN
    torn = named is WORD and data.startswith(ZIP)
    if named is None or (data.startswith(OTHER_KINDS) and not torn):
        raise CannotRead("kind")
    return named


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


def _may_be_text(name: str, media_type: str, readers: Collection[Reader]) -> bool:
    """Whether neither a name nor a media type says that a file is of another kind."""
    said = mimetypes.guess_type(name)[0] or ""
    return (
        PLAIN in readers
        and media_type in UNTOLD
        and reader_by_name(name, "", READERS) is None
        and (said in UNTOLD | set(PLAIN.media_types) or said.startswith("text/"))
    )


def _is_text(sample: bytes) -> bool:
    """Whether bytes are plainly UTF-8 without control characters, and no web page."""
    if not sample.strip() or sample.startswith(OTHER_KINDS) or _WEB_PAGE.match(sample):
        return False
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(sample)
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)
