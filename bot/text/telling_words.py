"""The telling words of a text: those that say what it is about."""

import re
from functools import cache, lru_cache

from bot.text.locale import locales
from storage.text.folding import fold

# A single word, such as «help», is nothing to go by.
FEWEST_WORDS_TO_COMPARE = 2

_WORD = re.compile(r"[^\W_]+")
_NOT = re.compile(r"n['’]t\b|\b(?:ca|do|does|did|is|are|was|wo|has|have|could)nt\b|\bcannot\b")
# An order number differs from one person to the next and says nothing about the question.
_IDENTIFIER = re.compile(r"\d{5,}|[a-z]+\d{3,}|\d{3,}[a-z]+")


@lru_cache(maxsize=4096)
def telling_words(text: str) -> frozenset[str]:
    """The words that make the question, folded and without plural; «not» is one of them."""
    fillers = _fillers()
    folded = _NOT.sub(" not ", fold(text))
    words = (word for word in _WORD.findall(folded) if not _IDENTIFIER.fullmatch(word))
    return frozenset(_singular(word) for word in words if word not in fillers)


@cache
def _fillers() -> frozenset[str]:
    """The words of all languages that say nothing about a question."""
    return frozenset().union(*(each.words.filler for each in locales().values()))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
