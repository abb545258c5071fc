"""Text as the stand-in compares it: folded, cut into words, stemmed, mapped to concepts.

Folding makes Vietnamese typed without diacritics equal to Vietnamese typed with them:
lower case, NFD, combining marks removed, đ to d.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_MARKS = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_SENTENCE = re.compile(
    r"(?<=[.!?…。！？])(?<!\b[A-ZĐ]{2}\.)(?<!\b[MD]r\.)(?<!\bM[rs]s\.)(?<!\bMs\.)(?<!\b[SN][to]\.)\s+|\n+"
)
"""Ends of sentences; «TP. Hồ Chí Minh», «Dr. Le» and «No. 5» hold none."""

_STOP = """
    a an the this that these those i me my mine we us our you your yours it its he she they them
    is am are was were be been being do does did have has had will would can could should may
    might must shall of in on at to for from with by about as into and or but if then so than
    please just also very really too there here what which who when how why im ive id dont didnt
    doesnt isnt cant wont hi hello hey ok okay yes no not any some want need like get got know
    tell let ask help
    toi minh em anh chi ban shop ad cho giup voi nhe nha oi la thi ma cua co duoc nay do kia
    vay sao nao roi da dang se muon can nhu the cai nhung cac mot va hay hoac thoi xin vui long
    khong chua nua luon hoi biet lam gi xem ra vao len nhi ha di day de tai trong ve
"""
STOP_WORDS = frozenset(_STOP.split())


@lru_cache(maxsize=2048)
def fold(text: str) -> str:
    """Lower case without marks: «Hủy Đơn» becomes «huy don»."""
    lowered = text.lower().replace("’", "'")
    if lowered.isascii():
        return lowered.replace("'", "")
    bare = _MARKS.sub("", unicodedata.normalize("NFD", lowered))
    return unicodedata.normalize("NFC", bare).replace("đ", "d").replace("'", "")


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


@lru_cache(maxsize=8192)
def stem(word: str) -> str:
    """A word without its English ending; Vietnamese syllables are too short to be touched."""
    if len(word) < 5 or not word.isascii():
        return word
    for ending, rest in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _undouble(word[: -len(ending)] + rest)
    return word.removesuffix("e")


def _undouble(word: str) -> str:
    doubled = len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiouy"
    return word[:-1] if doubled else word.removesuffix("e")


def sentences(text: str) -> list[str]:
    """The sentences of a text, each a verbatim piece of it."""
    return [piece.strip() for piece in _SENTENCE.split(text) if piece.strip()]


def has_marks(text: str) -> bool:
    """Whether any letter carries a diacritic (then diacritics can be trusted)."""
    return not text.isascii() and fold(text) != text.lower()


class Lexicon:
    """Phrases looked for as whole words.

    A text written with diacritics is compared with the phrases as they are written here, so
    that «gấp» (urgent) is not taken for «gặp» (meet); a text without any is compared folded,
    except with short single syllables, which would be mistaken for other words («dở», do).
    """

    def __init__(self, *phrases: str) -> None:
        self._written = _pattern(phrase.lower() for phrase in phrases)
        self._folded = _pattern(fold(phrase) for phrase in phrases if not _ambiguous(phrase))

    def hits(self, text: str) -> list[str]:
        """The phrases found, in order of appearance."""
        if has_marks(text):
            return self._written.findall(text.lower().replace("’", "'"))
        return self._folded.findall(fold(text))

    def __contains__(self, text: str) -> bool:
        return bool(self.hits(text))


def _ambiguous(phrase: str) -> bool:
    return has_marks(phrase) and " " not in phrase and len(phrase) < 5


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(set(phrases), key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(p) for p in ordered) + r")(?!\w)")
