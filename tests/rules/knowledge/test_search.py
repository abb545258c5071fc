"""Finding passages for a message before its language is known."""

from typing import Any

import pytest

from bot.knowledge.queries import QUESTION, Query
from bot.knowledge.search import FOUND, SHOWN, KnowledgeSearch, best_for_customer
from storage.db.database import Store
from tests.support.questions import DELIVERY


@pytest.mark.parametrize(
    ("question", "language", "source"),
    [
        ("VAT", "en", "payment-en.md"),
        ("VAT", "vi", "payment-vi.md"),
        ("How long does delivery take?", "en", "delivery-en.md"),
        ("bao lau thi giao hang", "vi", "delivery-vi.md"),
    ],
)
async def test_the_language_is_applied_to_what_was_found_without_it(
    shop: Store, question: str, language: str, source: str
) -> None:
    """The same passage comes first as if the language had been known from the start."""
    knowledge_search = KnowledgeSearch(shop)
    found = await knowledge_search.search_articles(question, "")
    at_once = await knowledge_search.search_articles(question, "", language)
    chosen = best_for_customer(found, language)

    assert chosen[0].passage.source == source
    assert list(chosen) == list(at_once[:SHOWN])
    assert len(found) <= FOUND


async def test_a_follow_up_is_read_with_what_was_asked_before(shop: Store) -> None:
    """«and for islands?» alone says nothing; the agent's words in between are not the question."""
    thread = "[customer] How long does delivery take?\n[agent] Let me see."
    knowledge_search = KnowledgeSearch(shop)

    assert await knowledge_search.search_articles("and for that?", "") == ()
    assert (await knowledge_search.search_articles("and for that?", thread))[
        0
    ].passage.source == "delivery-en.md"


async def test_articles_for_agents_are_for_those_who_name_them(shop: Store) -> None:
    """Without a word about audiences only public passages are found."""
    question = "goodwill voucher limits that an agent may offer"
    knowledge_search = KnowledgeSearch(shop)
    public = await knowledge_search.search_articles(question, "")
    everything = await knowledge_search.search_articles(
        question, "", audiences=("public", "agents")
    )

    assert {hit.passage.audience for hit in public} <= {"public"}
    assert everything[0].passage.source == "goodwill-agents.md"


class Counting:
    """A store that counts what is read from it."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reads = 0

    async def write(self, *given: Any, **named: Any) -> Any:
        return await self._store.write(*given, **named)

    async def read(self, *given: Any, **named: Any) -> Any:
        self.reads += 1
        return await self._store.read(*given, **named)


@pytest.mark.parametrize(
    ("said", "times"),
    [
        # Word by word the message itself, however it is spaced.
        ("How long does  delivery take?", 0),
        ("How long does delivery to Hanoi take?", 1),
    ],
)
async def test_a_question_that_is_the_message_is_not_looked_for_again(
    shop: Store, said: str, times: int
) -> None:
    """And the ranking is as if it had been."""
    counting = Counting(shop)
    knowledge_search, query = KnowledgeSearch(counting), [Query(said, QUESTION)]
    hits = await knowledge_search.search_articles(DELIVERY, "")
    before = counting.reads
    found = await knowledge_search.also(DELIVERY, hits, query)

    assert counting.reads - before == times
    assert list(found) == list(await KnowledgeSearch(shop).also("", hits, query))
