"""The same question from many people at once: when two are the same, and when it is an incident.

Pure. Two questions are the same when their telling words nearly are, whatever the marks, the
endings and the courtesies around them; what they are about (intent and product) is compared by
whoever asks.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from storage.folding import fold

# The share of all telling words of both that both have.
SAME = 0.7
# A single word, such as «help», is nothing to go by.
FEWEST = 2

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


@dataclass(frozen=True)
class Asked:
    """What somebody asked first in a ticket; `incident` is the ticket it was linked to already."""

    ticket_id: int
    requester: str
    text: str
    incident: int | None = None


@dataclass(frozen=True)
class Incident:
    """The ticket that stands for all, and those to be linked to it now."""

    parent: int
    linked: tuple[int, ...]
    begins: bool = False


def likeness(one: str, other: str) -> float:
    """How alike two questions are, from 0 to 1: the share of their telling words in both."""
    first, second = telling(one), telling(other)
    shared = len(first & second)
    return shared / len(first | second) if shared >= FEWEST else 0.0


@lru_cache(maxsize=4096)
def telling(text: str) -> frozenset[str]:
    """The words that make the question, folded and without plural; «not» is one of them."""
    folded = _NOT.sub(" not ", fold(text))
    words = (word for word in _WORD.findall(folded) if not _IDENTIFIER.fullmatch(word))
    return frozenset(_singular(word) for word in words if word not in COURTESIES)


def gathered(asked: Asked, earlier: Iterable[Asked], people: int) -> Incident | None:
    """The incident that a question belongs to, given the earlier ones about the same matter.

    It takes so many different `people`; one person asking again and again makes none. The oldest
    ticket stands for all, and stays the one when more come.
    """
    alike = [each for each in earlier if likeness(each.text, asked.text) >= SAME]
    alike = [each for each in alike if each.ticket_id != asked.ticket_id]
    known = _known(alike)
    if known is not None:
        return Incident(known, (asked.ticket_id,)) if known != asked.ticket_id else None
    if people < 2 or len({asked.requester, *(each.requester for each in alike)}) < people:
        return None
    parent, *rest = sorted((asked.ticket_id, *(each.ticket_id for each in alike)))
    return Incident(parent, tuple(rest), begins=True)


def _known(alike: Sequence[Asked]) -> int | None:
    return min((each.incident for each in alike if each.incident is not None), default=None)


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
