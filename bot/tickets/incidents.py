"""The same trouble for many people at once: when two tell the same, and when it is an incident.

Pure. Two messages tell the same when their telling words nearly are, whatever the marks, the
endings, the courtesies and the story around them; what they are about (intent and product) is
compared by whoever asks. What everybody asks for themselves, such as to cancel an order, is no
incident however many do; that it cannot be done is one.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.knowledge.terms import told
from bot.text.telling_words import FEWEST_WORDS_TO_COMPARE, telling_words
from storage.text.folding import fold, stem
from storage.tickets.values import Incident, IncidentQuestion

# The share of all telling words of both that both have.
SAME = 0.7
_NUMBER = re.compile(r"(?<![\w.,])(?:\d{5,}|[a-z]+-?\d{3,}\w*|\d{3,}[a-z]+\d\w*)(?!\w)")
_FAULT = re.compile(
    r"\b(?:is|are|was|been|went|goes|still|page|site|website|server|system|app|payments?) down\b"
    r"|\b(?:errors?|fails?|failed|failing|failures?|outage|offline|crash(?:e[sd]|ing)?|timeouts?"
    r"|timed out|unavailable|frozen|freezes|bugs?|loi|sap|treo|mat ket noi|gian doan"
    r"|khong(?: \w+){0,3} duoc(?! khong)|khong (?:hoat dong|chay|phan hoi))\b"
    r"|(?:\bnot|n['’]?t|\bcannot|\bunable to)(?: \w+)? "
    r"(?:work|load|open|log|sign|pay|connect|respond|reach|start|cancel|order|upload|download)"
)
_SORRY = re.compile(r"\bxin loi\b")


def similarity(one: str, other: str) -> float:
    """How alike two questions are, from 0 to 1: the share of their telling words in both."""
    first, second = _stems(matter(one)), _stems(matter(other))
    shared = len(first & second)
    return shared / len(first | second) if shared >= FEWEST_WORDS_TO_COMPARE else 0.0


def _stems(text: str) -> frozenset[str]:
    """«Fails» and «failed» are one word."""
    return frozenset(map(stem, telling_words(text)))


@lru_cache(maxsize=4096)
def matter(text: str) -> str:
    """What a message is about: the sentences that tell of a fault, else all but courtesies."""
    return "\n".join(faults(text) or told(text))


def faults(text: str) -> list[str]:
    """The sentences of a message by which something does not work."""
    return [each for each in told(text) if _FAULT.search(_SORRY.sub(" ", fold(each)))]


def identifiers(text: str) -> list[str]:
    """The numbers of orders and the like, of which everybody has their own."""
    return _NUMBER.findall(fold(text))


def find_incident(
    asked: IncidentQuestion, earlier: Iterable[IncidentQuestion], people: int
) -> Incident | None:
    """The incident that a question belongs to, given the earlier ones about the same matter.

    It takes so many different `people`; one person asking again and again makes none. The oldest
    ticket stands for all, and stays the one when more come.
    """
    if not _common(asked):
        return None
    everybodys = [each for each in earlier if _common(each)]
    alike = [each for each in everybodys if similarity(each.text, asked.text) >= SAME]
    alike = [each for each in alike if each.ticket_id != asked.ticket_id]
    known = _known(alike)
    if known is not None:
        return Incident(known, (asked.ticket_id,)) if known != asked.ticket_id else None
    if people < 2 or len({asked.requester, *(each.requester for each in alike)}) < people:
        return None
    parent, *rest = sorted((asked.ticket_id, *(each.ticket_id for each in alike)))
    return Incident(parent, tuple(rest), begins=True)


def _common(asked: IncidentQuestion) -> bool:
    """Whether it may be everybody's matter: a fault, or nothing about a case of their own."""
    return bool(faults(asked.text)) or not (asked.acts or identifiers(asked.text))


def _known(alike: Sequence[IncidentQuestion]) -> int | None:
    return min((each.incident for each in alike if each.incident is not None), default=None)
