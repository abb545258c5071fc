"""What the articles are asked about a message, and one ranking of all that is found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from storage.knowledge.values import Hit

# Shares of the best score: what the best passage for each kind of query counts beside the others'.
QUESTION = 1.0
MESSAGE = 0.5  # beside questions that triage found in it
EARLIER = 0.5  # a message read with the one before it
PICTURES = 0.6
NOTES = 0.4
FADING = 0.85  # of several questions' passages each further one, so that every matter is heard
AGREED = 0.2  # what being found by other queries as well adds, as a share of these


@dataclass(frozen=True)
class Query:
    """A text to look for, and what its best passage counts."""

    text: str
    weight: float


@dataclass(frozen=True)
class Found:
    """What a query found, best first, and what its best passage counts."""

    hits: Sequence[Hit]
    weight: float
    fading: float = 1.0


def merge_rankings(found: Iterable[Found]) -> Sequence[Hit]:
    """All that was found, each passage once, best first; scores are shares of the best there is."""
    lists = [each for each in found if each.hits]
    if len(lists) < 2:
        return lists[0].hits if lists else ()
    hits: dict[int, Hit] = {}
    scores: dict[int, list[float]] = {}
    for each in lists:
        best = each.hits[0].score
        for place, hit in enumerate(each.hits):
            hits.setdefault(hit.passage_id, hit)
            score = each.weight * each.fading**place * hit.score / best
            scores.setdefault(hit.passage_id, []).append(score)
    ranked = [replace(hits[key], score=_agreed(scores[key])) for key in hits]
    return sorted(ranked, key=lambda hit: (-hit.score, hit.passage_id))


def _agreed(scores: Sequence[float]) -> float:
    best = max(scores)
    return best + AGREED * (sum(scores) - best)
