"""The words of a text that tell what it is about."""

import re
from functools import lru_cache

from storage.text.folding import fold

# A single word, such as «help», is nothing to go by.
FEWEST_WORDS_TO_COMPARE = 2

_WORD = re.compile(r"[^\W_]+")
_NOT = re.compile(r"n['’]t\b|\b(?:ca|do|does|did|is|are|was|wo|has|have|could)nt\b|\bcannot\b")
# An order number differs from one person to the next and says nothing about the question.
_IDENTIFIER = re.compile(r"\d{5,}|[a-z]+\d{3,}|\d{3,}[a-z]+")
_COURTESIES = """
    a an the this that these those i me my mine we us our you your it its is am are was were be been
    do does did have has had will would can could should may might must shall of to for at with and
    or but so as hi hello hey dear team please pls thanks thank guys everyone sorry again still also
    just very really there here what how why when where who which need want get got help know tell
    see anyone somebody someone now
    anh chi em ban minh toi tui shop ad oi a nhe nha voi giup cho xin chao vui long cam on la thi ma
    cua co duoc bi cai nay do dang da se roi sao vay the nao gi khi o thay hoi luon qua ca moi nguoi
"""
COURTESIES = frozenset(_COURTESIES.split())


@lru_cache(maxsize=4096)
def telling_words(text: str) -> frozenset[str]:
    """The words that make the question, folded and without plural; «not» is one of them."""
    folded = _NOT.sub(" not ", fold(text))
    words = (word for word in _WORD.findall(folded) if not _IDENTIFIER.fullmatch(word))
    return frozenset(_singular(word) for word in words if word not in COURTESIES)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
