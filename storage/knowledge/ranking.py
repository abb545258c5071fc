"""How well passages fit a question, computed from where its words are; no SQL.

Two steps, because a common word is in thousands of passages and a question has many. First the
rarest terms choose a shortlist, by weight alone. Then each passage on it is read: BM25 over the
words of both indexes, and how much of the question stands close together. Weights come from the
same counts everywhere, so the scores of the two indexes can be added up.

The figures were chosen with all the XQuAD questions in view, so none of them is held out.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count
from math import log

from storage.knowledge.query import TellingWord, Terms
from storage.knowledge.word_counts import ALL, Occurrences
from storage.knowledge.words import Postings, PreparedWords

# Entries read from the indexes for one question. Short lists come first, so what is left out are
# the words that say least; on 10,000 passages this is what keeps a search at a few milliseconds.
BUDGET = 1_000
SATURATION = 1.2  # BM25's k1: how soon a repeated word stops adding
LENGTH = 0.75  # BM25's b: how much a long passage is held back
CLOSE = 25  # words; about a sentence
TOGETHER = 0.75  # what standing close together is worth beside BM25
ALONE = 0.5  # belief in an accented syllable without its neighbour: «nước» is in many words
UNACCENTED = 0.25  # belief when only the accentless form occurs: «thu» may be «thủ» or «thư»
# Shares of a question's telling words. Where no passage has as many as `SUBJECT`, the question is
# about something else; beside one that has, others may say it in other words. Of twenty messages
# about nothing the sample articles know, four find something at 0.25 as at 0.3, and six at 0.2.
SUBJECT = 0.25
LEAST_COVERAGE = 0.1
NOWHERE = Occurrences()

Mark = tuple[int, int]  # the place of a word in its passage, and the slot of its term


@dataclass(frozen=True, slots=True)
class PassageScore:
    """A passage's score, and the share (0 to 1) of the question's telling words in it."""

    score: float
    coverage: float


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


def rarest_terms(
    weights: Weights, common: Mapping[str, Occurrences]
) -> tuple[list[str], list[str]]:
    """The stems and the folded terms to look up: the rarest, as far as `BUDGET` reaches."""
    lists = sorted(
        [
            *((common[word].stemmed, word, True) for word in weights.stems),
            *((common[word].folded, word, False) for word in (*weights.folded, *weights.pairs)),
        ]
    )
    stems: list[str] = []
    folded: list[str] = []
    spent = 0
    for size, word, stemmed in lists:
        if spent and spent + size > BUDGET:
            break
        spent += size
        (stems if stemmed else folded).append(word)
    return stems, folded


def shortlist_passages(weights: Weights, postings: Postings) -> list[int]:
    """Every passage that has one of the terms looked up, those with the most weight first."""
    gathered: dict[int, float] = defaultdict(float)
    plain = weights.folded | weights.pairs
    for lists, worth in ((postings.stemmed, weights.stems), (postings.folded, plain)):
        for word in sorted(lists):
            weight = worth[word]
            for passage in lists[word]:
                gathered[passage] += weight
    # Equals in the order of their ids: a database may list them in any.
    return sorted(sorted(gathered), key=gathered.__getitem__, reverse=True)


def score_passages(
    asked: Terms,
    weights: Weights,
    common: Mapping[str, Occurrences],
    passages: Sequence[PreparedWords],
) -> list[PassageScore]:
    """Each passage with its score, in the order given."""
    reader = _Reader(weights)
    telling = [_Wanted(word, reader, common) for word in asked.telling if word.word.isalpha()]
    lengths = [prepared.folded.count(" ") + 1 for prepared in passages]
    typical = sum(lengths) / max(len(lengths), 1)
    judged = []
    for prepared, length in zip(passages, lengths, strict=True):
        marks = reader.marks(prepared)
        score = reader.bm25(marks, length / typical) + TOGETHER * reader.closest(marks)
        judged.append(PassageScore(score, _coverage(telling, {slot for _, slot in marks})))
    return judged


def fitting_scores(judged: Sequence[PassageScore]) -> list[PassageScore | None]:
    """None in place of what is about something else; all are, where none covers the subject."""
    subject = max((each.coverage for each in judged), default=0.0) >= SUBJECT
    return [each if subject and each.coverage >= LEAST_COVERAGE else None for each in judged]


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
