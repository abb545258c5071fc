"""A document as text: Markdown and plain text as they are, Word and PDF by their own readers."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from pypdf import PdfReader
from pypdf.errors import PyPdfError

# Bytes. A bigger file is more likely a mistake than a document.
LARGEST = 50_000_000
HEADING = "Heading "


class Unreadable(ValueError):
    """A file that gives no text; the sentence names it and says why."""


def read_document(path: Path) -> str:
    """The text of a document, with headings of Word files as Markdown headings.

    Blocks: a large PDF takes seconds. Kinds: .txt, .md, .pdf, .docx.

    Raises:
        Unreadable: another kind, damaged, locked with a password, too big, or without any text.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise Unreadable(f"{path}: expected one of {', '.join(_READERS)}")
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(f"{path}: larger than {LARGEST // 1_000_000} MB")
        text = reader(path).replace("\r\n", "\n").replace("\r", "\n")
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror or error}") from None
    if not text.strip():
        raise Unreadable(f"{path}: no text in it; a scanned page is a picture")
    return text


def _plain(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{path}: expected text in UTF-8") from None


def _pdf(path: Path) -> str:
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(f"{path}: locked with a password")
        return "\n\n".join(page.extract_text().strip() for page in reader.pages)
    except (PyPdfError, KeyError, TypeError, ValueError, RecursionError) as error:
        # What a damaged file raises depends on where the damage is.
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"{path}: not a PDF that can be read ({error})") from None


def _word(path: Path) -> str:
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise Unreadable(f"{path}: not a Word document (.docx): {error}") from None
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


_READERS: Mapping[str, Callable[[Path], str]] = {
    ".txt": _plain,
    ".md": _plain,
    ".markdown": _plain,
    ".pdf": _pdf,
    ".docx": _word,
}
