"""Finding passages for a message before its language is known."""

import pytest

from bot.knowledge.search import FOUND, SHOWN, KnowledgeSearch, best_for_customer
from storage.db.database import Store


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
