"""Whom words sound to be for: counted in examples of what people say, to each other and to a desk.

A real model has read much talk; `talk.jsonl` is the stand-in's share of it, a message a line. No
word decides: each tells how much oftener it stands on one side than on the other, and the sum is
what is called naive Bayes.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from string import ascii_lowercase

from emulator.claude.language import language
from emulator.claude.text import stem, words

EXAMPLES = Path(__file__).with_name("talk.jsonl")
SIDES = ("people", "desk")
SMOOTHING = 0.3
"""What is added to each count, so that a word seen once decides nothing."""
MOST = 5.0
"""The log odds beyond which nothing becomes surer."""

SHORTEST = 4
"""Letters below which a word may be any other."""

_NUMBER = re.compile(r"\d{3,}")


def leaning(message: str) -> float:
    """The log odds that it is said among people: above zero for them, below for the desk."""
    weights = _weights()
    stems = _stems(message)
    if language(message) != "vi":
        # Its syllables are short, and each is nearly another one.
        stems = [_meant(each, weights) for each in stems]
    return max(-MOST, min(MOST, sum(weights.get(each, 0.0) for each in _seen(stems))))


def _stems(message: str) -> list[str]:
    """Its words; all numbers are one."""
    return [stem(word) for word in words(_NUMBER.sub("999", message))]


def _meant(word: str, known: Mapping[str, float]) -> str:
    """A word that nobody has written is read as one that is typed almost like it: «refnd»."""
    if word in known or len(word) < SHORTEST or not word.isascii():
        return word
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    near = {first + rest[1:] for first, rest in cuts if rest}
    near |= {first + rest[1] + rest[0] + rest[2:] for first, rest in cuts if len(rest) > 1}
    near |= {first + letter + rest for first, rest in cuts for letter in ascii_lowercase}
    near |= {
        first + letter + rest[1:] for first, rest in cuts if rest for letter in ascii_lowercase
    }
    found = [each for each in near if len(each) >= SHORTEST and each in known]
    return max(found, key=lambda each: (abs(known[each]), each), default=word)


def _seen(stems: Sequence[str]) -> set[str]:
    """The words and pairs of neighbours, the beginning and the end among them."""
    pairs = pairwise(["^", *stems, "$"])
    return {*stems, *(f"{first} {second}" for first, second in pairs)}


@cache
def _weights() -> Mapping[str, float]:
    said = {side: Counter[str]() for side in SIDES}
    many = Counter[str]()
    for each in _examples():
        said[each["for"]].update(_seen(_stems(each["text"])))
        many[each["for"]] += 1
    people, desk = (said[side] for side in SIDES)
    return {
        word: _share(people[word], many["people"]) - _share(desk[word], many["desk"])
        for word in people.keys() | desk.keys()
    }


def _share(times: int, of: int) -> float:
    return math.log((times + SMOOTHING) / (of + 2 * SMOOTHING))


def _examples() -> Iterable[Mapping[str, str]]:
    return map(json.loads, EXAMPLES.read_text("utf-8").splitlines())
