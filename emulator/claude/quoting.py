"""Answers made of verbatim sentences of the passages a request carries, with citations.

Every sentence is scored by how much of the question it covers, together with its block and the
title above it; rare words of the passages count more than common ones. Nothing is added but a
short opening, so an answer never says more than its sources do.
"""

import math
from dataclasses import dataclass

from emulator.claude.errors import Json
from emulator.claude.language import language, phrase
from emulator.claude.matching import Features, features
from emulator.claude.reading import Reading
from emulator.claude.request import Passage
from emulator.claude.text import STOP_WORDS, sentences, stem, words

ENOUGH = 0.34
"""The share of the question that its best passage must cover; below it nothing is quoted."""

CLOSE = 0.6
"""The same for something to be written, which needs no facts."""

NAME = 3.0
"""How much more a name weighs than another word."""

SAME_LANGUAGE = 1.3
"""How much better a passage in the message's own language is."""

MOST = 3
"""Sentences quoted at most."""

_OPENINGS = {
    "en": "Here is what our articles say. ",
    "vi": "Theo hướng dẫn của chúng tôi: ",
    "fr": "Voici ce que disent nos articles. ",
    "es": "Esto es lo que dicen nuestros artículos. ",
}


@dataclass(frozen=True)
class _Sentence:
    passage: Passage
    block: int
    place: int
    text: str
    score: float


def answer(reading: Reading, enough: float = ENOUGH) -> list[Json] | None:
    """Text blocks that answer from the passages; None when no passage fits."""
    # Who writes nothing besides a file asks with it, and wants no quotation of it.
    silent = not reading.request.written
    passages = [each for each in reading.request.passages if not (silent and each.own)]
    if not passages:
        return None
    question = _Question(reading, passages)
    fits = [question.covered_by(passage) for passage in passages]
    if max(fits) < enough:
        return None
    picked = _picked(question, _ranked(question, fits, reading.language))
    picked.sort(key=lambda one: (one.passage.index, one.block, one.place))
    return _written(picked, reading.language)


class _Question:
    """The features asked for, weighed by how rare they are in the passages."""

    def __init__(self, reading: Reading, passages: list[Passage]) -> None:
        self.passages = passages
        asked = _asked(reading)
        rarity = _rarity(asked, passages)
        self._weights = {f: weight * rarity[f] for f, weight in asked.items() if f in rarity}
        telling = {f: weight for f, weight in asked.items() if f[0] in "wc"} | _named(reading)
        self._telling = {f: weight * rarity.get(f, 1.5) for f, weight in telling.items()}

    def covered_by(self, passage: Passage) -> float:
        """The share of the question's words and concepts that a passage has; 0 to 1."""
        texts = [features(text) for text in (passage.title, *passage.blocks)]
        whole = sum(self._telling.values())
        shared = sum(
            weight
            for feature, weight in self._telling.items()
            if any(feature in found for found in texts)
        )
        return shared / whole if whole else 0.0

    def shared(self, text: str) -> float:
        """The weight of what a text has of the question."""
        found = features(text)
        return sum(weight for feature, weight in self._weights.items() if feature in found)

    def new_in(self, text: str, known: set[str]) -> float:
        """The same without what is known already; adds it to what is known."""
        fresh = self._weights.keys() & features(text).keys() - known
        known |= fresh
        return sum(self._weights[feature] for feature in fresh)


def _asked(reading: Reading) -> dict[str, float]:
    """The message; a short follow-up is read with what was asked before it in its language."""
    found = dict(features(reading.matter))
    before = reading.request.earlier
    if len(reading.key_words) >= 4 or not before or language(before) != reading.language:
        return found
    earlier = features(before)
    return {feature: weight * 0.5 for feature, weight in earlier.items()} | found


def _named(reading: Reading) -> dict[str, float]:
    """The names in the message: what is said of one place answers no question about another."""
    found = (stem(word) for name in reading.names for word in words(name))
    return {f"w {word}": NAME for word in found if word not in STOP_WORDS}


def _rarity(asked: Features, passages: list[Passage]) -> dict[str, float]:
    blocks = [features(block) for passage in passages for block in passage.blocks]
    counts = {feature: sum(feature in block for block in blocks) for feature in asked}
    return {
        feature: math.log(1 + len(blocks) / count) for feature, count in counts.items() if count
    }


def _ranked(question: _Question, fits: list[float], asked_in: str) -> list[_Sentence]:
    """All sentences, best first: by what they, their block and their passage have of it."""
    found = []
    for passage, fit in zip(question.passages, fits, strict=True):
        near = SAME_LANGUAGE if language(passage.blocks[0]) == asked_in else 1.0
        for index, block in enumerate(passage.blocks):
            around = 0.6 * question.shared(block)
            for place, text in enumerate(sentences(block)):
                score = near * (question.shared(text) + around) * (0.5 + fit)
                found.append(_Sentence(passage, index, place, text, score))
    return sorted(found, key=lambda one: -one.score)


def _picked(question: _Question, ranked: list[_Sentence]) -> list[_Sentence]:
    """The best sentence, and up to two more that are nearly as good or say something new."""
    best = ranked[0]
    picked, known = [best], set[str]()
    question.new_in(best.text, known)
    for one in ranked[1:]:
        if len(picked) == MOST or one.score <= 0.4 * best.score:
            break
        if one.score > 0.8 * best.score or question.new_in(one.text, set(known)) > 1.2:
            question.new_in(one.text, known)
            picked.append(one)
    return picked


def _written(picked: list[_Sentence], code: str) -> list[Json]:
    blocks: list[Json] = [{"type": "text", "text": phrase(_OPENINGS, code)}]
    for number, one in enumerate(picked):
        if number:
            blocks.append({"type": "text", "text": " "})
        blocks.append({"type": "text", "text": one.text} | _cited(one))
    return blocks


def _cited(one: _Sentence) -> Json:
    return cited_block(one.passage, one.block)


def cited_block(passage: Passage, block: int) -> Json:
    """The citation of a block of a passage, as a text block carries it."""
    if not passage.cited:
        return {}
    return {
        "citations": [
            {
                "type": "search_result_location",
                "source": passage.source,
                "title": passage.title,
                "cited_text": passage.blocks[block],
                "search_result_index": passage.index,
                "start_block_index": block,
                "end_block_index": block + 1,
            }
        ]
    }
