"""Characters that nobody sees: left out, unless a script or an emoji is spelled with them."""

import re

# Fillers and blanks that are letters or symbols by their class and show nothing: Hangul fillers,
# the Braille blank, the Khmer vowels inherent, the Mongolian separator.
_BLANKS = re.compile("[\u115f\u1160\u17b4\u17b5\u180e\u2800\u3164\uffa0]")
# Joiners spell words of many scripts (Arabic, Indic) and join emoji; between Latin letters, at an
# end, or next to a space they say nothing.
_JOINERS = re.compile(
    "(?<![\u0600-\u0dff\u0f00-\u109f\u1780-\u18af\ua840-\ua87f\U0001f000-\U0001faff\u2600-\u27bf\ufe0f])"
    "[\u200c\u200d]+"
)
# Soft hyphens, zero-width spaces, marks and overrides of direction, byte-order marks, tags.
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)


def visible(text: str) -> str:
    """The text as a person sees it: without characters that show nothing.

    Emoji flags of regions that are spelled with tags lose their tags and stay a flag.
    """
    return _JOINERS.sub("", _UNSEEN.sub("", _BLANKS.sub(" ", text)))
