"""Whether passages support sentences, told by the words they share and by nothing else.

This proves the path of a second reading, not its quality: a real model reads, the stand-in counts.
A sentence most of whose words stand in one passage is supported, unless one of the two says «not»
and the other does not: then it is contradicted. All others are not stated.
"""

import html
import re

from emulator.claude.errors import Json
from emulator.claude.text import STOP_WORDS, fold, stem, words

ENOUGH = 0.5
_SENTENCE = re.compile(r'<sentence number="(\d+)">(.*?)</sentence>', re.DOTALL)
_PASSAGE = re.compile(r'<passage number="(\d+)">(.*?)</passage>', re.DOTALL)
_NOT = re.compile(r"\b(?:not|no|never|cannot|without|khong|chua|\w+n't)\b")
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")


def wanted(schema: Json) -> bool:
    """Whether a form asks for readings."""
    return "readings" in (schema.get("properties") or {})


def readings(asked: str) -> Json:
    """The form, filled in for every sentence of the request."""
    passages = [(int(number), html.unescape(text)) for number, text in _PASSAGE.findall(asked)]
    found = [
        {"sentence": int(number), **_judged(html.unescape(text), passages)}
        for number, text in _SENTENCE.findall(asked)
    ]
    return {"readings": found}


def _judged(sentence: str, passages: list[tuple[int, str]]) -> Json:
    said = _telling(sentence)
    scored = [
        (len(said & _telling(part)) / max(len(said), 1), number, part)
        for number, text in passages
        for part in _ENDS.split(text)
    ]
    score, number, best = max(scored, default=(0.0, 0, ""))
    if score < ENOUGH:
        return {"verdict": "not_stated", "passage": 0}
    same = bool(_NOT.search(fold(sentence))) == bool(_NOT.search(fold(best)))
    return {"verdict": "supported" if same else "contradicted", "passage": number}


def _telling(text: str) -> set[str]:
    return {stem(word) for word in words(text) if word not in STOP_WORDS}
