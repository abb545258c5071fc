"""Answers that agents approved, and when a question is the same as one they were given to.

Pure. Two questions are the same when the same telling words, question words and facts stand in
them, whatever the order, the accents and the courtesies around: another order number, city or
«not» makes another question. Where the order tells who is what («is A cheaper than B?»), it counts.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from bot.knowledge.citations import CitedArticle, passage_texts
from bot.knowledge.terms import told
from bot.text.facts.find import find_facts
from bot.text.message_parts import without_emojis
from bot.text.telling_words import FEWEST_WORDS_TO_COMPARE, telling_words
from bot.values import Frozen
from storage.knowledge.values import Passage
from storage.text.folding import fold

# Courtesies to an incident, but not here: «when» and «where» ask for different things.
_PERSON_WORDS = "i me my mine we us our you your yours they them their"
_ASKING_WORDS = "how why when where what which who must need should sao nao khi"
_ASKING = frozenset(_ASKING_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+")
# What compares two things or leads from one to the other, and who is who there. Folded.
_ORDERED = re.compile(
    r"\b(?:than|from|instead|rather|into|versus|vs|between|before|after|hon|so voi|thay vi|thanh"
    r"|sang|tu \S.{0,60}? (?:den|toi|ve|qua)|truoc|sau)\b"
    r"|\b(?:me|us|i|we)\b.{0,60}\b(?:to|for|by) you\b|\byou\b.{0,60}\b(?:to|for|by) (?:me|us)\b"
)
_PERSONS = frozenset(_PERSON_WORDS.split())


class Evidence(Frozen):
    """A cited passage: where it stands, and the digest of all it said."""

    source: str
    digest: str


class Approved(Frozen):
    """An answer that may be given again: to which message it was, who approved it, its cost.

    `passages` are what it cites, as they stand in the articles now.
    """

    message_key: str
    ticket_id: int
    text: str
    triage: dict[str, Any]
    sources: tuple[CitedArticle, ...]
    passages: tuple[Passage, ...]
    approved_by: str
    nano_dollars: int


def fingerprint(question: str) -> str | None:
    """A name for all questions that are this one in other words; None for one that says little.

    Greetings, signatures and sentences of mere courtesy are none of the words, but every fact in
    them counts.
    """
    question = without_emojis(unicodedata.normalize("NFKC", question))
    found = [fact for fact in find_facts(question) if fact.needs]
    words = "\n".join(told(question))
    for fact in found:
        words = words.replace(fact.text, " ", 1)
    said = telling_words(words)
    if len(said) < FEWEST_WORDS_TO_COMPARE:
        return None
    asking = _ASKING & set(_WORD.findall(fold(words)))
    stated = [str(sorted(map(str, fact.needs))) for fact in found]
    parts = [*sorted(said), "?", *sorted(asking), "#", *sorted(stated)]
    if _ORDERED.search(fold(words)):
        parts += [">", *_in_order(words), *stated]
    whole = "\n".join(parts)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def _in_order(words: str) -> list[str]:
    """The telling words of a text and its persons, as they follow each other."""
    spoken = _WORD.findall(fold(words))
    return [each for word in spoken for each in telling_words(word) or {word} & _PERSONS]


def evidence_of(passages: Sequence[Passage]) -> tuple[Evidence, ...]:
    """The passages by source and digest."""
    return tuple(Evidence(source=each.source, digest=passage_digest(each)) for each in passages)


def passage_digest(passage: Passage) -> str:
    """Another one whenever anything of the passage changes, who may read it included."""
    return hashlib.sha256(
        "\x00".join((passage.audience, *passage_texts(passage))).encode()
    ).hexdigest()


def unchanged_passages(
    rests_on: Sequence[Evidence], now: Sequence[Passage]
) -> tuple[Passage, ...] | None:
    """The passages of an answer as they stand now; None when one of them changed or is gone."""
    standing = {(each.source, passage_digest(each)): each for each in now}
    found = [standing.get((each.source, each.digest)) for each in rests_on]
    kept = tuple(each for each in found if each is not None)
    return kept if kept and len(kept) == len(rests_on) else None
