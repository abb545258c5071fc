"""One ranking out of several: of the parts of a message, and of several ways to ask.

Pure. The right part of a message is not known beforehand. It is told by what it finds: a passage
that holds much of what the part says, close together. So parts compete by evidence and not by rank
alone; what other parts find as well adds little.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from storage.knowledge.ranking import PassageScore

# A part is about something else unless some passage has most of its telling words, or as much of
# them so close together: the share of them times the weight of what stands together.
SUBJECT = 0.52
MOSTLY = 0.8
LEAST_COVERAGE = 0.1  # beside a passage that has the subject, others may say it in other words
CERTAINTY = 0.5  # evidence is the score times the coverage to the power of this
FURTHER = 0.9  # what each further passage for the same part is worth, so that all parts are heard
STATED = 0.5  # what a part that is put as no question is worth beside one that is
SAME_ARTICLE = 0.6  # what each further passage of an article is worth
WHOLE = 0.15  # what the message as a whole is worth beside its parts


def fused(
    parts: Sequence[Mapping[int, PassageScore]],
    weights: Sequence[float] = (),
    whole: Sequence[Mapping[int, PassageScore]] = (),
) -> dict[int, PassageScore]:
    """What is found by any part that some passage is about, with its evidence as the score."""
    found: dict[int, PassageScore] = {}
    for judged, weight in zip(parts, weights or [1.0] * len(parts), strict=True):
        fading = FURTHER if len(parts) > 1 else 1.0
        for place, (key, score) in enumerate(_ranked(judged)):
            evidence = weight * score * fading**place
            if key not in found or found[key].score < evidence:
                found[key] = PassageScore(evidence, judged[key].coverage)
    for judged in whole:
        for key, each in judged.items():
            if key in found:
                score = found[key].score + WHOLE * _evidence(each)
                found[key] = PassageScore(score, found[key].coverage)
    return found


def spread(
    found: Mapping[int, PassageScore], articles: Mapping[int, str]
) -> dict[int, PassageScore]:
    """The same, with each further passage of an article held back a little behind its best."""
    ranked = sorted(found, key=lambda key: (-found[key].score, key))
    seen: Counter[str] = Counter()
    kept = {}
    for key in ranked:
        article = articles[key]
        kept[key] = PassageScore(
            found[key].score * SAME_ARTICLE ** seen[article], found[key].coverage
        )
        seen[article] += 1
    return kept


def in_turns(lists: Sequence[Sequence[int]], at_once: Sequence[int]) -> Iterator[int]:
    """Each once: of every list its first so many, then its next, and so on."""
    given: set[int] = set()
    waiting = [(iter(ranked), many) for ranked, many in zip(lists, at_once, strict=True)]
    while waiting:
        taken = [(rest, many, list(islice(rest, many))) for rest, many in waiting]
        waiting = [(rest, many) for rest, many, some in taken if len(some) == many]
        for each in chain.from_iterable(some for *_, some in taken):
            if each not in given:
                given.add(each)
                yield each


def _ranked(judged: Mapping[int, PassageScore]) -> list[tuple[int, float]]:
    """The passages for a part and their evidence, best first; none where it has no subject here."""
    if not any(_has_subject(each) for each in judged.values()):
        return []
    fitting = {
        key: _evidence(each) for key, each in judged.items() if each.coverage >= LEAST_COVERAGE
    }
    return sorted(fitting.items(), key=lambda item: (-item[1], item[0]))


def _has_subject(each: PassageScore) -> bool:
    return each.coverage >= MOSTLY or each.coverage * each.close >= SUBJECT


def _evidence(each: PassageScore) -> float:
    return float(each.score * each.coverage**CERTAINTY)
