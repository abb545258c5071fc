"""Finding the passage that answers a question, in the sample articles."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.terms import message_terms
from storage.db.database import Store
from storage.knowledge import fusion
from storage.knowledge.passage_search import search_passages
from storage.knowledge.respelling import few_letters_apart
from storage.knowledge.values import Audience, Hit


async def ask(
    database: Store, question: str, language: str | None = None, audience: Audience = "public"
) -> list[Hit]:
    return await database.read(
        search_passages, message_terms(question), language=language, audience=audience
    )


@pytest.mark.parametrize(
    ("question", "language", "source"),
    [
        ("How long does delivery take?", "en", "delivery-en.md"),
        ("I was thinking of cancelling order 4821", "en", "cancelling-en.md"),
        ("my parcel arrived broken", "en", "damaged-en.md"),
        ("what is the difference between the Sen 1.0 and the Sen Pro", "en", "rice-cookers-en.md"),
        ("is the steel bottle dishwasher safe?", "en", "bottles-en.md"),
        ("Bao lâu thì giao hàng?", "vi", "delivery-vi.md"),
        ("khi nào được hoàn tiền", "vi", "returns-vi.md"),
        ("so sánh hai nồi cơm điện giúp mình", "vi", "rice-cookers-vi.md"),
    ],
)
async def test_a_question_finds_its_article(
    shop: Store, question: str, language: str, source: str
) -> None:
    """The best passage is of the right article, in the customer's language."""
    assert (await ask(shop, question, language))[0].passage.source == source


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("how long does delivrey take?", "delivery-en.md"),
        ("is the steel botle dishwahser safe", "bottles-en.md"),
        ("my ordr arrived in pieces and damgaed", "damaged-en.md"),
        ("cancelation of my ordder pls", "cancelling-en.md"),
    ],
)
async def test_a_question_with_typing_errors_finds_its_article(
    shop: Store, question: str, source: str
) -> None:
    """A word that no article has is read as the nearest one that some article has."""
    assert (await ask(shop, question, "en"))[0].passage.source == source


@pytest.mark.parametrize("question", ["zelivery zakes zong", "xqzkvw", "brxtwq plmkjh"])
async def test_words_that_are_near_to_none_find_nothing(shop: Store, question: str) -> None:
    """An error in the first two letters, or gibberish, is no other word."""
    assert await ask(shop, question) == []


@pytest.mark.parametrize(
    ("word", "other", "most", "near"),
    [
        ("pasword", "password", 1, True),
        ("recieve", "receive", 1, True),
        ("delivry", "delivery", 1, True),
        ("bottel", "bottle", 1, True),
        ("cooler", "cooker", 1, True),
        ("refund", "rebound", 1, False),
        ("subscirptoin", "subscription", 1, False),
        ("subscirptoin", "subscription", 2, True),
        ("a", "abcdef", 2, False),
    ],
)
def test_letters_that_are_wrong_are_counted(word: str, other: str, most: int, near: bool) -> None:
    """One too many, too few, changed, or swapped with its neighbour."""
    assert few_letters_apart(word, other, most) is near


@pytest.mark.parametrize(
    ("question", "source"),
    [
        ("bao lau thi giao hang", "delivery-vi.md"),
        ("minh muon huy don hang", "cancelling-vi.md"),
        ("doi dia chi giao hang", "account-vi.md"),
        ("hang bi vo roi shop oi", "damaged-vi.md"),
    ],
)
async def test_vietnamese_without_accents_finds_accented_articles(
    shop: Store, question: str, source: str
) -> None:
    """Also đ is found by d."""
    assert (await ask(shop, question, "vi"))[0].passage.source == source


@pytest.mark.parametrize(
    "question",
    [
        "hello there!",
        "thanks a lot",
        "what's the capital of France",
        "who won the world cup in 2022",
        "what is 2+2",
        "xin chào",
        "cam on ban nhieu",
        "thủ đô của nước Pháp là gì",
        "ai la tong thong my",
    ],
)
async def test_nothing_is_found_for_what_no_article_is_about(shop: Store, question: str) -> None:
    """No passage is better than one that merely shares a word."""
    assert await ask(shop, question) == []


async def test_an_article_for_agents_is_found_by_agents_only(shop: Store) -> None:
    """The same question shows a customer nothing of it, in whatever words."""
    question = "goodwill voucher limits that an agent may offer"
    for_agents = await ask(shop, question, "en", "agents")
    for_customers = await ask(shop, question, "en")

    assert for_agents[0].passage.source == "goodwill-agents.md"
    assert {hit.passage.audience for hit in for_customers} <= {"public"}


async def test_the_language_of_the_customer_decides_between_twins(shop: Store) -> None:
    """«VAT» and «QR» stand in both articles on payment."""
    english, vietnamese = await ask(shop, "VAT", "en"), await ask(shop, "VAT", "vi")

    assert english[0].passage.language == "en"
    assert vietnamese[0].passage.language == "vi"


async def test_a_limit_is_kept(shop: Store) -> None:
    """Never more passages than asked for, each of them once."""
    hits = await shop.read(
        search_passages, message_terms("delivery order refund"), language="en", limit=3
    )

    assert len({hit.passage_id for hit in hits}) == len(hits) == 3


@pytest.mark.parametrize(
    "question",
    [
        "",
        '"',
        "delivery AND",
        "NEAR(delivery order, 2)",
        "heading : delivery * - ^ + {a} (",
        "'; DROP TABLE passages; --",
        "a\x00b \ud800",
        "👍👍👍",
        "_ __ a_b",
        "delivery " * 1200,
        "²½Ⅷ ﷽",
    ],
)
async def test_any_text_can_be_asked(shop: Store, question: str) -> None:
    """Query syntax in a message is only text, and the articles survive it."""
    await ask(shop, question)

    assert await ask(shop, "How long does delivery take?", "en")


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(question=st.text(max_size=200))
async def test_no_text_breaks_a_search(shop: Store, question: str) -> None:
    """Every hit has a coverage between the least one accepted and all of it."""
    hits = await ask(shop, question)

    assert all(fusion.LEAST_COVERAGE <= hit.coverage <= 1.000001 for hit in hits)
