"""SQLite and PostgreSQL find the same passages, in the same order, in a store of many alike."""

from random import Random

import pytest

from bot.knowledge.terms import message_terms
from storage.db.database import Database, Store
from storage.knowledge import articles
from storage.knowledge.passage_search import search_passages
from storage.knowledge.values import Article, Passage
from tests.support.article_stores import vacuum

TEXT = """
order parcel delivery refund return cancel change address account voucher invoice payment giao hàng
đơn hủy đổi trả hoàn tiền địa chỉ tài khoản mật khẩu khuyến mãi bảo hành nồi cơm kettle bottle steel
warranty broken missing late shipping customs gift receipt colour size
"""
WORDS = TEXT.split()
PASSAGES = 2_400


def shelf() -> list[Article]:
    """Short and very long passages of few words, so that many weigh the same for a question."""
    dice = Random(10)  # noqa: S311 - the same every time
    return [
        article(number, " ".join(dice.choices(WORDS, k=400 if number % 60 == 0 else 8)))
        for number in range(PASSAGES)
    ]


def article(number: int, body: str) -> Article:
    """An article of one passage."""
    source = f"{number}.md"
    passage = Passage(source, "", "", "public", "en", (), (body,))
    return Article(source, "", "", "public", "en", None, "1", (passage,))


async def answers(store: Store, questions: list[str]) -> list[list[tuple[str, float, float]]]:
    """What a store finds for each question: source, score and coverage, best first."""
    found = []
    for question in questions:
        hits = await store.read(search_passages, message_terms(question), language="en", limit=16)
        found.append([(hit.passage.source, hit.score, hit.coverage) for hit in hits])
    return found


@pytest.mark.long
async def test_both_databases_find_the_same(sqlite: Store, postgresql: Database) -> None:
    """Also after articles came and went, when no table is in the order of its ids any more."""
    dice = Random(11)  # noqa: S311 - the same every time
    questions = [" ".join(dice.sample(WORDS, dice.randint(2, 8))) for _ in range(40)]
    stored = shelf()
    for store in (sqlite, postgresql):
        await store.write(articles.sync_articles, stored)
        await store.write(
            articles.sync_articles, stored[: PASSAGES // 2] + stored[PASSAGES // 2 :: 2]
        )
        vacuum(postgresql)
        await store.write(articles.sync_articles, stored)

    found = await answers(sqlite, questions)

    assert await answers(postgresql, questions) == found
    assert all(found)
