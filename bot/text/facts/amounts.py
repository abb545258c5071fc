"""Numbers with what they count, and units that one number has from another."""

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from bot.text.facts.units import DURATIONS, Unit

BETWEEN = re.compile(r"\s*(?:[-–—~]|to|den|toi)\s*")
_BY = re.compile(r"\s*(?:x|×|\*|by)\s*")
_SENTENCE_END = re.compile(r"[.!?;](?:\s|\Z)|\n")
_WITHIN = re.compile(r"\b(?:within|in|up to|after|trong(?: vong)?)\s\Z")
_CLAUSE_END = re.compile(r"\s*(?:[.,;)]|\Z)")


@dataclass(frozen=True)
class CountedNumber:
    """A number at its place; one in words needs no ground unless it counts something."""

    start: int
    end: int
    values: frozenset[Fraction]
    unit: Unit | None = None
    scale: Fraction = Fraction(1)
    spelled_out: bool = False
    loose: bool = False


def measured_together(folded: str, amounts: list[CountedNumber]) -> list[CountedNumber]:
    """With «120 x 60 x 60 cm» read as three lengths."""
    read = list(amounts)
    for place in range(len(read) - 2, -1, -1):
        one, other = read[place], read[place + 1]
        sized = other.unit is not None and other.unit.kind == "millimetre"
        if sized and one.unit is None and _BY.fullmatch(folded[one.end : other.start]):
            read[place] = replace(one, unit=other.unit, loose=True)
    return read


def carried_on(folded: str, amounts: list[CountedNumber]) -> list[CountedNumber]:
    """With a unit carried on: «1 to 2 working days here, in the EU 3 to 6, in spring within 9»."""
    read, ended = list(amounts), 0
    one_of, ranged = None, None
    for place, one in enumerate(read):
        if _SENTENCE_END.search(folded[ended : one.start]):
            one_of = ranged = None
        spans = _is_end(folded, read, place)
        if one.unit is not None:
            one_of = one.unit if one.unit.kind in DURATIONS else None
            ranged = one_of if spans else None
            ended = one.end
        elif (ranged if spans else one_of) and (spans or _bounded(folded, one)):
            read[place] = replace(one, unit=ranged if spans else one_of, loose=True)
            ended = one.end
    return read


def _is_end(folded: str, amounts: list[CountedNumber], place: int) -> bool:
    """Whether a number is the beginning or the end of a range."""
    return any(
        BETWEEN.fullmatch(folded[one.end : other.start])
        for one, other in pairwise(amounts[max(0, place - 1) : place + 2])
    )


def _bounded(folded: str, amount: CountedNumber) -> bool:
    before = folded[max(0, amount.start - 12) : amount.start]
    return bool(_WITHIN.search(before) and _CLAUSE_END.match(folded, amount.end))
