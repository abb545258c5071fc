"""Stores with the tables of articles and their indexes, in a file of SQLite and on PostgreSQL.

What is tested with them holds for both.
"""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from bot.knowledge.sources import Folder
from storage.db.database import Database
from storage.knowledge import articles, vectors
from tests.support.databases import Server, as_typed
from tests.support.workspace import KNOWLEDGE

SAMPLE = KNOWLEDGE


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An empty store in a file of SQLite."""
    with _empty(f"sqlite:///{tmp_path}/desk.db") as store:
        yield store


@pytest.fixture
def postgresql(server: Server) -> Iterator[Database]:
    """An empty store in a database of its own on the PostgreSQL server."""
    with server.lent() as url, _empty(url) as store:
        yield store


def vacuum(store: Database) -> None:
    """What a server does by itself: the room of removed rows is taken by the next ones."""
    with psycopg.connect(as_typed(store.url), autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")


@contextmanager
def _empty(url: str) -> Iterator[Database]:
    store = Database(url)
    asyncio.run(_made(store))
    yield store
    asyncio.run(store.close())


async def _made(store: Database) -> None:
    await store.write(articles.create_tables)
    await store.write(vectors.create_vector_table)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Database:
    """An empty store, once on each database."""
    store: Database = request.getfixturevalue(request.param)
    return store


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Database]:
    """A store with the sample articles in it, filled once: nobody who asks for it writes."""
    reading = Folder(SAMPLE).read()
    assert reading.problems == []
    with ExitStack() as stack:
        url = (
            f"sqlite:///{tmp_path_factory.mktemp('shop')}/desk.db"
            if request.param == "sqlite"
            else stack.enter_context(request.getfixturevalue("server").lent())
        )
        store = stack.enter_context(_empty(url))
        asyncio.run(store.write(articles.sync_articles, reading.articles))
        yield store
