"""Which of several described things a text is about.

Features are content words, pairs of them, character four-grams of longer words, and concepts
(see `concepts`), each weighted by how few of the candidates share it.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from emulator.claude.concepts import concepts
from emulator.claude.text import STOP_WORDS, stem, words

Features = Mapping[str, float]


@lru_cache(maxsize=1024)
def features(text: str) -> Features:
    """The weighted features of a text; each counts once however often it occurs."""
    found_words = words(text)
    stems = [stem(word) for word in found_words]
    content = [stem(word) for word in found_words if word not in STOP_WORDS]
    found = {f"w {word}": 1.0 for word in content}
    found |= {f"p {one} {two}": 0.8 for one, two in pairwise(content)}
    for word in content:
        grams = [word[at : at + 4] for at in range(len(word) - 3)] if len(word) > 4 else []
        found |= {f"g {gram}": 0.6 / len(grams) for gram in grams}
    return found | {f"c {concept}": 1.5 for concept in concepts(stems)}


@dataclass(frozen=True)
class Match:
    """The outcome of a comparison: candidates with their scores (0 to 1), best first."""

    ranked: tuple[tuple[str, float], ...]

    @property
    def best(self) -> str:
        return self.ranked[0][0]

    @property
    def score(self) -> float:
        return self.ranked[0][1]

    @property
    def margin(self) -> float:
        """How far the best is ahead of the second, relative to the best."""
        if not self.score or len(self.ranked) < 2:
            return 1.0 if self.score else 0.0
        return 1 - self.ranked[1][1] / self.score


class Matcher:
    """Compares texts with candidates, each given by a description and examples."""

    def __init__(self, candidates: Mapping[str, Sequence[str]]) -> None:
        texts = {
            name: [features(text) for text in (name.replace("_", " "), *given)]
            for name, given in candidates.items()
        }
        shared = Counter(feature for given in texts.values() for feature in set().union(*given))
        self._unknown = 0.6 * math.log(len(texts) + 1)
        self._rarity = {
            feature: math.log((len(texts) + 1) / count) for feature, count in shared.items()
        }
        self._texts = {
            name: [_Weighed(self._weigh(text)) for text in given] for name, given in texts.items()
        }
        self._unions = {name: frozenset().union(*given) for name, given in texts.items()}

    def match(self, text: str) -> Match:
        """Scores: how much of an example the text repeats, and how much of the text is covered."""
        weights = self._weigh(features(text))
        whole = sum(weights.values()) + self._strange(text)
        scores = {name: self._score(name, weights, whole) for name in self._texts}
        return Match(tuple(sorted(scores.items(), key=lambda item: -item[1])))

    def _weigh(self, found: Features) -> dict[str, float]:
        return {
            feature: weight * self._rarity[feature]
            for feature, weight in found.items()
            if feature in self._rarity
        }

    def _strange(self, text: str) -> float:
        """The weight of words and concepts no candidate knows; they dilute every score."""
        unknown = [f for f in features(text) if f[0] in "wc" and f not in self._rarity]
        return self._unknown * len(unknown)

    def _score(self, name: str, weights: Features, whole: float) -> float:
        if not weights:
            return 0.0
        union = self._unions[name]
        covered = sum(weight for feature, weight in weights.items() if feature in union)
        nearest = max(text.overlap(weights) for text in self._texts[name])
        return 0.5 * nearest + 0.5 * covered / whole


class _Weighed:
    """One description or example with the total weight of its features."""

    def __init__(self, weights: Features) -> None:
        self.weights = weights
        self.total = sum(weights.values())

    def overlap(self, other: Features) -> float:
        """The share of this text found in the other; short texts prove less."""
        small, large = sorted((self.weights, other), key=len)
        weights = self.weights
        common = sum(weights[feature] for feature in small if feature in large)
        return common / (self.total + 1.5)
