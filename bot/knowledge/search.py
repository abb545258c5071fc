"""What the desk's own articles have to say about a message, found while triage is under way.

The language of a message is not known before triage, so passages are found without it;
`best_for_customer` then puts those in the customer's language first.
"""

from collections.abc import Iterable, Sequence

from bot.knowledge.rerank import Reranker
from storage.db.database import Store
from storage.knowledge import articles
from storage.knowledge.values import Audience, Hit

FOUND = 16  # passages found without a language, for `best_for_customer` to choose from
SHOWN = 5  # passages an answer is written from
CUSTOMER = "[customer] "


class KnowledgeSearch:
    """The desk's articles as a question meets them."""

    def __init__(self, store: Store, reranker: Reranker | None = None) -> None:
        self._store = store
        self._reranker = reranker

    async def search_articles(
        self,
        text: str,
        thread: str,
        language: str | None = None,
        audiences: Sequence[Audience] = ("public",),
    ) -> Sequence[Hit]:
        """At most `FOUND` passages that fit a message, best first; none when nothing fits.

        A follow-up that finds nothing by itself is read with what the customer said before it in
        `thread`. Articles for agents are only seen where `audiences` names them.
        """
        audience: Audience = "agents" if "agents" in audiences else "public"
        asked = [text, *(f"{said} {text}" for said in _last_asked(thread))]
        for question in asked:
            meant = self._reranker.ask(question) if self._reranker else None
            hits = await self._store.read(
                articles.search_passages,
                question,
                language=language,
                audience=audience,
                limit=FOUND,
            )
            if hits and self._reranker and meant:
                return articles.prefer_language(
                    await self._reranker.order(question, hits, meant), language
                )
            if hits:
                return hits
        return ()


def best_for_customer(
    hits: Iterable[Hit], language: str | None, limit: int = SHOWN
) -> Sequence[Hit]:
    """The best of some passages for a customer of this language, best first.

    A little is enough to put an article before its translation, and too little to put a passage
    that merely shares a word before the one that answers.
    """
    return articles.prefer_language(hits, language)[:limit]


def _last_asked(thread: str) -> list[str]:
    """What the customer said last before this message, if anything."""
    said = [line for line in thread.splitlines() if line.startswith(CUSTOMER)]
    return [line.removeprefix(CUSTOMER) for line in said[-1:]]
