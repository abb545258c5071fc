"""What the desk's own articles have to say about a message, found while triage is under way.

The language of a message is not known before triage, so passages are found without it;
`best_for_customer` then puts those in the customer's language first.
"""

from collections.abc import Iterable, Sequence
from time import monotonic

from bot.knowledge.queries import EARLIER, FADING, MESSAGE, QUESTION, Found, Query, merge_rankings
from bot.knowledge.rerank import Reranker
from bot.knowledge.terms import message_terms
from storage.db.database import Store
from storage.knowledge import inventory
from storage.knowledge.passage_search import prefer_language, search_passages
from storage.knowledge.query import Terms
from storage.knowledge.values import Audience, Hit

FOUND = 16  # passages found without a language, for `best_for_customer` to choose from
SHOWN = 5  # passages an answer is written from
CUSTOMER = "[customer] "
COMPLETE = 3  # telling words from which on a message stands alone
FRESH = 60.0  # seconds for which the languages of the articles are taken as known


class KnowledgeSearch:
    """The desk's articles as a question meets them."""

    def __init__(self, store: Store, reranker: Reranker | None = None) -> None:
        self._store = store
        self._reranker = reranker
        self._languages: Sequence[str] = ()
        self._known_until = 0.0

    async def search_articles(
        self,
        text: str,
        thread: str,
        language: str | None = None,
        audiences: Sequence[Audience] = ("public",),
    ) -> Sequence[Hit]:
        """At most `FOUND` passages that fit a message, best first; none when nothing fits.

        One that says little, such as «and for the fan?», or that finds nothing is read with what
        the customer said before it in `thread` as well. Articles for agents are only seen where
        `audiences` names them.
        """
        asked = message_terms(text)
        found = [Found(await self._search(text, asked, language, audiences), 1.0)]
        if not found[0].hits or leans(asked):
            for said in _last(thread):
                both = f"{said} {text}"
                hits = await self._search(both, message_terms(both), language, audiences)
                found.append(Found(hits, EARLIER))
        return merge_rankings(found)[:FOUND]

    async def also(self, text: str, hits: Sequence[Hit], queries: Sequence[Query]) -> Sequence[Hit]:
        """What a message has found, and what further queries find, as one ranking.

        A query that is the message itself, word by word, is not looked for again.
        """
        questions = sum(query.weight == QUESTION for query in queries)
        found = [Found(hits, MESSAGE if questions else 1.0)]
        for query in queries:
            fading = FADING if questions > 1 and query.weight == QUESTION else 1.0
            asked = message_terms(query.text)
            if query.text.split() == text.split() and not leans(asked):
                more = hits
            else:
                more = await self._search(query.text, asked)
            found.append(Found(more, query.weight, fading))
        return merge_rankings(found)[:FOUND]

    async def languages(self) -> Sequence[str]:
        """The languages that customers can read articles in, the most frequent first."""
        if monotonic() > self._known_until:
            self._languages = await self._store.read(inventory.languages)
            self._known_until = monotonic() + FRESH
        return self._languages

    async def _search(
        self,
        question: str,
        asked: Sequence[Terms],
        language: str | None = None,
        audiences: Sequence[Audience] = ("public",),
    ) -> Sequence[Hit]:
        if not asked:
            return ()
        audience: Audience = "agents" if "agents" in audiences else "public"
        meant = self._reranker.ask(question) if self._reranker else None
        hits = await self._store.read(
            search_passages,
            asked,
            language=language,
            audience=audience,
            limit=FOUND,
        )
        if self._reranker and meant:
            ordered = await self._reranker.order(question, hits, meant, audience)
            return prefer_language(ordered, language)[:FOUND]
        return hits


def best_for_customer(
    hits: Iterable[Hit], language: str | None, limit: int = SHOWN
) -> Sequence[Hit]:
    """The best of some passages for a customer of this language, best first.

    A little is enough to put an article before its translation, and too little to put a passage
    that merely shares a word before the one that answers.
    """
    return prefer_language(hits, language)[:limit]


def leans(asked: Sequence[Terms]) -> bool:
    """Whether a message says too little to be understood without the one before it."""
    said = {each.stem for part in asked for each in part.telling}
    return len(said) < COMPLETE


def _last(thread: str) -> list[str]:
    """What the customer said last before this message, if anything."""
    said = [line for line in thread.splitlines() if line.startswith(CUSTOMER)]
    return [line.removeprefix(CUSTOMER) for line in said[-1:]]
