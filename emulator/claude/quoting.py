"""Answers made of verbatim sentences of the passages a request carries, with citations.

Every sentence is scored by how much of the question it covers, together with its block and the
title above it; rare words of the passages count more than common ones. Nothing is added but a
short opening, so an answer never says more than its sources do.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from emulator.claude.errors import Json
from emulator.claude.language import language, phrase
from emulator.claude.matching import Features, features
from emulator.claude.reading import Reading
from emulator.claude.request import Passage
from emulator.claude.text import sentences

ENOUGH = 0.34
"""The share of the question that its best passage must cover; below it nothing is quoted."""

_MOST = 3
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
    text: str
    found: Features


def answer(reading: Reading) -> list[Json] | None:
    """Text blocks that answer from the passages; None when no passage fits."""
    passages = reading.request.passages
    if not passages:
        return None
    question = _question(reading)
    rarity = _rarity(passages)
    fits = {passage.index: _coverage(question, _whole(passage), rarity) for passage in passages}
    if max(fits.values()) < ENOUGH:
        return None
    ranked = _ranked(passages, question, rarity, fits, reading.language)
    return _written(_picked(ranked, question, rarity), reading.language)


def _question(reading: Reading) -> Features:
    """The message; a short follow-up is read together with the last line of the thread."""
    found = features(reading.text)
    if len(reading.key_words) >= 4 or not reading.request.thread:
        return found
    earlier = features(reading.request.thread.splitlines()[-1])
    return {feature: weight * 0.5 for feature, weight in earlier.items()} | dict(found)


def _whole(passage: Passage) -> Features:
    return _merged([passage.title, *passage.blocks])


def _merged(texts: Iterable[str]) -> Features:
    found: dict[str, float] = {}
    for text in texts:
        found.update(features(text))
    return found


def _rarity(passages: list[Passage]) -> dict[str, float]:
    counts = Counter(
        feature for passage in passages for block in passage.blocks for feature in features(block)
    )
    total = sum(len(passage.blocks) for passage in passages)
    return {feature: math.log(1 + total / count) for feature, count in counts.items()}


def _coverage(question: Features, found: Features, rarity: Features) -> float:
    """The weighted share of the question's words and concepts found; 0 to 1."""
    telling = {feature: weight for feature, weight in question.items() if feature[0] in "wc"}
    weights = {feature: weight * rarity.get(feature, 1.5) for feature, weight in telling.items()}
    whole = sum(weights.values())
    shared = sum(weight for feature, weight in weights.items() if feature in found)
    return shared / whole if whole else 0.0


def _ranked(
    passages: list[Passage],
    question: Features,
    rarity: Features,
    fits: dict[int, float],
    asked_in: str,
) -> list[tuple[float, _Sentence]]:
    scored = []
    for passage in passages:
        near = 1.3 if language(passage.blocks[0] if passage.blocks else "") == asked_in else 1.0
        for index, block in enumerate(passage.blocks):
            around = _shared(question, features(block), rarity)
            for text in sentences(block):
                one = _Sentence(passage, index, text, features(text))
                own = _shared(question, one.found, rarity)
                score = near * (own + 0.3 * around) * (0.5 + fits[passage.index])
                scored.append((score, one))
    return sorted(scored, key=lambda item: -item[0])


def _shared(question: Features, found: Features, rarity: Features) -> float:
    return sum(
        weight * rarity.get(feature, 0.0)
        for feature, weight in question.items()
        if feature in found
    )


def _picked(
    ranked: list[tuple[float, _Sentence]], question: Features, rarity: Features
) -> list[_Sentence]:
    """The best sentence, and up to two more that are nearly as good or cover something new."""
    picked: list[_Sentence] = []
    covered: set[str] = set()
    best = ranked[0][0]
    for score, one in ranked:
        fresh = {f: w for f, w in question.items() if f in one.found and f not in covered}
        new = _shared(fresh, one.found, rarity) > 1.0
        if not picked or (score > 0.55 * best and (new or score > 0.8 * best)):
            picked.append(one)
            covered |= fresh.keys()
        if len(picked) == _MOST:
            break
    return picked


def _written(picked: list[_Sentence], code: str) -> list[Json]:
    blocks: list[Json] = [{"type": "text", "text": phrase(_OPENINGS, code)}]
    for number, one in enumerate(picked):
        if number:
            blocks.append({"type": "text", "text": " "})
        blocks.append({"type": "text", "text": one.text} | _cited(one))
    return blocks


def _cited(one: _Sentence) -> Json:
    passage = one.passage
    if not passage.cited:
        return {}
    return {
        "citations": [
            {
                "type": "search_result_location",
                "source": passage.source,
                "title": passage.title,
                "cited_text": passage.blocks[one.block],
                "search_result_index": passage.index,
                "start_block_index": one.block,
                "end_block_index": one.block + 1,
            }
        ]
    }
