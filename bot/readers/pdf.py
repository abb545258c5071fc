"""PDF documents, by pypdf: the words of their pages. A scanned page is a picture and has none."""

from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from bot.readers.reader import Document, Reader, Unreadable, told_front

# What a damaged file raises depends on where the damage is.
DAMAGE = (PyPdfError, KeyError, TypeError, ValueError, RecursionError)
MARK = b"%PDF-"


def _read(name: str, data: bytes) -> Document:
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable(f"{name}: locked with a password", "locked")
        text = "\n\n".join(page.extract_text().strip() for page in reader.pages)
    except DAMAGE as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"{name}: not a PDF that can be read ({error})") from None
    return Document(text, told_front({"title": _title(reader)}))


def _title(reader: PdfReader) -> str | None:
    try:
        return reader.metadata.title if reader.metadata else None
    except DAMAGE:
        return None


PDF = Reader("pdf", (".pdf",), ("application/pdf",), _read, lambda data: data.startswith(MARK))
