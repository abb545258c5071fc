"""Long texts cut into pieces a model can take in, at the best end that is near.

The pieces join to the text: nothing is lost, doubled or trimmed.
"""

import re
from collections.abc import Iterator

# Ends to cut after, best first: a paragraph's, a sentence's, a line's, a word's.
_ENDS = (
    re.compile(r"\n[ \t\r]*\n\s*"),
    re.compile(r"[.!?…][\"'”’)\]]*\s+|[。！？]"),
    re.compile(r"\n"),
    re.compile(r"\s+"),
)
# An end is looked for in this last share of a piece, so that pieces do not become scraps.
LATE = 0.5


def estimate_tokens(text: str) -> int:
    """An estimate on the safe side: 0.4 a character of ASCII, 0.5 a byte of anything else.

    The 5.5 models take about 2.5 characters a token; a Vietnamese letter with marks is two or
    three bytes of UTF-8, a Chinese one three.
    """
    plain = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    rest = len(text.encode(errors="surrogatepass")) - plain
    return -(-(4 * plain + 5 * rest) // 10)


def least_tokens(text: str) -> int:
    """What an estimate is at least, known without a look at the text."""
    return len(text) * 4 // 10


def split_text(text: str, limit: int) -> list[str]:
    """Cut a text into pieces of at most `limit` estimated tokens that join to the text.

    Raises:
        ValueError: a limit under 3, which is what one character can take.
    """
    if limit < 3:
        raise ValueError("a piece holds at least 3 tokens")
    return list(_pieces(text, limit))


def _pieces(text: str, limit: int) -> Iterator[str]:
    start = 0
    while start < len(text):
        end = _reach(text, start, limit)
        if end < len(text):
            end = _cut(text, start, end)
        yield text[start:end]
        start = end


def _reach(text: str, start: int, limit: int) -> int:
    """How far a piece from `start` may go: the last place that keeps it within the limit."""
    # No character counts for less than 0.4, so this is beyond the place we look for.
    low, high = start + 1, min(len(text), start + limit * 5 // 2 + 1)
    while low < high:
        middle = (low + high + 1) // 2
        if estimate_tokens(text[start:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, start: int, end: int) -> int:
    earliest = start + int((end - start) * LATE)
    for kind in _ENDS:
        # A match may run past the end; then it is no end within this piece.
        places = [m.end() for m in kind.finditer(text, earliest, end) if m.end() > start]
        if places:
            return places[-1]
    return end


PARAGRAPH = 300


def paragraphs(text: str) -> list[str]:
    """A part as the API takes it: in citable pieces, none of them blank."""
    pieces = (piece for block in text.split("\n\n") for piece in split_text(block, PARAGRAPH))
    return [piece.strip() for piece in pieces if piece.strip()]
