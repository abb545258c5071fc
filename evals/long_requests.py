"""Long requests to a technical support, and how plain BM25 would find their articles.

`long_requests.toml` holds what people ask and what they put around it. Of each request three are
made, by lot with a fixed seed: one to four pieces before and after what is asked.
"""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import Path
from random import Random
from statistics import mean

from bot.knowledge.search import KnowledgeSearch
from evals.messages import SEED
from storage.knowledge.values import Article
from storage.text.folding import stem, words

REQUESTS = Path(__file__).with_name("long_requests.toml")
TIMES = 3  # so often each is asked, with other pieces around it
K1, B = 1.2, 0.75


@dataclass(frozen=True)
class LongRequest:
    """What is sent, the articles of which one is needed, and the question alone."""

    text: str
    right: tuple[str, ...]
    said: str


def long_requests() -> list[LongRequest]:
    """Every request, each `TIMES` times."""
    kinds = tomllib.loads(REQUESTS.read_text(encoding="utf-8"))
    dice = Random(SEED)  # noqa: S311 - the same every time
    made = []
    for each in kinds["requests"] * TIMES:
        around = [piece.strip("\n") for piece in dice.sample(kinds["around"], dice.randint(2, 5))]
        place = dice.randint(0, len(around) - 1)
        text = "\n\n".join([*around[:place], each["said"], *around[place:]])
        made.append(LongRequest(text, tuple(each["right"]), each["said"]))
    return made


async def long_table(
    knowledge_search: KnowledgeSearch, articles: Sequence[Article]
) -> Sequence[str]:
    """How often a needed article is among 1, 3, 5 and 16, for plain BM25 and for the desk."""
    asked, plain = long_requests(), PlainBM25(articles)
    found = {
        "plain BM25": [plain.find(each.text, 16) for each in asked],
        "plain BM25, the question alone": [plain.find(each.said, 16) for each in asked],
        "the desk": [await _sources(knowledge_search, each.text) for each in asked],
        "the desk, the question alone": [
            await _sources(knowledge_search, each.said) for each in asked
        ],
    }
    length = sorted(len(each.text.split()) for each in asked)
    head = (
        f"{len(asked)} long requests, {length[0]} to {length[-1]} words, {len(articles)} articles"
    )
    return [head, *(f"{name:34}{_shares(asked, lists)}" for name, lists in found.items())]


class PlainBM25:
    """BM25 over whole articles, English stems, the whole text as the query; no stop words."""

    def __init__(self, articles: Sequence[Article]) -> None:
        self._held = {each.source: Counter(_stems(_text(each))) for each in articles}
        self._length = {source: sum(held.values()) for source, held in self._held.items()}
        self._typical = sum(self._length.values()) / max(len(self._length), 1)
        self._in = Counter(word for held in self._held.values() for word in held)

    def find(self, text: str, limit: int) -> list[str]:
        """The sources of the best articles, best first."""
        asked = Counter(_stems(text))
        scores = {source: self._score(source, asked) for source in self._held}
        return sorted(scores, key=lambda source: (-scores[source], source))[:limit]

    def _score(self, source: str, asked: Counter[str]) -> float:
        held, stored = self._held[source], len(self._held)
        back = K1 * (1 - B + B * self._length[source] / self._typical)
        return sum(
            often
            * log(1 + (stored - self._in[word] + 0.5) / (self._in[word] + 0.5))
            * held[word]
            * (K1 + 1)
            / (held[word] + back)
            for word, often in asked.items()
            if word in held
        )


async def _sources(knowledge_search: KnowledgeSearch, text: str) -> list[str]:
    return [hit.passage.source for hit in await knowledge_search.search_articles(text, "")]


def _shares(asked: Sequence[LongRequest], lists: Sequence[Sequence[str]]) -> str:
    right = [set(each.right) for each in asked]
    shares = [
        mean(not one.isdisjoint(found[:depth]) for one, found in zip(right, lists, strict=True))
        for depth in (1, 3, 5, 16)
    ]
    return "".join(f"{share:7.3f}" for share in shares)


def _text(article: Article) -> str:
    said = [article.title]
    for passage in article.passages:
        said += [*passage.heading, *passage.paragraphs]
    return "\n".join(said)


def _stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]
