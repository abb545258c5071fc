"""Where a sentence ends, in a text that is still being written."""

import re

# A mark, what may close after it, and white space: a decimal point or a dot in an address is no
# end. A line that ends is one as well.
_END = re.compile(r"[.!?…。]+[\"'»”’)\]*_]*\s+|\n+")


def whole_sentences(text: str) -> str:
    """The sentences of a text that have ended, with the white space after them."""
    end = 0
    for found in _END.finditer(text):
        end = found.end()
    return text[:end]
