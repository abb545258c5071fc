"""Keeping the store in step with the files."""

from dataclasses import replace

from sqlalchemy import text

from bot import knowledge
from storage import articles
from storage.database import Database, Session
from storage.documents import Article, SyncReport

TEA = knowledge.article("tea.md", "# Tea\n\nGreen tea is kept for twelve months.\n")
CUP = knowledge.article("cup.md", "# Cup\n\nThe cup holds a quarter of a litre.\n")


async def synced(database: Database, *given: Article) -> SyncReport:
    return await database.write(articles.sync, given)


async def sources(database: Database, question: str) -> list[str]:
    hits = await database.read(articles.search, question, language="en")
    return [hit.passage.source for hit in hits]


async def test_new_articles_are_added_and_known_ones_left_alone(database: Database) -> None:
    """A second sync of the same files touches nothing."""
    assert await synced(database, TEA, CUP) == SyncReport(2, 0, 0, 0)
    assert await synced(database, TEA, CUP) == SyncReport(0, 0, 0, 2)


async def test_a_changed_article_is_found_by_its_new_words_only(database: Database) -> None:
    """The old text leaves both indexes with the old passages."""
    await synced(database, TEA, CUP)
    changed = knowledge.article("tea.md", "# Tea\n\nOolong stays fresh in a tin.\n")

    assert await synced(database, changed, CUP) == SyncReport(0, 1, 0, 1)
    assert await sources(database, "how long does oolong stay fresh?") == ["tea.md"]
    assert await sources(database, "twelve months green") == []


async def test_a_removed_article_is_never_found_again(database: Database) -> None:
    """A deletion is followed in the tables and in both indexes."""
    await synced(database, TEA, CUP)

    assert await synced(database, CUP) == SyncReport(0, 0, 1, 1)
    assert await sources(database, "green tea months") == []

    def count(session: Session) -> None:
        for table in ("passages", "passages_stemmed", "passages_folded"):
            assert session.scalar(text(f"SELECT count(*) FROM {table}")) == 1  # noqa: S608

    await database.read(count)


async def test_a_changed_audience_takes_effect(database: Database) -> None:
    """Marking an article for agents hides it from customers at the next sync."""
    await synced(database, TEA)
    hidden = replace(TEA, audience="agents", content_hash="other")

    assert await synced(database, hidden) == SyncReport(0, 1, 0, 0)
    assert await sources(database, "green tea") == []
