"""Which sentences of an answer rules cannot vouch for, so that somebody has to read them again.

A sentence that says what one sentence of its sources says, word for word or nearly, is none of
them. A «not» more or less, a condition that is gone, a figure from another sentence, a word that
no source has: those are. `python -m evals.gate` measures what these rules find.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from bot.gate.grounding import Grounding
from bot.knowledge.citations import passage_texts
from bot.knowledge.terms import stop_words
from bot.text.facts.fact import FactKey
from bot.text.facts.find import find_facts
from bot.text.frames import frames, terms
from bot.values import Frozen
from storage.text.folding import fold, stem, words

Why = Literal["negation", "condition", "figure", "words", "scope", "comparison"]

# The share of its telling words that a sentence has to have in common with one of its sources.
SHARED = 0.6
# The share of its telling words that may stand in no source at all: ways of saying it.
NEW = 0.34
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|\n+|;\s")
# «1 to 2 days here, and 3 to 5 elsewhere» says two things; a condition is never cut off by this.
_CLAUSE = re.compile(r",\s+(?:and|but|or|và|còn|nhưng|hoặc)\s")
_NOT, _SCOPE, _COMPARED = frames("negated"), frames("scope"), frames("compared")
# What makes a rule hold for some only; each class has its own words.
_CONDITIONS = ("if", "only", "over", "under", "state", "before")
_CLASSES = {name: frames(f"{name}_so") for name in _CONDITIONS}


class Suspicion(Frozen):
    """A sentence to be read again, and what about it is not told by rules."""

    sentence: str
    why: tuple[Why, ...]


@dataclass(frozen=True)
class _Said:
    """A sentence as it is compared: its telling words, what limits it, its figures."""

    telling: frozenset[str]
    negated: bool
    conditions: frozenset[str]
    scope: frozenset[str]
    compared: bool
    figures: tuple[frozenset[FactKey], ...]
    given: frozenset[FactKey]


def suspicious(text: str, grounding: Grounding, *, whole: bool = True) -> tuple[Suspicion, ...]:
    """The sentences of an answer that say something else than their sources, as far as rules tell.

    With `whole=False` its citations may still come: every passage that was sent is a source.
    """
    if grounding.free:
        return ()
    passages = grounding.cited if whole else (*grounding.passages, *grounding.attached)
    sources = _said_by(tuple(part for passage in passages for part in passage_texts(passage)))
    found = ((each, _doubts(_said(each), sources)) for each in claims_of(text))
    return tuple(Suspicion(sentence=each, why=why) for each, why in found if why)


def claims_of(text: str) -> Sequence[str]:
    """The sentences of a text, without those that only ask or have no words."""
    parts = (part.strip() for part in _SENTENCE.split(text))
    return [part for part in parts if not part.endswith("?") and _said(part).telling]


def _doubts(said: _Said, sources: Sequence[_Said]) -> tuple[Why, ...]:
    everywhere = frozenset[str]().union(*(each.telling for each in sources))
    new = said.telling - everywhere
    best = max(sources, key=lambda each: _alike(said, each), default=None)
    if best is None or len(new) > NEW * len(said.telling):
        return ("words",)
    doubts: list[Why] = []
    if len(said.telling & best.telling) < SHARED * len(said.telling - new):
        doubts.append("words")
    if said.negated != best.negated:
        doubts.append("negation")
    if said.conditions != best.conditions:
        doubts.append("condition")
    if any(needs.isdisjoint(best.given) for needs in said.figures):
        doubts.append("figure")
    if said.scope - best.scope:
        doubts.append("scope")
    if said.compared and not best.compared:
        doubts.append("comparison")
    return tuple(doubts)


def _alike(said: _Said, source: _Said) -> float:
    """How much of a sentence stands in a source's, figures included: most of all decides."""
    figures = sum(not needs.isdisjoint(source.given) for needs in said.figures)
    return len(said.telling & source.telling) + 0.5 * figures - 0.01 * len(source.telling)


@lru_cache(maxsize=256)
def _said_by(parts: tuple[str, ...]) -> tuple[_Said, ...]:
    stated = [sentence for part in parts for sentence in _SENTENCE.split(part)]
    clauses = [clause for sentence in stated for clause in _CLAUSE.split(sentence)]
    return tuple(map(_said, dict.fromkeys((*stated, *clauses))))


@lru_cache(maxsize=2_048)
def _said(sentence: str) -> _Said:
    folded = fold(sentence)
    stated = [fact for fact in find_facts(sentence) if fact.needs]
    return _Said(
        telling=frozenset(_telling(words(folded))),
        negated=_NOT.search(folded) is not None,
        conditions=frozenset(name for name, found in _CLASSES.items() if found.search(folded)),
        scope=frozenset(_SCOPE.findall(folded)),
        compared=_COMPARED.search(folded) is not None,
        figures=tuple(fact.needs for fact in stated),
        given=frozenset(key for fact in find_facts(sentence) for key in fact.gives),
    )


def _telling(said: Iterable[str]) -> Iterable[str]:
    silent, idle = stop_words(), terms("idle")
    for word in said:
        if word not in silent and word not in idle and not word.isdigit() and len(word) > 1:
            yield stem(word)
