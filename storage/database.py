"""Opening the store and the two ways into it: reading and writing.

A transaction is a plain function that takes a `Session` first. It runs whole in a thread, one hop
there and one back, so that nothing but SQL can happen while it holds the database.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session

__all__ = ["SQLITE_PRAGMAS", "BadDatabaseUrl", "Database", "Session", "Store", "sqlite_url"]

# WAL lets readers work beside the writer; FULL keeps a commit through a power cut.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
)
# SQLite has one writer: queueing for it here is fair, its own busy wait sleeps.
WRITERS = 1
READERS = 4
# Transactions that may share a commit; more would let the first of them wait too long.
TOGETHER = 16


P = ParamSpec("P")
T = TypeVar("T")


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


class Store(Protocol):
    """A way into a database. `Database` is the desk's own, a file of SQLite."""

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` as one transaction."""

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` on what is committed."""


class Database:
    """The store. One writer at a time with BEGIN IMMEDIATE, readers beside it.

    `zone` is the desk's time zone: the day books are kept by its days.
    """

    def __init__(self, url: str, zone: tzinfo = UTC) -> None:
        self.zone = zone
        parsed = sqlite_url(url)
        self.file = Path(parsed.database or "")
        self._writer = _engine(parsed, WRITERS)
        event.listen(self._writer, "begin", _begin_immediate)
        # A reader asks single questions: each sees the newest, and none holds a snapshot open.
        self._reader = _engine(parsed, READERS, isolation_level="AUTOCOMMIT")
        # Threads of our own: the loop's are the engine's, and are busy with its waits.
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._waiting: deque[_Job] = deque()

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` as one transaction: committed at its end, undone if it raises.

        A transaction that has begun ends, also when the task that waits for it is cancelled; one
        that has not begun by then never does. Transactions that wait for the same commit share it;
        one that raises is undone alone.
        """
        job = _Job(lambda session: work(session, *args, **kwargs))
        self._waiting.append(job)
        self._writers.submit(self._commit_waiting)
        result: T = await asyncio.wrap_future(job.ended)
        return result

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` on what is committed; each of its statements sees the newest."""
        seen = partial(self._seen, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, seen)

    async def close(self) -> None:
        """Finish what is under way and let go of the file."""
        await asyncio.get_running_loop().run_in_executor(self._writers, self._end)
        self._writers.shutdown(wait=False)

    def _seen(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with Session(self._reader, expire_on_commit=False) as session:
            return work(session, *args, **kwargs)

    def _commit_waiting(self) -> None:
        """Carry out what waits as one commit: of a transaction's time that is the longest part."""
        jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), TOGETHER))]
        jobs = [job for job in jobs if job.ended.set_running_or_notify_cancel()]
        if not jobs:
            return
        try:
            with self._writer.begin() as connection:
                for job in jobs:
                    job.run(connection, self.zone)
        except Exception as error:  # noqa: BLE001 - it is the callers'
            # Without the commit nothing happened, whatever each of them thought.
            for job in jobs:
                job.ended.set_exception(error)
            return
        for job in jobs:
            job.tell()

    def _end(self) -> None:
        self._readers.shutdown()
        self._reader.dispose()
        self._writer.dispose()


class _Job:
    """A transaction on its way: what is to be done, and what came of it."""

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self._work = work
        self._result: Any = None
        self._error: BaseException | None = None
        self.ended: Future[Any] = Future()

    def run(self, connection: Connection, zone: tzinfo) -> None:
        """Do the work under a savepoint, so that it can be undone without its neighbours."""
        session = Session(
            connection,
            expire_on_commit=False,
            info={"zone": zone},
            join_transaction_mode="create_savepoint",
        )
        try:
            with session, session.begin():
                self._result = self._work(session)
        except Exception as error:  # noqa: BLE001 - it is the caller's
            self._error = error

    def tell(self) -> None:
        """Hand the outcome to the one who waits; only after the commit."""
        if self._error is not None:
            self.ended.set_exception(self._error)
        else:
            self.ended.set_result(self._result)


def _engine(url: URL, size: int, **options: Any) -> Engine:
    # What people wrote must not reach the log inside a driver's complaint.
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        hide_parameters=True,
        # Vietnamese spelled out in escapes is three times as long, and as slow to read.
        json_serializer=partial(json.dumps, ensure_ascii=False),
        **options,
    )

    @event.listens_for(engine, "connect")
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
