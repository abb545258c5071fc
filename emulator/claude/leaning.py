"""Whom words sound to be for: counted in examples of what people say, to each other and to a desk.

A real model has read much talk; `talk.jsonl` is the stand-in's share of it, a message a line. No
word decides: each tells how much oftener it stands on one side than on the other, and the sum is
what is called naive Bayes.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

from emulator.claude.text import stem, words

EXAMPLES = Path(__file__).with_name("talk.jsonl")
SIDES = ("people", "desk")
SMOOTHING = 0.3
"""What is added to each count, so that a word seen once decides nothing."""
MOST = 5.0
"""The log odds beyond which nothing becomes surer."""

_NUMBER = re.compile(r"\d{3,}")


def leaning(message: str) -> float:
    """The log odds that it is said among people: above zero for them, below for the desk."""
    weights = _weights()
    return max(-MOST, min(MOST, sum(weights.get(each, 0.0) for each in _seen(message))))


def _seen(message: str) -> set[str]:
    """Its words and pairs of neighbours, its beginning and end among them; numbers are one word."""
    stems = [stem(word) for word in words(_NUMBER.sub("999", message))]
    pairs = pairwise(["^", *stems, "$"])
    return {*stems, *(f"{first} {second}" for first, second in pairs)}


@cache
def _weights() -> Mapping[str, float]:
    said = {side: Counter[str]() for side in SIDES}
    many = Counter[str]()
    for each in _examples():
        said[each["for"]].update(_seen(each["text"]))
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
