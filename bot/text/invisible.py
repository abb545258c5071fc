"""Characters that nobody sees: left out, unless a script or an emoji is spelled with them."""

import re
from typing import Any

# Fillers and blanks that are letters or symbols by their class and show nothing: Hangul fillers,
# the Braille blank, the Khmer vowels inherent, the Mongolian separator.
_BLANKS = re.compile("[\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0]")
# Joiners spell words of many scripts (Arabic, Indic) and join emoji; between Latin letters, at an
# end, or next to a space they say nothing.
_JOINERS = re.compile(
    "(?<![\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua87f\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])"
    "[\u200c\u200d]+"
)
# Soft hyphens, control characters,
# zero-width spaces, marks and overrides of direction, byte-order marks, tags.
_UNSEEN = re.compile(
    "[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
# What says how the character before it looks, where none stands before it.
_SELECTORS = re.compile("(?<!\\S)[\ufe00-\ufe0f]+")

# Half of an emoji that was cut on its way: no UTF-8 has it, so nobody could store it.
_HALVES = re.compile("[\ud800-\udfff]")
# JSON of people's clients nests to some twenty.
_DEEPEST = 200


def storable(value: Any, deep: int = 0) -> Any:
    """The same value with texts that can be written as UTF-8, and without NUL, in it everywhere.

    What nests deeper than anything people send is left out.
    """
    match value:
        case str() if value.isascii():
            return value.replace("\x00", "")
        case str():
            return _HALVES.sub("\ufffd", value.replace("\x00", ""))
        case dict() if deep < _DEEPEST:
            return {storable(key): storable(each, deep + 1) for key, each in value.items()}
        case list() if deep < _DEEPEST:
            return [storable(each, deep + 1) for each in value]
        case dict() | list():
            return None
        case _:
            return value


def visible(text: str) -> str:
    """The text as a person sees it: without characters that show nothing.

    Emoji flags of regions that are spelled with tags lose their tags and stay a flag.
    """
    seen = _UNSEEN.sub("", _BLANKS.sub(" ", storable(text)))
    return _JOINERS.sub("", _SELECTORS.sub("", seen))
