"""Where a sentence ends, in a text that is still being written; and the mark of a question."""

import re
from collections.abc import Sequence

# A mark, what may close after it, and white space: a decimal point or a dot in an address is no
# end. A line that ends is one as well. Nothing is tried twice: a row of dots is read once.
_END = re.compile(r"(?<![.!?…。])[.!?…。]++[\"'»”’)\]*_]*+\s++|\n++")

# Of Latin, Chinese and Japanese, Arabic, Armenian and Ethiopic texts, and in one with another mark.
_ASKING = re.compile("[?？؟՞፧⁇⁈⁉]")


def has_question_mark(text: str) -> bool:
    """Whether a question mark of any script stands in it."""
    return _ASKING.search(text) is not None


def whole_sentences(text: str) -> str:
    """The sentences of a text that have ended, with the white space after them."""
    end = 0
    for found in _END.finditer(text):
        end = found.end()
    return text[:end]


def ends(text: str, after: int = 0) -> Sequence[int]:
    """Where the sentences of a text end that end behind a place, white space included."""
    return [found.end() for found in _END.finditer(text, after)]
