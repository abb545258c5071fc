"""Characters that a reader does not see, and letters that pass for others."""

import re
import unicodedata

# Turn the direction of what follows: what is read is not what stands there.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Take no room: zero-width space, joiners, soft hyphen, fillers, tags, control characters; halves of
# a character, which no file and no message can hold.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028\u2029\u2060-\u2065\u206a-\u206f\u3164\ufeff"
    "\ud800-\udfff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# Steer a terminal, or turn the direction.
_STEERING = re.compile("[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]")
# Between emoji, Arabic and Indic letters joiners and marks of direction are spelling.
_JOINERS = frozenset("\u200c\u200d\u200e\u200f")
_LOOKALIKE = re.compile("[\u0370-\u03ff\u0400-\u052f\u0530-\u058f\u13a0-\u13ff]")
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+(?:[.-][^\W\d_]+)*")
# Greek letters that stand beside Latin ones in units and formulas.
_FORMULA = frozenset("µμΩαβγπ")


def without_hidden(text: str) -> str:
    """The text as a reader sees it, without what takes no room."""
    return (
        text if text.isascii() and text.isprintable() else _UNSEEN.sub("", _TURNING.sub("", text))
    )


def without_steering(text: str) -> str:
    """A name as it may be shown: a sign in place of what steers a terminal or turns the text."""
    return _STEERING.sub("\ufffd", text)


def hidden(text: str, sources: str = "") -> str:
    """The first thing in a text that a reader cannot see, or takes for another; "" for none.

    What takes no room and stands in the sources too was copied; what turns the direction never is.
    """
    if text.isascii():
        found = _UNSEEN.search(text)
        return _named(found[0]) if found else ""
    for match in (*_TURNING.finditer(text), *_UNSEEN.finditer(text)):
        if match[0] in sources and not _TURNING.match(match[0]):
            continue
        if match[0] not in _JOINERS or not _spelling(text, match.start()):
            return _named(match[0])
    for match in _WORD.finditer(text):
        strange = set(_LOOKALIKE.findall(match[0])) - _FORMULA
        if strange and _LATIN.search(match[0]):
            return match[0]
    return ""


def _spelling(text: str, place: int) -> bool:
    around = text[max(0, place - 2) : place] + text[place + 1 : place + 3]
    return any(ord(char) > 0x590 for char in around)


def _named(char: str) -> str:
    return unicodedata.name(char, f"U+{ord(char):04X}")
