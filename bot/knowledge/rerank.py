"""Passages found by what they mean, beside those found by their words: two rankings made one.

A question that shares no word with its answer is found by meaning; a name, a code or a figure by
its word. Something is always nearest, so where no passage has the words, it has to be very near.
"""

import asyncio
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from heapq import nlargest
from time import monotonic
from typing import Protocol

import structlog

from bot.config.desk import Desk
from bot.knowledge.embeddings import E5, embedder_installed
from bot.runtime.cpu import unpin
from bot.text.language import language_of
from bot.text.message_parts import gist
from storage.db.database import Store
from storage.knowledge import stored_passages, vectors
from storage.knowledge.passage_search import prefer_language
from storage.knowledge.values import Audience, Hit, Passage
from storage.knowledge.vectors import Vector
from storage.text.folding import fold

# Reciprocal rank fusion, article by article: the sum of weight / (`FIRST` + its place) over both
# rankings. Small, so that the first places count much (docs/benchmarks.md).
FIRST = 3
WORDS = 0.7  # what the ranking by words counts beside the one by meaning
FURTHER = 0.7  # what each further passage of an article counts
NEAREST = 32  # passages taken by meaning
LONGEST = 24  # words of a question; so many take 40 ms to read
FRESH = 60.0  # seconds for which the vectors in memory are taken as all there are
AT_ONCE = 16  # passages read for one transaction

log = structlog.get_logger("reranking")


class Embedder(Protocol):
    """A model that turns text into a vector of length 1. Calls block, and come one at a time."""

    @property
    def name(self) -> str:
        """Names the model: vectors of another are not compared with its own."""

    @property
    def alone(self) -> float:
        """How like a question a passage must be that has none of its words: a cosine."""

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
        self._shelves: dict[Audience, _Shelf] = {}

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

    def ask(self, question: str) -> Future[Vector] | None:
        """Begin to read a question; what comes of it is for `order`.

        None where none is put, or no passage is read yet.
        """
        if any(shelf.empty for shelf in self._shelves.values()):
            return None
        asked = gist(question, LONGEST)
        return self._thread.submit(self._embedder.question, asked) if asked.strip() else None

    async def order(
        self,
        question: str,
        hits: Sequence[Hit],
        asked: Future[Vector],
        audience: Audience = "public",
    ) -> Sequence[Hit]:
        """What was found by words and what is nearest by meaning, best first.

        As the words have it where one of their passages is unread or anything fails.
        """
        if _typed_bare(question, hits):
            return hits
        try:
            shelf = await self._shelf(audience)
            if not shelf.holds(hit.passage_id for hit in hits):
                return hits
            near, likeness = shelf.nearest(await asyncio.wrap_future(asked))
            if not hits and likeness < self._embedder.alone:
                return hits
            known = {hit.passage_id for hit in hits}
            more = [each for each in near if each not in known]
            passages = await self._store.read(stored_passages.of_ids, more, audience)
            return combine_scores(hits, near, passages)
        except Exception:
            # A search never fails for the order of what it found.
            log.warning("passages stay in the order of their words", exc_info=True)
            return hits

    def stop(self) -> None:
        """Begin no further passage."""
        self._ended = True

    async def _shelf(self, audience: Audience) -> "_Shelf":
        shelf = self._shelves.get(audience)
        if shelf is None or monotonic() > shelf.until:
            read = await self._store.read(vectors.everything, self._embedder.name, audience)
            shelf = self._shelves[audience] = _Shelf(*read)
        return shelf

    async def _embed(self, passage: str) -> Vector:
        embed = self._embedder.passage
        return await asyncio.get_running_loop().run_in_executor(self._thread, embed, passage)


def reranker_of(store: Store, desk: Desk) -> Reranker | None:
    """The desk's reranker, unless it wants none; where nothing is said, if its model is there.

    Raises:
        SettingsError: it wants one, and the model is not installed.
    """
    wanted = desk.knowledge.rerank
    if wanted is None:
        wanted = embedder_installed()
    return Reranker(store, E5()) if wanted else None


def _typed_bare(question: str, hits: Sequence[Hit]) -> bool:
    """Whether it is Vietnamese without its diacritics, which means little to the model."""
    spoken = hits[0].passage.language if hits else language_of(question)
    return spoken == "vi" and question.lower() == fold(question)


class _Shelf:
    """The vectors of all passages, 4 bytes a number: 15 MB for 10,000 of the model's 384."""

    def __init__(self, ids: Sequence[int], packed: Sequence[bytes]) -> None:
        import numpy as np  # noqa: PLC0415 - comes with the extra, and takes time to load

        self.until = monotonic() + FRESH
        self._size = len(ids)
        self._ids = ids
        self._known = frozenset(ids)
        flat = np.frombuffer(b"".join(packed), dtype="float32")
        self._matrix = flat.reshape(len(ids), -1) if ids else flat

    @property
    def empty(self) -> bool:
        """Whether nothing was read a moment ago."""
        return not self._size and monotonic() < self.until

    def holds(self, ids: Iterable[int]) -> bool:
        """Whether all of these were read."""
        return self._known.issuperset(ids)

    def nearest(self, asked: Vector) -> tuple[list[int], float]:
        """The passages whose cosine with the question is the largest, and the largest cosine."""
        if not self._ids:
            return [], -1.0
        near = (self._matrix @ array("f", asked)).tolist()
        ranked = nlargest(NEAREST, range(len(self._ids)), key=near.__getitem__)
        return [self._ids[place] for place in ranked], near[ranked[0]]


def combine_scores(
    hits: Sequence[Hit], near: Sequence[int], more: Mapping[int, Passage]
) -> Sequence[Hit]:
    """What was found by words and by meaning, each with its score by both places, best first.

    `near` are passages in order of their meaning; `more` are those of them that have none of the
    words, as far as they may be shown.
    """
    found = {hit.passage_id: hit for hit in hits}
    found |= {key: Hit(passage, key, 0.0, 0.0) for key, passage in more.items()}
    articles: dict[str, float] = defaultdict(float)
    passages: dict[int, float] = defaultdict(float)
    for ranking, weight in (([hit.passage_id for hit in hits], WORDS), (near, 1.0)):
        shown = [key for key in ranking if key in found]
        for place, source in enumerate(dict.fromkeys(found[key].passage.source for key in shown)):
            articles[source] += weight / (FIRST + place)
        for place, key in enumerate(shown):
            passages[key] += weight / (FIRST + place)
    seen: Counter[str] = Counter()
    scored = []
    for key in sorted(passages, key=lambda key: (-passages[key], key)):
        source = found[key].passage.source
        scored.append(replace(found[key], score=articles[source] * FURTHER ** seen[source]))
        seen[source] += 1
    return prefer_language(scored, None)
