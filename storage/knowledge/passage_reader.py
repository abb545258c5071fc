"""Where the terms of a question stand in passages, and what stands there.

Every term has a slot: a number. Of a passage's words few are asked for. Finding these is most of a
search, so it is left to functions that loop outside Python.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import chain, compress, count

from storage.knowledge.query import Terms
from storage.knowledge.words import PreparedWords

SATURATION = 1.2  # BM25's k1: how soon a repeated word stops adding
LENGTH = 0.75  # BM25's b: how much a long passage is held back
CLOSE = 25  # words; about a sentence

Mark = tuple[int, int]  # the place of a word in its passage, and the slot of its term
WordSlots = dict[str, list[int]]


class PassageReader:
    """Reads prepared passages for the terms of one question, given what each is worth by kind."""

    def __init__(self, weights: Sequence[Mapping[str, float]]) -> None:
        self.worth = [worth for terms in weights for worth in terms.values()]
        slots = count()
        self._kinds = [{word: next(slots) for word in terms} for terms in weights]
        self.stems, self.folded, self.pairs, other_stems, other_pairs = self._kinds
        self._spelled = _slots(self.stems, other_stems)
        self._joined = _slots(self.pairs, other_pairs)
        self.unasked = frozenset((*other_stems.values(), *other_pairs.values()))
        self._after: dict[str, WordSlots] = defaultdict(dict)
        for pair, found in self._joined.items():
            left, right = pair.split("_")
            self._after[left][right] = found
        self._plain = self.folded.keys() | self._after.keys()

    def any_of(self, words: frozenset[str]) -> frozenset[int]:
        """The slots of those of some stems and pairs that occur anywhere."""
        if not words:
            return frozenset()
        found = [self._spelled[word] for word in words & self._spelled.keys()]
        found += [self._joined[pair] for pair in words & self._joined.keys()]
        return frozenset(chain.from_iterable(found))

    def slots(self, part: Terms) -> frozenset[int]:
        """The slots of the terms of a part."""
        return frozenset(
            known[word]
            for known, words in zip(self._kinds, part.lists, strict=True)
            for word in words
            if word in known
        )

    def marks(self, passage: PreparedWords) -> list[Mark]:
        """Where the terms stand in a passage, in order of their places."""
        stems, folded, after = self._spelled, self.folded, self._after
        spelled = passage.stemmed.split(" ")
        plain = passage.folded.split(" ")
        found = [
            (at, slot)
            for at in compress(count(), map(stems.__contains__, spelled))
            for slot in stems[spelled[at]]
        ]
        ends = len(plain) - 1
        for at in compress(count(), map(self._plain.__contains__, plain)):
            word = plain[at]
            if word in folded:
                found.append((at, folded[word]))
            if word in after and at < ends and plain[at + 1] in after[word]:
                found += [(at, slot) for slot in after[word][plain[at + 1]]]
        found.sort()
        return found

    def bm25(self, marks: Sequence[Mark], length: float) -> float:
        """The passage's words weighed; `length` is its own as a share of the usual one."""
        held_back = SATURATION * (1 - LENGTH + LENGTH * length)
        times = Counter([slot for _, slot in marks])
        return sum(
            self.worth[slot] * often * (SATURATION + 1) / (often + held_back)
            for slot, often in times.items()
        )

    def closest(self, marks: Sequence[Mark]) -> float:
        """The most weight of different terms that stands within `CLOSE` words."""
        worth = self.worth
        within = [0] * len(worth)
        best = total = 0.0
        behind = 0
        for at, slot in marks:
            if not within[slot]:
                total += worth[slot]
            within[slot] += 1
            while marks[behind][0] < at - CLOSE:
                left = marks[behind][1]
                within[left] -= 1
                if not within[left]:
                    total -= worth[left]
                behind += 1
            if total > best:  # noqa: PLR1730 - a call for every mark takes longer than the rest
                best = total
        return best

    def named(self, marks: Sequence[Mark], names: int) -> float:
        """The weight of the different terms among the first words, times the share of these."""
        within = [mark for mark in marks if mark[0] < names]
        if not within:
            return 0.0
        share = len({at for at, _ in within}) / names
        return share * sum(self.worth[slot] for slot in {slot for _, slot in within})


def _slots(*kinds: Mapping[str, int]) -> WordSlots:
    found: WordSlots = defaultdict(list)
    for kind in kinds:
        for word, slot in kind.items():
            found[word].append(slot)
    return dict(found)
