"""Opening the store and the two ways into it: reading and writing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.ext.asyncio import AsyncSession as Session

__all__ = ["SQLITE_PRAGMAS", "BadDatabaseUrl", "Database", "Session", "sqlite_url"]

# WAL lets readers work beside the writer; FULL keeps a commit through a power cut.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
)


class BadDatabaseUrl(ValueError):
    """DATABASE_URL is not one that Deskhand can open; the sentence says what is expected."""


def sqlite_url(url: str) -> URL:
    """Check a plain `sqlite:///file.db` address.

    Raises:
        BadDatabaseUrl: for anything else.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadDatabaseUrl(_expected(url)) from None
    if parsed.drivername != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise BadDatabaseUrl(_expected(parsed.render_as_string(hide_password=True)))
    return parsed


def _expected(url: str) -> str:
    return f"DATABASE_URL: expected sqlite:///deskhand.db (a file), found {url!r}"


class Database:
    """The store. One writer at a time with BEGIN IMMEDIATE, readers beside it."""

    def __init__(self, url: str) -> None:
        parsed = sqlite_url(url).set(drivername="sqlite+aiosqlite")
        self.file = Path(parsed.database or "")
        # A pool of one serialises writers here instead of in SQLite's busy wait, which sleeps.
        self._writer = _engine(parsed, pool_size=1)
        event.listen(self._writer.sync_engine, "begin", _begin_immediate)
        # A reader asks single questions: a transaction would be two more trips to its thread.
        self._reader = _engine(parsed, pool_size=4, isolation_level="AUTOCOMMIT")

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Session]:
        """One transaction that may write; committed when the block ends, undone if it raises."""
        async with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Session]:
        """A look at what is committed; each statement sees the newest."""
        async with Session(self._reader, expire_on_commit=False) as session:
            yield session

    async def close(self) -> None:
        await self._writer.dispose()
        await self._reader.dispose()


def _engine(url: URL, *, pool_size: int, **options: Any) -> AsyncEngine:
    # What people wrote must not reach the log inside a driver's complaint.
    engine = create_async_engine(
        url, pool_size=pool_size, max_overflow=0, pool_timeout=60, hide_parameters=True, **options
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # SQLAlchemy opens transactions itself; the driver's own implicit BEGIN would be deferred.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in SQLITE_PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


def _begin_immediate(connection: Any) -> None:
    """Take the write lock at once: a transaction that asks for it later can be refused it."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
