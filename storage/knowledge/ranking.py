"""How well passages fit a question, computed from where its words are; no SQL.

Two steps, because a common word is in thousands of passages and a question has many. First the
rarest terms choose a shortlist, by weight alone. Then each passage on it is read: BM25 over the
words of both indexes, and how much of the question stands close together. Weights come from the
same counts everywhere, so the scores of the two indexes can be added up.

The figures were chosen with all the XQuAD questions in view, so none of them is held out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log
from operator import neg
from typing import NamedTuple

from storage.knowledge.passage_reader import PassageReader
from storage.knowledge.query import TellingWord, Terms
from storage.knowledge.word_counts import ALL, Occurrences
from storage.knowledge.words import Postings, PreparedWords

# Entries read from the indexes for one question. Short lists come first, so what is left out are
# the words that say least; on 10,000 passages this is what keeps a search at a few milliseconds.
BUDGET = 1_000
LEAST_SHARE = 150  # of the entries, for each part of a long question
MOST_PARTS = 20  # of a long question; the time that it takes grows with them
TOGETHER = 0.75  # what standing close together is worth beside BM25
ALONE = 0.25  # belief in an accented syllable without its neighbour: «nước» is in many words
UNACCENTED = 0.25  # belief when only the accentless form occurs: «thu» may be «thủ» or «thư»
# What a title or heading is worth that is made of asked words alone, beside its words themselves.
NAMED = 3.0
SYNONYM = 0.7  # what a synonym is worth beside the word itself, and the belief that it is meant
NOWHERE = Occurrences()


class Kind(NamedTuple):
    """A kind of terms: in which of the two indexes they are, and what they are worth there."""

    stemmed: bool
    worth: float = 1.0


# In the order of `Terms.lists`: words as stems and folded, pairs, synonyms of one word and of two.
KINDS = (Kind(True), Kind(False), Kind(False), Kind(True, SYNONYM), Kind(False, SYNONYM))


@dataclass(frozen=True, slots=True)
class PassageScore:
    """A passage's score, and the share (0 to 1) of the question's telling words in it.

    `close` is the weight of what stands together in it, measured in words that one passage has.
    """

    score: float
    coverage: float
    close: float = 0.0


Weights = Sequence[Mapping[str, float]]
"""What each term is worth that occurs in any passage (its idf), by the kinds of `KINDS`."""


def weigh_terms(asked: Terms, common: Mapping[str, Occurrences]) -> Weights:
    """The terms that occur in any passage, and what each is worth."""
    stored = common.get(ALL, NOWHERE).folded
    return [
        {
            word: kind.worth * idf(holding, stored)
            for word in words
            if (holding := _holding(word, kind, common))
        }
        for kind, words in zip(KINDS, asked.lists, strict=True)
    ]


def heaviest(parts: Sequence[Terms], weights: Weights) -> list[Terms]:
    """As many parts as are looked for, in their order: those whose words weigh most."""
    if len(parts) <= MOST_PARTS:
        return list(parts)
    weight = {
        place: sum(weights[1].get(word, 0.0) for word in part.folded)
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
            (_holding(word, kind, common), word, kind.stemmed)
            for kind, words, worth in zip(KINDS, part.lists, weights, strict=True)
            for word in words
            if word in worth
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
    for kind, words, worth in zip(KINDS, asked.lists, weights, strict=True):
        lists = postings.stemmed if kind.stemmed else postings.folded
        for word in sorted(lists.keys() & worth.keys() & set(words)):
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
    reader = PassageReader(weights)
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
            present = {slot for _, slot in within}
            if needless := _needless(telling, present):
                within = [mark for mark in within if mark[1] not in needless]
            close = reader.closest(within)
            named = reader.named(within, passages[key].names)
            found[key] = PassageScore(
                reader.bm25(within, lengths[key] / typical) + TOGETHER * close + NAMED * named,
                _coverage(telling, present),
                close / rare,
            )
        judged.append(found)
    return judged


def _holding(word: str, kind: Kind, common: Mapping[str, Occurrences]) -> int:
    found = common.get(word, NOWHERE)
    return found.stemmed if kind.stemmed else found.folded


def idf(holding: float, stored: int) -> float:
    """What a term is worth that so many of the stored passages hold."""
    return log(1 + (stored - holding + 0.5) / (holding + 0.5))


class _Wanted:
    """A telling word of the question: what it weighs, and the slots that may stand for it."""

    def __init__(
        self, word: TellingWord, reader: PassageReader, common: Mapping[str, Occurrences]
    ) -> None:
        stemmed = common.get(word.stem, NOWHERE).stemmed
        folded = common.get(word.folded, NOWHERE).folded
        stored = common.get(ALL, NOWHERE).folded
        # A word that no passage has may be a paraphrase as well as another subject.
        self.weight = idf(max(stemmed, folded) or stored / 20, stored)
        self._spelled = 1.0 if word.plain else ALONE
        self.stem = reader.stems.get(word.stem)
        self._folded = reader.folded.get(word.folded)
        self._pairs = {reader.pairs[pair] for pair in word.beside if pair in reader.pairs}
        self._synonyms = reader.any_of(word.synonyms)
        self.others = self._synonyms & reader.unasked

    def belief(self, present: set[int]) -> float:
        """How sure it is that the word meant is among the terms present."""
        if not self._pairs.isdisjoint(present):
            return 1.0
        if self.stem in present:
            return self._spelled
        if not self._synonyms.isdisjoint(present):
            return SYNONYM
        return UNACCENTED if self._folded in present else 0.0


def _needless(telling: Sequence[_Wanted], present: set[int]) -> set[int]:
    """The slots of synonyms that add nothing, because the word itself is there."""
    found = [word.others for word in telling if word.others and word.stem in present]
    return set[int]().union(*found) if found else set()


def _coverage(telling: Sequence[_Wanted], present: set[int]) -> float:
    """How much of what was asked is there, from 0 to 1.

    Every telling word weighs its idf, so a rare word that is missing costs more than a common one.
    Numbers are left out: they name a case, not a subject.
    """
    total = sum(word.weight for word in telling)
    return sum(word.weight * word.belief(present) for word in telling) / total if total else 0.0
