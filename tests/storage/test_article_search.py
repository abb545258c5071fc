"""Finding the passage that answers a question, in the sample articles."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.knowledge.terms import message_terms
from evals.retrieval import document
from storage.db.database import Store
from storage.knowledge import fusion
from storage.knowledge.articles import store_articles
from storage.knowledge.passage_search import search_passages
from storage.knowledge.respelling import few_letters_apart
from storage.knowledge.values import Article, Audience, Hit, Passage


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
        ("I never got the text message with the code", "app-help-en.md"),
        ("can I send back a costly thing and be reimbursed", "returns-en.md"),
        ("the van came and nobody was home, where is my package", "delivery-en.md"),
        ("đăng ký giấy chứng minh mua hàng và biên lai", "payment-vi.md"),
    ],
)
async def test_another_word_for_the_same_finds_the_article(
    shop: Store, question: str, source: str
) -> None:
    """The articles say SMS, refund, parcel and «hóa đơn»."""
    assert source in [hit.passage.source for hit in (await ask(shop, question))[:3]]


@pytest.mark.parametrize("question", ["the tariff of a hotel room", "who is your supervisor"])
async def test_a_synonym_alone_is_no_subject(shop: Store, question: str) -> None:
    """A word that may stand for another is believed less than the word itself."""
    assert all(hit.coverage < 1 for hit in await ask(shop, question))


async def test_a_synonym_adds_nothing_beside_the_word_itself(database: Store) -> None:
    """So an article is not better because it says the same twice."""
    both, alone = "Tax and VAT are paid here.", "Fees and VAT are paid here."
    articles = [document(name, "en", body) for name, body in (("both", both), ("alone", alone))]
    await database.write(store_articles, articles, "")

    hits = await ask(database, "VAT")

    assert len({round(hit.score, 6) for hit in hits}) == 1


async def test_a_heading_of_the_words_asked_comes_before_many_mentions(database: Store) -> None:
    """What a passage is called says what it is about."""
    named = Passage("named", "Donations", "", "public", "en", (), ("Use this form.",))
    mentions = Passage(
        "mentions", "News of the year", "", "public", "en", (), ("A donation. Donation again.",)
    )
    articles = [
        Article(each.source, each.title, "", "public", "en", None, "1", (each,))
        for each in (mentions, named)
    ]
    await database.write(store_articles, articles, "")

    assert [hit.passage.source for hit in await ask(database, "donations")] == ["named", "mentions"]


async def test_a_question_is_read_with_what_is_told_before_it(database: Store) -> None:
    """«What does that mean?» alone is about another article."""
    bodies = {
        "beeps": "The scanner beeps when its battery is low.",
        "words": "What does DPI mean? Dots per inch is what it means.",
        "parcel": "Put the parcel on the table.",
    }
    articles = [document(name, "en", body) for name, body in bodies.items()]
    await database.write(store_articles, articles, "")

    def lead(hits: list[Hit]) -> float:
        scores = {hit.passage.source: hit.score for hit in hits}
        return scores["beeps"] / scores["words"]

    near = await ask(database, "The scanner beeps. What does that mean?")
    apart = await ask(database, "The scanner beeps.\n\nWhat does that mean?")

    assert near[0].passage.source == "beeps"
    assert lead(near) > 1.5 * lead(apart)


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
