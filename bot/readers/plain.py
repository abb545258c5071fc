"""Plain text and Markdown, as they are."""

from bot.readers.decoding import decode_text
from bot.readers.document import Document
from bot.readers.reader_limits import ReaderLimits


def read_plain(data: bytes, _limits: ReaderLimits) -> Document:
    """The text of bytes in any encoding that they show."""
    return Document(decode_text(data))
