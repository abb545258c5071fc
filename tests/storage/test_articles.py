"""Keeping the store in step with the files."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from bot.knowledge import passages
from bot.knowledge.terms import message_terms
from storage.db.database import Store
from storage.knowledge import articles
from storage.knowledge.index import index
from storage.knowledge.passage_search import search_passages
from storage.knowledge.values import Article, SyncReport
from storage.knowledge.word_counts import WordRow

TEA = passages.read_article("tea.md", "# Tea\n\nGreen tea is kept for twelve months.\n")
CUP = passages.read_article("cup.md", "# Cup\n\nThe cup holds a quarter of a litre.\n")


async def synced(database: Store, *given: Article) -> SyncReport:
    return await database.write(articles.sync_articles, given)


async def sources(database: Store, question: str) -> list[str]:
    hits = await database.read(search_passages, message_terms(question), language="en")
    return [hit.passage.source for hit in hits]


async def test_new_articles_are_added_and_known_ones_left_alone(database: Store) -> None:
    """A second sync of the same files touches nothing."""
    assert await synced(database, TEA, CUP) == SyncReport(2, 0, 0, 0)
    assert await synced(database, TEA, CUP) == SyncReport(0, 0, 0, 2)


async def test_a_changed_article_is_found_by_its_new_words_only(database: Store) -> None:
    """The old text leaves both indexes with the old passages."""
    await synced(database, TEA, CUP)
    changed = passages.read_article("tea.md", "# Tea\n\nOolong stays fresh in a tin.\n")

    assert await synced(database, changed, CUP) == SyncReport(0, 1, 0, 1)
    assert await sources(database, "how long does oolong stay fresh?") == ["tea.md"]
    assert await sources(database, "twelve months green") == []


async def test_a_removed_article_is_never_found_again(database: Store) -> None:
    """A deletion is followed in the tables and in both indexes."""
    await synced(database, TEA, CUP)

    assert await synced(database, CUP) == SyncReport(0, 0, 1, 1)
    assert await sources(database, "green tea months") == []

    def left(session: Session) -> tuple[list[str], list[Sequence[int]]]:
        words = session.scalars(select(col(WordRow.word)).order_by(col(WordRow.word)))
        postings = index(session).postings(session, ["tea", "cup"], ["green_tea", "the_cup"])
        return list(words), [*postings.stemmed.values(), *postings.folded.values()]

    words, entries = await database.read(left)
    assert "green" not in words
    assert "quarter" in words
    assert len(entries) == 2


async def test_each_origin_follows_its_own_deletions_only(database: Store) -> None:
    """A folder that is read again leaves alone what came from elsewhere."""
    await database.write(articles.sync_articles, [TEA], "folder")
    await database.write(articles.store_articles, [CUP], "tickets")

    assert await database.write(articles.sync_articles, [], "folder") == SyncReport(0, 0, 1, 0)
    assert await sources(database, "green tea months") == []
    assert await sources(database, "cup quarter litre") == ["cup.md"]


async def test_an_article_taken_in_leaves_its_origins_others_alone(database: Store) -> None:
    """One approved answer more, not instead."""
    await database.write(articles.store_articles, [TEA], "tickets")

    assert await database.write(articles.store_articles, [CUP], "tickets") == SyncReport(1, 0, 0, 1)
    assert await sources(database, "green tea months") == ["tea.md"]


async def test_a_name_that_is_taken_is_refused_and_said(database: Store) -> None:
    """Two articles under one name could not be told apart where they are cited."""
    await database.write(articles.sync_articles, [TEA], "folder")
    other = replace(CUP, source=TEA.source)

    assert await database.write(articles.sync_articles, [other], "else") == SyncReport(
        0, 0, 0, 0, refused=("tea.md",)
    )
    assert await sources(database, "green tea months") == ["tea.md"]


async def test_a_changed_audience_takes_effect(database: Store) -> None:
    """Marking an article for agents hides it from customers at the next sync."""
    await synced(database, TEA)
    hidden = replace(TEA, audience="agents", content_hash="other")

    assert await synced(database, hidden) == SyncReport(0, 1, 0, 0)
    assert await sources(database, "green tea") == []
