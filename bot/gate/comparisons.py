"""Comparisons of the customer's figure with the desk's: «three weeks is within the 30 days».

What is true by reckoning may be said, whoever named the figure first: a reader can check it.
"""

import re
from collections.abc import Iterable, Iterator
from fractions import Fraction

from bot.gate.arithmetic import LEAST_PRICE, number_of
from bot.text.facts.fact import Fact, FactKey
from bot.text.facts.units import MONEY
from bot.text.frames import frames

_INSIDE, _BEYOND, _NOT = frames("is_within"), frames("is_beyond"), frames("denied")
# Minutes of a month, of thirty or thirty-one days: what lies between is neither more nor less.
_MONTH = (Fraction(43_200), Fraction(44_640))
# Characters before a word of comparison in which it is denied: «is not within».
_DENIED = 20
# Characters between two figures that a sentence compares.
_BETWEEN = 60
_END = re.compile(r"[,;:.!?\n()]")
_SAYING = ((frames("says_within"), False), (frames("says_beyond"), True))
_COUNT = "count"


def compares(fact: Fact, sentence: str, others: Iterable[Fact]) -> bool:
    """Whether a sentence says of the fact truly that it is within, or beyond, one of the others.

    `sentence` is folded. One that says both, or neither, compares nothing.
    """
    claims = {*_claims(sentence)}
    if len(claims) != 1:
        return False
    return claims <= {sign for other in others for sign in _relations(fact, other)}


def contradicts(fact: Fact, folded: str, others: Iterable[Fact]) -> Fact | None:
    """The other fact of which a text says wrongly that this one is within it, or beyond it.

    Only words between the two count, and only such as say it: «480k is above the 500k».
    """
    for other in others:
        between = folded[fact.end : other.start]
        if not 0 < len(between) <= _BETWEEN or _END.search(between):
            continue
        said = {beyond for words, beyond in _SAYING if words.search(between)}
        relations = set(_relations(fact, other, without=_COUNT))
        if len(said) == 1 and relations and said.isdisjoint(relations) and not _NOT.search(between):
            return other
    return None


def _claims(sentence: str) -> Iterator[bool]:
    for words, beyond in ((_INSIDE, False), (_BEYOND, True)):
        for match in words.finditer(sentence):
            denied = _NOT.search(sentence[max(0, match.start() - _DENIED) : match.start()])
            yield beyond is not bool(denied)


def _relations(fact: Fact, other: Fact, without: str = "") -> Iterator[bool]:
    """Whether the fact is beyond the other, where one measure fits both."""
    theirs, ours = dict(_measures(fact.gives)), dict(_measures(other.gives))
    for kind in (theirs.keys() & ours.keys()) - {without}:
        (least, most), (low, high) = theirs[kind], ours[kind]
        if most <= low:
            yield False
        if least > high:
            yield True


def _measures(keys: Iterable[FactKey]) -> Iterator[tuple[str, tuple[Fraction, Fraction]]]:
    for key in keys:
        if key[0] == "amount":
            kind, value = str(key[1]), number_of(key[2])
            if kind == "month":
                yield "minute", (value * _MONTH[0], value * _MONTH[1])
            else:
                yield kind, (value, value)
        elif key[0] == "time":
            yield "time", (number_of(key[1]), number_of(key[1]))
        elif key[0] == "bare":
            value = number_of(key[1])
            yield from (
                (kind, (value, value)) for kind in (MONEY if value >= LEAST_PRICE else (_COUNT,))
            )
