"""A document as text: Markdown and plain text as they are, Word and PDF by their own readers."""

from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from pypdf import PdfReader
from pypdf.errors import PyPdfError

# Bytes. A bigger file is more likely a mistake than a document.
LARGEST = 50_000_000
HEADING = "Heading "
UnreadableReason = Literal["kind", "damaged", "locked", "empty"]


class Unreadable(ValueError):
    """A file that gives no text; the sentence names it and says why, `why` in a word."""

    def __init__(self, sentence: str, why: UnreadableReason = "damaged") -> None:
        super().__init__(sentence)
        self.why: UnreadableReason = why


def read_document(path: Path) -> str:
    """The text of a document, with headings of Word files as Markdown headings.

    Blocks: a large PDF takes seconds. Kinds: .txt, .md, .pdf, .docx.

    Raises:
        Unreadable: another kind, damaged, locked with a password, too big, or without any text.
    """
    try:
        if path.suffix.lower() in _READERS and path.stat().st_size > LARGEST:
            raise Unreadable(f"{path}: larger than {LARGEST // 1_000_000} MB")
        data = path.read_bytes() if path.suffix.lower() in _READERS else b""
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None
    return document_text(str(path), path.suffix, data)


def document_text(name: str, suffix: str, data: bytes) -> str:
    """The text of a document in memory; `suffix` tells its kind. As `read_document` otherwise."""
    reader = _READERS.get(suffix.lower())
    if reader is None:
        raise Unreadable(f"{name}: expected one of {', '.join(_READERS)}", "kind")
    text = reader(name, data).replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Unreadable(f"{name}: no text in it; a scanned page is a picture", "empty")
    return text


def _plain(name: str, data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{name}: expected text in UTF-8") from None


def _pdf(name: str, data: bytes) -> str:
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(f"{name}: locked with a password", "locked")
        return "\n\n".join(page.extract_text().strip() for page in reader.pages)
    except (PyPdfError, KeyError, TypeError, ValueError, RecursionError) as error:
        # What a damaged file raises depends on where the damage is.
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"{name}: not a PDF that can be read ({error})") from None


def _word(name: str, data: bytes) -> str:
    try:
        document = docx.Document(BytesIO(data))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise Unreadable(f"{name}: not a Word document (.docx): {error}") from None
    return "\n\n".join(filter(None, map(_block, document.iter_inner_content())))


def _block(block: Any) -> str:
    if isinstance(block, Table):
        rows = ([cell.text.strip() for cell in row.cells] for row in block.rows)
        return "\n".join(" | ".join(dict.fromkeys(cells)) for cells in rows)
    style = block.style.name if block.style is not None else ""
    level = style.removeprefix(HEADING)
    text = str(block.text).strip()
    if style == "Title":
        return f"# {text}"
    if style.startswith(HEADING) and level.isdigit() and text:
        return f"{'#' * int(level)} {text}"
    return f"- {text}" if style.startswith("List") and text else text


_READERS: Mapping[str, Callable[[str, bytes], str]] = {
    ".txt": _plain,
    ".md": _plain,
    ".markdown": _plain,
    ".pdf": _pdf,
    ".docx": _word,
}
