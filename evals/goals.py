"""How well the right passage is found in messages as people write them, beside what is wanted.

XQuAD's questions stand among sentences of other people, each a question itself (BANKING77 in
English, MASSIVE in Vietnamese), or within friendly chatter of `chatter.toml`. Once they are asked
with triage's questions given, as a perfect triage would. `sample_questions.toml` asks the sample
articles what they answer and what they do not; `help_centres.toml` two public help centres, where
`--centres` names a folder with their text. Every draw of lots has a fixed seed.
"""

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import perf_counter
from typing import Any

from bot.knowledge.queries import QUESTION, Query
from bot.knowledge.search import KnowledgeSearch
from evals.messages import SEED, chatty, surrounded
from storage.text.folding import fold

OTHERS = (0, 2, 5, 8, 12)
WANTED = {"en": (0.98, 0.94, 0.90, 0.86, 0.82), "vi": (0.98, 0.95, 0.93, 0.91, 0.88)}
LESS = 0.03  # without diacritics
CHATTER, CHATTER_WORDS = 0.96, 100
CENTRES = 0.9
FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Asking:
    """A message, the sources any of which answers it, and the half of the set it is in.

    `bare` is its question alone, for where a perfect triage is wanted.
    """

    text: str
    right: tuple[str, ...]
    half: int = 0
    bare: str = ""


@dataclass(frozen=True)
class Goal:
    """Messages of one kind, and the share whose passage is wanted among the first `depth`."""

    name: str
    language: str
    messages: Sequence[Asking]
    wanted: float | None
    depth: int = 5
    triaged: bool = False


@dataclass(frozen=True)
class Reached:
    """Shares from 0 to 1, of the whole and of each half; milliseconds of a search, the median."""

    goal: str
    wanted: float | None
    recall: float
    halves: tuple[float, float]
    words: int
    p50_ms: float


def xquad_goals(
    asked: dict[str, list[Any]], others: dict[str, list[str]], every: int = 1
) -> Iterator[Goal]:
    """The goals over XQuAD; `asked` are its questions by language, of which each n-th is taken."""
    for language, name in (("en", "English"), ("vi", "Vietnamese")):
        for plain in (False, True) if language == "vi" else (False,):
            typed: Callable[[str], str] = fold if plain else str
            called = f"{name}, no diacritics" if plain else name
            less = LESS if plain else 0.0
            questions = asked[language][::every]
            for count, wanted in zip(OTHERS, WANTED[language], strict=True):
                dice = Random(SEED + count)  # noqa: S311 - the same every time
                messages = [
                    _asking(each, typed, surrounded(each.text, others[language], count, dice))
                    for each in questions
                ]
                yield Goal(f"{called}, {count} others", language, messages, wanted - less)
            bare = WANTED[language][0] - less
            yield Goal(f"{called}, 12 others, triaged", language, messages, bare, triaged=True)
            dice = Random(SEED)  # noqa: S311 - the same every time
            messages = [
                _asking(each, typed, chatty(each.text, language, CHATTER_WORDS, dice))
                for each in questions
            ]
            yield Goal(f"{called}, chatter", language, messages, CHATTER - less)


def centre_goal(name: str) -> Goal:
    """The thirty questions over one help centre."""
    listed = tomllib.loads((FOLDER / "help_centres.toml").read_text(encoding="utf-8"))[name]
    messages = [Asking(each["asked"], tuple(each["right"])) for each in listed["questions"]]
    return Goal(f"{name}, own questions", "en", messages, CENTRES, depth=3)


async def reach(knowledge_search: KnowledgeSearch, goal: Goal) -> Reached:
    """Look for every message of a goal."""
    found: list[tuple[int, bool]] = []
    times = []
    for each in goal.messages:
        begun = perf_counter()
        hits = await knowledge_search.search_articles(each.text, "", goal.language)
        times.append((perf_counter() - begun) * 1000)
        if goal.triaged:
            hits = await knowledge_search.also(each.text, hits, [Query(each.bare, QUESTION)])
        sources = [hit.passage.source for hit in hits[: goal.depth]]
        found.append((each.half, not set(sources).isdisjoint(each.right)))
    return Reached(
        goal=goal.name,
        wanted=goal.wanted,
        recall=_share([hit for _, hit in found]),
        halves=(
            _share([hit for half, hit in found if half == 0]),
            _share([hit for half, hit in found if half == 1]),
        ),
        words=round(sum(len(each.text.split()) for each in goal.messages) / len(goal.messages)),
        p50_ms=sorted(times)[len(times) // 2],
    )


async def silence(knowledge_search: KnowledgeSearch) -> list[str]:
    """How many messages to the sample shop find something, by kind: a line for each."""
    listed = tomllib.loads((FOLDER / "sample_questions.toml").read_text(encoding="utf-8"))
    kinds = {
        "answered": listed["answered"],
        "answered, tuned on": listed["more_answered"][::2],
        "answered, held out": listed["more_answered"][1::2],
        "about other things": listed["unanswered"],
        "about other things, tuned on": _far(listed["more_unanswered"])[::2],
        "about other things, held out": _far(listed["more_unanswered"])[1::2],
        "near the shop's subjects, unanswered": _near(listed["more_unanswered"]),
    }
    lines = []
    for kind, messages in kinds.items():
        hits = [await knowledge_search.search_articles(each, "") for each in messages]
        lines.append(f"{kind:38}{sum(map(bool, hits)):3} of {len(hits)} find something")
    return lines


def _near(messages: Sequence[str]) -> list[str]:
    """The first half of each language."""
    return [*messages[:15], *messages[30:45]]


def _far(messages: Sequence[str]) -> list[str]:
    return [*messages[15:30], *messages[45:]]


def title(text: str) -> None:
    """The head of a table on standard output."""
    print(
        f"{text:34}{'words':>6}{'wanted':>8}{'reached':>9}{'by half':>15}{'p50 ms':>8}", flush=True
    )


def show(each: Reached) -> None:
    """A line of it."""
    wanted = f"{each.wanted:8.2f}" if each.wanted is not None else f"{'':8}"
    print(
        f"{each.goal:34}{each.words:6}{wanted}{each.recall:9.3f}"
        f"{each.halves[0]:9.3f}{each.halves[1]:6.3f}{each.p50_ms:8.2f}",
        flush=True,
    )


def _asking(question: Any, typed: Callable[[str], str], text: str) -> Asking:
    return Asking(typed(text), (question.source,), question.half, typed(question.text))


def _share(hits: Sequence[bool]) -> float:
    return sum(hits) / len(hits) if hits else 0.0
