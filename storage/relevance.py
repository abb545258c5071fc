"""How well passages fit a question, computed from where its words were found; no SQL.

Two rankings are fused by reciprocal rank, because one index reads English word forms and the other
Vietnamese typed without its accents, and their scores cannot be compared.
"""

from collections import defaultdict
from collections.abc import Iterable
from math import log

from storage.fulltext import Found, Spread
from storage.terms import Terms

RANK_DAMPING = 5  # the k of reciprocal rank fusion; small, because there are only two short lists
ALONE = 0.5  # belief in an accented syllable without its neighbour: «nước» is in many words
UNACCENTED = 0.25  # belief when only the accentless form occurs: «thu» may be «thủ» or «thư»
NOWHERE = Spread()


def fuse(asked: Terms, found: Found) -> dict[int, float]:
    """Reciprocal rank fusion: a place counts, the score behind it does not."""
    fused: dict[int, float] = defaultdict(float)
    for ranking, weight in ((found.stemmed, as_spelled(asked, found)), (found.folded, 1.0)):
        for rank, passage in enumerate(ranking, start=1):
            fused[passage] += weight / (RANK_DAMPING + rank)
    return dict(fused)


def as_spelled(asked: Terms, found: Found) -> float:
    """How far the question is spelled as the articles are, from 0 (no accents typed) to 1.

    The index that keeps accents is trusted that much: it can only mislead a question without them.
    """
    shares = [
        min(1.0, found.in_stemmed.get(exact, NOWHERE).passages / found.in_folded[plain].passages)
        for exact, plain in zip(asked.exact, asked.folded, strict=True)
        if plain in found.in_folded
    ]
    return sum(shares) / len(shares) if shares else 1.0


def coverage(asked: Terms, found: Found, candidates: Iterable[int]) -> dict[int, float]:
    """How much of what was asked occurs in each candidate, from 0 to 1.

    Every telling word weighs its idf, so a rare word that is missing costs more than a common one.
    A word that no article uses may be a paraphrase as well as another subject, and weighs like one
    found in a twentieth of the passages. Numbers are left out: they name a case, not a subject.
    """
    covered = dict.fromkeys(candidates, 0.0)
    total = 0.0
    for place, exact in enumerate(asked.exact):
        if not exact.isalpha():
            continue
        holding = max(
            found.in_stemmed.get(exact, NOWHERE).passages,
            found.in_folded.get(asked.folded[place], NOWHERE).passages,
        )
        weight = _idf(holding or found.stored / 20, found.stored)
        total += weight
        for passage, belief in _beliefs(asked, found, place).items():
            covered[passage] += weight * belief
    return {passage: share / total if total else 0.0 for passage, share in covered.items()}


def _beliefs(asked: Terms, found: Found, place: int) -> dict[int, float]:
    """In which passages the word at this place is, and how sure it is to be the word meant."""
    exact, plain = asked.exact[place], asked.folded[place]
    beliefs = dict.fromkeys(found.in_folded.get(plain, NOWHERE).among, UNACCENTED)
    spelled = found.in_stemmed.get(exact, NOWHERE).among
    beliefs |= dict.fromkeys(spelled, 1.0 if exact == plain else ALONE)
    for pair in asked.beside[place]:
        beliefs |= dict.fromkeys(found.in_folded.get(pair, NOWHERE).among, 1.0)
    return beliefs


def _idf(holding: float, stored: int) -> float:
    return log(1 + (stored - holding + 0.5) / (holding + 0.5))
