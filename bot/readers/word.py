"""Word documents, by python-docx: paragraphs and tables in their order, headings as Markdown's."""

from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table

from bot.readers.reader import Document, Reader, Unreadable, told_front

HEADING = "Heading "
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The part that makes a zip file a Word document.
BODY = "word/document.xml"


def _read(name: str, data: bytes) -> Document:
    try:
        document = docx.Document(BytesIO(data))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError) as error:
        raise Unreadable(f"{name}: not a Word document (.docx): {error}") from None
    text = "\n\n".join(filter(None, map(_block, document.iter_inner_content())))
    return Document(text, told_front(_about(document)))


def _about(document: WordDocument) -> dict[str, Any]:
    try:
        about = document.core_properties
    except (KeyError, ValueError):
        return {}
    return {"title": about.title, "language": about.language}


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


def _is_word(data: bytes) -> bool:
    if not data.startswith(b"PK"):
        return False
    try:
        with ZipFile(BytesIO(data)) as parts:
            return BODY in parts.namelist()
    except (BadZipFile, ValueError, OSError):
        return False


WORD = Reader("word", (".docx",), (MEDIA_TYPE,), _read, _is_word)
