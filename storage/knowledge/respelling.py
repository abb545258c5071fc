"""Words that no article has, read as the ones that were meant: «pasword», «delivry».

A word is looked for among those that begin with the same two letters. One letter too many, too few,
changed or swapped with its neighbour may be wrong in it, in a long word two.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.knowledge.query import TellingWord, Terms
from storage.knowledge.word_counts import Occurrences, WordRow
from storage.text.folding import stem

SHORTEST = 4  # letters
LEAST_MEANT = 5  # letters of what is meant: shorter words are near to too many others
LONG = 9  # letters from which on two may be wrong
MOST = 3  # words of a message that are looked for again
_BEGINS = 2


def respelled(
    session: Session, parts: Sequence[Terms], common: Mapping[str, Occurrences]
) -> list[Terms]:
    """The parts with the words that were meant, where a telling word occurs nowhere."""
    unknown = {
        word.folded: None
        for part in parts
        for word in part.telling
        if _unknown(word) and word.folded not in common and word.stem not in common
    }
    meant = {word: near for word in list(unknown)[:MOST] if (near := _nearest(session, word))}
    return [_corrected(part, meant) for part in parts] if meant else list(parts)


def few_letters_apart(word: str, other: str, most: int) -> bool:
    """Whether two words differ by at most so many letters; two that changed places count as one."""
    before, row = list[int](), list(range(len(other) + 1))
    for at, letter in enumerate(word, start=1):
        earlier, before = before, row
        row = [at]
        for place, char in enumerate(other, start=1):
            cost = min(before[place] + 1, row[-1] + 1, before[place - 1] + (letter != char))
            if at > 1 and place > 1 and letter == other[place - 2] and word[at - 2] == char:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return False
    return row[-1] <= most


def _unknown(word: TellingWord) -> bool:
    return (
        word.plain
        and word.folded.isascii()
        and word.folded.isalpha()
        and (len(word.folded) >= SHORTEST)
    )


def _nearest(session: Session, word: str) -> str | None:
    """The nearest word of the articles, of equals the most frequent."""
    wrong = 2 if len(word) >= LONG else 1
    letters = set(word)
    near = [
        (most, -often, other)
        for other, often in _like(session, word, wrong)
        # An error changes two kinds of letters at most; this leaves few to be compared.
        if len(letters.symmetric_difference(other)) <= 2 * wrong
        for most in range(1, wrong + 1)
        if few_letters_apart(word, other, most)
    ]
    return min(near)[2] if near else None


def _like(session: Session, word: str, wrong: int) -> Iterator[tuple[str, int]]:
    begins = word[:_BEGINS]
    named = col(WordRow.word)
    found = session.execute(
        select(named, col(WordRow.folded)).where(
            named >= begins,
            named < begins[:-1] + chr(ord(begins[-1]) + 1),
            func.length(named).between(max(len(word) - wrong, LEAST_MEANT), len(word) + wrong),
            named.not_like("%\\_%", escape="\\"),
            col(WordRow.folded) > 0,
        )
    )
    yield from ((other, often) for other, often in found)


def _corrected(part: Terms, meant: Mapping[str, str]) -> Terms:
    if meant.keys().isdisjoint(each.folded for each in part.telling):
        return part
    new = [meant[each.folded] for each in part.telling if each.folded in meant]
    return replace(
        part,
        stems=tuple(dict.fromkeys((*part.stems, *map(stem, new)))),
        folded=tuple(dict.fromkeys((*part.folded, *new))),
        telling=tuple(
            TellingWord(
                meant[each.folded], stem(meant[each.folded]), meant[each.folded], frozenset()
            )
            if each.folded in meant
            else each
            for each in part.telling
        ),
    )
