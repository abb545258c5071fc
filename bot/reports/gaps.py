"""Gaps in the knowledge: unanswered questions grouped by matter, the most asked first. Pure.

From this list articles are written: a matter, how often it was asked, in whose words, and what
agents answered.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.knowledge.terms import stop_words
from bot.messages.outcomes import UNANSWERED
from storage.reports.gaps import UnansweredQuestion
from storage.text.folding import fold, stem, words

__all__ = ["UNANSWERED", "Gap", "find_gaps"]

# Two questions are of one matter when they share so much of the shorter one's telling words.
ALIKE = 0.5
FEWEST = 2


@dataclass(frozen=True)
class Gap:
    """A matter that no article answers. `questions` are newest first, at least one."""

    questions: tuple[UnansweredQuestion, ...]

    @property
    def count(self) -> int:
        """How many tickets asked about it."""
        return len({each.ticket_id for each in self.questions})

    @property
    def title(self) -> str:
        """The matter in a line: triage's summary of the newest question, or its words."""
        newest = self.questions[0]
        return " ".join((newest.summary or newest.text).split())

    @property
    def answer(self) -> str:
        """What an agent answered, the newest; "" while nobody has."""
        return next((" ".join(each.answer.split()) for each in self.questions if each.answer), "")

    @property
    def tickets(self) -> tuple[int, ...]:
        """The tickets that asked, newest first."""
        return tuple(dict.fromkeys(each.ticket_id for each in self.questions))


def find_gaps(asked: Iterable[UnansweredQuestion]) -> Sequence[Gap]:
    """The questions grouped by matter, the most asked first, and of these the newest."""
    groups: list[tuple[frozenset[str], str, list[UnansweredQuestion]]] = []
    for each in asked:
        telling = _telling(each)
        home = next(
            (
                group
                for told, intent, group in groups
                if intent == each.intent and _same(told, telling)
            ),
            None,
        )
        if home is None:
            groups.append((telling, each.intent, [each]))
        else:
            home.append(each)
    found = [Gap(tuple(group)) for _, _, group in groups]
    return sorted(found, key=lambda gap: -gap.count)


def _same(one: frozenset[str], other: frozenset[str]) -> bool:
    shared, least = len(one & other), min(len(one), len(other))
    return least > 0 and shared >= min(FEWEST, least) and shared >= ALIKE * least


def _telling(asked: UnansweredQuestion) -> frozenset[str]:
    """The stems that tell what a question is about, in its own words: summaries vary."""
    silent = stop_words()
    return frozenset(
        stem(word)
        for word in words(fold(asked.text))
        if word not in silent and not word.isdigit() and len(word) > 1
    )
