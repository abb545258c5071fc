"""Passages found by their words, put in order by what they mean as well."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from operator import mul
from typing import Protocol

import structlog

from bot.config.desk import Desk
from bot.knowledge.embeddings import E5
from bot.runtime.cpu import unpin
from storage.db.database import Store
from storage.knowledge import articles, vectors
from storage.knowledge.values import Hit
from storage.knowledge.vectors import Vector
from storage.text.folding import fold

# What a passage loses for each unit of cosine it is behind the closest, as a share of the best
# score. Chosen on half of XQuAD's questions (docs/benchmarks.md).
CLOSENESS = 4.0
AT_ONCE = 16  # passages read for one transaction

log = structlog.get_logger("reranking")


class Embedder(Protocol):
    """A model that turns text into a vector of length 1. Calls block, and come one at a time."""

    @property
    def name(self) -> str:
        """Names the model: vectors of another are not compared with its own."""

    def question(self, text: str) -> Vector:
        """What a question means."""

    def passage(self, text: str) -> Vector:
        """What a passage means, near the questions that it answers."""


class Reranker:
    """Reads passages once, and questions while they are looked for, in a thread of its own."""

    def __init__(self, store: Store, embedder: Embedder) -> None:
        self._store = store
        self._embedder = embedder
        self._thread = ThreadPoolExecutor(1, "reranking", initializer=unpin)
        self._reading = asyncio.Lock()
        self._ended = False

    async def read_passages(self, progress: Callable[[int], None] = lambda _advance: None) -> None:
        """Read the passages that have not been read; does nothing while that is under way."""
        if self._reading.locked():
            return
        name = self._embedder.name
        async with self._reading:
            while texts := await self._store.read(vectors.missing_vectors, name, AT_ONCE):
                means = []
                for text in texts.values():
                    if self._ended:
                        return
                    # One by one, so that a question waits for one passage at most.
                    means.append(await self._embed(text))
                await self._store.write(vectors.keep_vectors, name, texts, means)
                progress(len(texts))

    def ask(self, question: str) -> Future[Vector]:
        """Begin to read a question; what comes of it is for `order`."""
        return self._thread.submit(self._embedder.question, question)

    async def order(
        self, question: str, hits: Sequence[Hit], asked: Future[Vector]
    ) -> Sequence[Hit]:
        """The same passages in their new order; in the old one if one is unread or anything fails.

        Scores keep their scale: the closest passage keeps its own, the others lose.
        """
        if _typed_bare(question, hits):
            return hits
        try:
            means = await self._store.read(
                vectors.vectors_of, self._embedder.name, [hit.passage_id for hit in hits]
            )
            if len(means) < len(hits):
                return hits
            return combine_scores(hits, await asyncio.wrap_future(asked), means)
        except Exception:
            # A search never fails for the order of what it found.
            log.warning("passages stay in the order of their words", exc_info=True)
            return hits

    def stop(self) -> None:
        """Begin no further passage."""
        self._ended = True

    async def _embed(self, passage: str) -> Vector:
        embed = self._embedder.passage
        return await asyncio.get_running_loop().run_in_executor(self._thread, embed, passage)


def reranker_of(store: Store, desk: Desk) -> Reranker | None:
    """The desk's reranker, if it wants one.

    Raises:
        SettingsError: it does, and the extra is not installed.
    """
    return Reranker(store, E5()) if desk.knowledge.rerank else None


def _typed_bare(question: str, hits: Sequence[Hit]) -> bool:
    """Whether it is Vietnamese without its diacritics, which means little to the model."""
    return hits[0].passage.language == "vi" and question.lower() == fold(question)


def combine_scores(
    hits: Sequence[Hit], asked: Vector, means: Mapping[int, Vector]
) -> Sequence[Hit]:
    """Hits by score and by closeness (cosine, as vectors have length 1), best first."""
    near = [sum(map(mul, asked, means[hit.passage_id])) for hit in hits]
    closest, best = max(near), max(hit.score for hit in hits)
    scored = [
        replace(hit, score=hit.score - best * CLOSENESS * (closest - each))
        for hit, each in zip(hits, near, strict=True)
    ]
    return articles.prefer_language(scored, None)
