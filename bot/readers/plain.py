"""Plain text and Markdown, as they are."""

from bot.readers.reader import Document, Reader, Unreadable


def utf8_text(name: str, data: bytes) -> str:
    """The text of bytes in UTF-8, without its byte order mark; raises Unreadable."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable(f"{name}: expected text in UTF-8") from None


def _read(name: str, data: bytes) -> Document:
    return Document(utf8_text(name, data))


PLAIN = Reader("text", (".txt", ".md", ".markdown"), ("text/*", "application/json"), _read)
