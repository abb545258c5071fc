"""Words as search compares them, so that «giao hang» finds «giao hàng»."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import snowballstemmer

_WORD = re.compile(r"[^\W_]+")
_ENGLISH = snowballstemmer.stemmer("english")


def fold(text: str) -> str:
    """Lower case without marks, and đ as d, which Unicode decomposition leaves alone."""
    lowered = text.lower()
    if lowered.isascii():
        return lowered
    decomposed = unicodedata.normalize("NFD", lowered.replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def words(text: str) -> list[str]:
    """The words of a text in order, composed and in lower case; punctuation only separates."""
    return _WORD.findall(unicodedata.normalize("NFC", text).lower())


def pairs(folded: list[str]) -> list[str]:
    """Neighbouring words as one token each: most Vietnamese words are written as two syllables."""
    return [f"{left}_{right}" for left, right in pairwise(folded)]


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The English stem of a word in lower case; other languages mostly stay as they are."""
    return str(_ENGLISH.stemWord(word))
