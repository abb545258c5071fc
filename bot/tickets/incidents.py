"""The same question from many people at once: when two are the same, and when it is an incident.

Pure. Two questions are the same when their telling words nearly are, whatever the marks, the
endings and the courtesies around them; what they are about (intent and product) is compared by
whoever asks.
"""

from collections.abc import Iterable, Sequence

from bot.text.telling_words import FEWEST_WORDS_TO_COMPARE, telling_words
from storage.tickets.values import Incident, IncidentQuestion

# The share of all telling words of both that both have.
SAME = 0.7


def similarity(one: str, other: str) -> float:
    """How alike two questions are, from 0 to 1: the share of their telling words in both."""
    first, second = telling_words(one), telling_words(other)
    shared = len(first & second)
    return shared / len(first | second) if shared >= FEWEST_WORDS_TO_COMPARE else 0.0


def find_incident(
    asked: IncidentQuestion, earlier: Iterable[IncidentQuestion], people: int
) -> Incident | None:
    """The incident that a question belongs to, given the earlier ones about the same matter.

    It takes so many different `people`; one person asking again and again makes none. The oldest
    ticket stands for all, and stays the one when more come.
    """
    alike = [each for each in earlier if similarity(each.text, asked.text) >= SAME]
    alike = [each for each in alike if each.ticket_id != asked.ticket_id]
    known = _known(alike)
    if known is not None:
        return Incident(known, (asked.ticket_id,)) if known != asked.ticket_id else None
    if people < 2 or len({asked.requester, *(each.requester for each in alike)}) < people:
        return None
    parent, *rest = sorted((asked.ticket_id, *(each.ticket_id for each in alike)))
    return Incident(parent, tuple(rest), begins=True)


def _known(alike: Sequence[IncidentQuestion]) -> int | None:
    return min((each.incident for each in alike if each.incident is not None), default=None)
