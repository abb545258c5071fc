"""Whether a message goes on with what its author wrote a moment before.

By word overlap and a few turns of phrase, which is all that a stand-in can see: two messages that
share a telling word or a subject of the trade are one matter; two that each have one of their own
and share none are two. What has no subject of its own goes on with the one before.
"""

import re

from emulator.claude.addressee import speaks_to_people
from emulator.claude.concepts import concepts
from emulator.claude.entities import order_ids
from emulator.claude.text import STOP_WORDS, fold, stem, words

_ANOTHER = re.compile(
    r"\b(?:another (?:thing|question|matter|topic)|different (?:question|thing|topic)|separately"
    r"|unrelated|on another note|one more thing|something else|next question"
    r"|cau hoi khac|chuyen khac|viec khac|mot viec nua|mot cau hoi nua|ngoai ra)\b"
)
_SAME = re.compile(
    r"^(?:i mean|sorry|correction|i meant|to be clear|edit|p\.?s|and for|and the"
    r"|y (?:em|minh)|dinh chinh)\b"
)
_LEANS = re.compile(r"\b(?:it|its|that|this|these|those|they|them|one|no|cai do|cai nay)\b")
FEW = 2
"""Telling words below which a message has no matter of its own."""

# They say what is asked about a subject, and are no subject themselves.
_OF_ANYTHING = "order product where greeting late duration price hours change wrong"
_OF_ALL = frozenset(_OF_ANYTHING.split())


def same_matter(before: str, message: str) -> bool:
    """Whether both are about one matter."""
    folded = fold(message)
    if speaks_to_people(before) != speaks_to_people(message):
        return False
    if _SAME.search(folded) or set(order_ids(before)) & set(order_ids(message)):
        return True
    if _ANOTHER.search(folded) is not None:
        return False
    subjects, others = _subjects(before), _subjects(message)
    if subjects & others or _telling(before) & _telling(message):
        return True
    leans = _LEANS.search(folded) is not None or not others
    return leans or len(_telling(before)) < FEW


def _subjects(text: str) -> set[str]:
    return set(concepts([stem(word) for word in words(text)])) - _OF_ALL


def _telling(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word not in STOP_WORDS and len(word) > 3}
