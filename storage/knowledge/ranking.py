"""How well passages fit a question, computed from where its words are; no SQL.

Two steps, because a common word is in thousands of passages and a question has many. First the
rarest terms choose a shortlist, by weight alone. Then each passage on it is read: BM25 over the
words of both indexes, and how much of the question stands close together. Weights come from the
same counts everywhere, so the scores of the two indexes can be added up.

The figures were chosen with all the XQuAD questions in view, so none of them is held out.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count
from math import log
from operator import neg

from storage.knowledge.query import TellingWord, Terms
from storage.knowledge.word_counts import ALL, Occurrences
from storage.knowledge.words import Postings, PreparedWords

# Entries read from the indexes for one question. Short lists come first, so what is left out are
# the words that say least; on 10,000 passages this is what keeps a search at a few milliseconds.
BUDGET = 1_000
LEAST_SHARE = 150  # of the entries, for each part of a long question
MOST_PARTS = 20  # of a long question; the time that it takes grows with them
SATURATION = 1.2  # BM25's k1: how soon a repeated word stops adding
LENGTH = 0.75  # BM25's b: how much a long passage is held back
CLOSE = 25  # words; about a sentence
TOGETHER = 0.75  # what standing close together is worth beside BM25
ALONE = 0.25  # belief in an accented syllable without its neighbour: «nước» is in many words
UNACCENTED = 0.25  # belief when only the accentless form occurs: «thu» may be «thủ» or «thư»
NOWHERE = Occurrences()

Mark = tuple[int, int]  # the place of a word in its passage, and the slot of its term


@dataclass(frozen=True, slots=True)
class PassageScore:
    """A passage's score, and the share (0 to 1) of the question's telling words in it.

    `close` is the weight of what stands together in it, measured in words that one passage has.
    """

    score: float
    coverage: float
    close: float = 0.0


@dataclass(frozen=True, slots=True)
class Weights:
    """What every term of a question is worth (its idf) in each index; pairs apart."""

    stems: dict[str, float]
    folded: dict[str, float]
    pairs: dict[str, float]


def weigh_terms(asked: Terms, common: Mapping[str, Occurrences]) -> Weights:
    """The terms that occur in any passage, and what each is worth."""
    stored = common.get(ALL, NOWHERE).folded
    spelled = {word: common[word].stemmed for word in asked.stems if word in common}
    plain = {word: common[word].folded for word in asked.folded if word in common}
    joined = {pair: common[pair].folded for pair in asked.pairs if pair in common}
    return Weights(
        *(
            {word: idf(holding, stored) for word, holding in terms.items() if holding}
            for terms in (spelled, plain, joined)
        )
    )


def heaviest(parts: Sequence[Terms], weights: Weights) -> list[Terms]:
    """As many parts as are looked for, in their order: those whose words weigh most."""
    if len(parts) <= MOST_PARTS:
        return list(parts)
    weight = {
        place: sum(weights.folded.get(word, 0.0) for word in part.folded)
        for place, part in enumerate(parts)
    }
    kept = sorted(weight, key=weight.__getitem__, reverse=True)[:MOST_PARTS]
    return [parts[place] for place in sorted(kept)]


def rarest_terms(
    parts: Sequence[Terms], weights: Weights, common: Mapping[str, Occurrences]
) -> tuple[list[str], list[str]]:
    """The stems and the folded terms to look up: of each part the rarest, as far as it may read."""
    share = max(BUDGET // len(parts), LEAST_SHARE)
    stems: dict[str, None] = {}
    folded: dict[str, None] = {}
    for part in parts:
        lists = sorted(
            [
                *(
                    (common[word].stemmed, word, True)
                    for word in part.stems
                    if word in weights.stems
                ),
                *(
                    (common[word].folded, word, False)
                    for word in part.folded
                    if word in weights.folded
                ),
                *(
                    (common[pair].folded, pair, False)
                    for pair in part.pairs
                    if pair in weights.pairs
                ),
            ]
        )
        spent = 0
        for size, word, stemmed in lists:
            if spent and spent + size > share:
                break
            spent += size
            (stems if stemmed else folded)[word] = None
    return list(stems), list(folded)


def shortlist_passages(asked: Terms, weights: Weights, postings: Postings) -> list[int]:
    """Every passage that has one of the terms looked up, those with the most weight first."""
    gathered: dict[int, float] = defaultdict(float)
    for words, lists, worth in (
        (asked.stems, postings.stemmed, weights.stems),
        (asked.folded, postings.folded, weights.folded),
        (asked.pairs, postings.folded, weights.pairs),
    ):
        for word in sorted(lists.keys() & words):
            weight = worth[word]
            for passage in lists[word]:
                gathered[passage] += weight
    # Equals in the order of their ids: a database may list them in any.
    return [key for _, key in sorted(zip(map(neg, gathered.values()), gathered, strict=True))]


def score_passages(
    parts: Sequence[Terms],
    weights: Weights,
    common: Mapping[str, Occurrences],
    passages: Mapping[int, PreparedWords],
    chosen: Sequence[Iterable[int]],
) -> list[dict[int, PassageScore]]:
    """The passages chosen for each part, judged by it; a passage is read once for all parts."""
    reader = _Reader(weights)
    lengths = {key: prepared.folded.count(" ") + 1 for key, prepared in passages.items()}
    typical = sum(lengths.values()) / max(len(lengths), 1)
    marks = {key: reader.marks(prepared) for key, prepared in passages.items()}
    rare = idf(1, common.get(ALL, NOWHERE).folded)
    judged = []
    for part, keys in zip(parts, chosen, strict=True):
        telling = [_Wanted(word, reader, common) for word in part.telling if word.word.isalpha()]
        slots = reader.slots(part)
        found = {}
        for key in keys:
            within = [mark for mark in marks[key] if mark[1] in slots]
            close = reader.closest(within)
            found[key] = PassageScore(
                reader.bm25(within, lengths[key] / typical) + TOGETHER * close,
                _coverage(telling, {slot for _, slot in within}),
                close / rare,
            )
        judged.append(found)
    return judged


def idf(holding: float, stored: int) -> float:
    """What a term is worth that so many of the stored passages hold."""
    return log(1 + (stored - holding + 0.5) / (holding + 0.5))


class _Reader:
    """Reads prepared passages for the terms of one question. Every term has a slot: a number.

    Of a passage's words few are asked for. Finding these is most of a search, so it is left to
    functions that loop outside Python.
    """

    def __init__(self, weights: Weights) -> None:
        self.worth = [
            *weights.stems.values(),
            *weights.folded.values(),
            *weights.pairs.values(),
        ]
        slots = count()
        self.stems = {word: next(slots) for word in weights.stems}
        self.folded = {word: next(slots) for word in weights.folded}
        self.pairs = {pair: next(slots) for pair in weights.pairs}
        self._after: dict[str, dict[str, int]] = defaultdict(dict)
        for pair, slot in self.pairs.items():
            left, right = pair.split("_")
            self._after[left][right] = slot
        self._plain = self.folded.keys() | self._after.keys()

    def slots(self, part: Terms) -> frozenset[int]:
        """The slots of the terms of a part."""
        return frozenset(
            known[word]
            for known, words in (
                (self.stems, part.stems),
                (self.folded, part.folded),
                (self.pairs, part.pairs),
            )
            for word in words
            if word in known
        )

    def marks(self, passage: PreparedWords) -> list[Mark]:
        """Where the terms stand in a passage, in order of their places."""
        stems, folded, after = self.stems, self.folded, self._after
        spelled = passage.stemmed.split(" ")
        plain = passage.folded.split(" ")
        found = [
            (at, stems[spelled[at]]) for at in compress(count(), map(stems.__contains__, spelled))
        ]
        ends = len(plain) - 1
        for at in compress(count(), map(self._plain.__contains__, plain)):
            word = plain[at]
            if word in folded:
                found.append((at, folded[word]))
            if word in after and at < ends and plain[at + 1] in after[word]:
                found.append((at, after[word][plain[at + 1]]))
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


class _Wanted:
    """A telling word of the question: what it weighs, and the slots that may stand for it."""

    def __init__(
        self, word: TellingWord, reader: _Reader, common: Mapping[str, Occurrences]
    ) -> None:
        stemmed = common.get(word.stem, NOWHERE).stemmed
        folded = common.get(word.folded, NOWHERE).folded
        stored = common.get(ALL, NOWHERE).folded
        # A word that no passage has may be a paraphrase as well as another subject.
        self.weight = idf(max(stemmed, folded) or stored / 20, stored)
        self._spelled = 1.0 if word.plain else ALONE
        self._stem = reader.stems.get(word.stem)
        self._folded = reader.folded.get(word.folded)
        self._pairs = {reader.pairs[pair] for pair in word.beside if pair in reader.pairs}

    def belief(self, present: set[int]) -> float:
        """How sure it is that the word meant is among the terms present."""
        if not self._pairs.isdisjoint(present):
            return 1.0
        if self._stem in present:
            return self._spelled
        return UNACCENTED if self._folded in present else 0.0


def _coverage(telling: Sequence[_Wanted], present: set[int]) -> float:
    """How much of what was asked is there, from 0 to 1.

    Every telling word weighs its idf, so a rare word that is missing costs more than a common one.
    Numbers are left out: they name a case, not a subject.
    """
    total = sum(word.weight for word in telling)
    return sum(word.weight * word.belief(present) for word in telling) / total if total else 0.0
