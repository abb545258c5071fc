"""Opening the store and the two ways into it: reading and writing.

A transaction is a plain function that takes a `Session` first. It runs whole in a thread, one hop
there and one back, so that nothing but SQL can happen while it holds the database.
"""

import asyncio
import json
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, tzinfo
from functools import cache, partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import structlog
from sqlalchemy import Connection, Dialect, Engine, QueuePool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache

__all__ = [
    "SQLITE_PRAGMAS",
    "BadDatabaseUrl",
    "Database",
    "Session",
    "Store",
    "StoreFailure",
    "sqlite_url",
]

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
TOGETHER = 64
_PUT_TOGETHER = {"compiled_cache": LRUCache[Any, Any](1_000)}

# Seconds after which a write is logged.
SLOW = 5.0

log = structlog.get_logger("store")

# What a transaction raises when the file cannot be written: it is read-only, locked, full, damaged.
StoreFailure = DBAPIError
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

    `zone` is the desk's time zone: the daily totals are made by its days. A write that takes more
    than `slow` seconds, its turn among them, is logged.
    """

    def __init__(self, url: str, zone: tzinfo = UTC, *, slow: float = SLOW) -> None:
        self.zone = zone
        self._slow = slow
        parsed = sqlite_url(url)
        self.file = Path(parsed.database or "")
        self._writer = engine(parsed, WRITERS, _prepare)
        event.listen(self._writer, "begin", _begin_immediate)
        # A reader asks single questions: each sees the newest, and none holds a snapshot open.
        self._reader = engine(parsed, READERS, _prepare)
        # Threads of our own: the loop's are the engine's, and are busy with its waits.
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._waiting: deque[_Job] = deque()

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` as one transaction: committed at its end, undone if it raises.

        A transaction that has begun ends, also when the task that waits for it is cancelled; one
        that has not begun by then never does. Transactions that wait for the same commit share it.
        When one of them raises, the others are carried out again without it: so the work may be
        done twice, and only the second counts.
        """
        job = _Job(lambda session: work(session, *args, **kwargs))
        began = time.monotonic()
        self._waiting.append(job)
        self._writers.submit(self._commit_waiting)
        try:
            result: T = await asyncio.wrap_future(job.ended)
        finally:
            if (took := time.monotonic() - began) > self._slow:
                log.warning("write was slow", work=_name(work), seconds=round(took, 1))
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
        self._commit([job for job in jobs if job.ended.set_running_or_notify_cancel()])

    def _commit(self, jobs: Sequence["_Job"]) -> None:
        if not jobs:
            return
        try:
            with self._writer.begin() as connection:
                for job in jobs:
                    job.run(connection, self.zone)
        except Exception as error:  # noqa: BLE001 - it is the callers'
            # Nothing of it happened. Who raised is found out by doing each of them alone.
            if len(jobs) == 1:
                jobs[0].ended.set_exception(error)
            else:
                for job in jobs:
                    self._commit([job])
            return
        for job in jobs:
            job.ended.set_result(job.result)

    def _end(self) -> None:
        self._readers.shutdown()
        self._reader.dispose()
        self._writer.dispose()


def _name(work: Callable[..., Any]) -> str:
    return getattr(work, "__name__", type(work).__name__)


class _Job:
    """A transaction on its way: what is to be done, and what came of it."""

    def __init__(self, work: Callable[[Session], Any]) -> None:
        self._work = work
        self.result: Any = None
        self.ended: Future[Any] = Future()

    def run(self, connection: Connection, zone: tzinfo) -> None:
        """Do the work in the commit's transaction; what it raises undoes all that share it."""
        session = Session(
            connection,
            expire_on_commit=False,
            info={"zone": zone},
            join_transaction_mode="rollback_only",
        )
        with session, session.begin():
            self.result = self._work(session)


def engine(url: URL, size: int, prepare: Callable[[DBAPIConnection], None]) -> Engine:
    """Connections to a file of SQLite, each prepared when it is opened.

    All engines of a process share what they know of SQLite and of statements, so that each
    statement is put together once: that takes longer than to carry it out.
    """
    known = _sqlite()
    args, options = known.create_connect_args(url)
    pool = QueuePool(
        lambda: known.connect(*args, **options), dialect=known, pool_size=size, max_overflow=0
    )
    event.listen(pool, "connect", lambda connection, _record: prepare(connection))
    # What people wrote must not reach the log inside a driver's complaint.
    return Engine(pool, known, url, hide_parameters=True, execution_options=_PUT_TOGETHER)


@cache
def _sqlite() -> Dialect:
    """What this SQLite can do, asked once.

    Text in JSON is kept as it is written: Vietnamese in escapes is three times as long, and as
    slow to read.
    """
    asked = create_engine("sqlite://", json_serializer=partial(json.dumps, ensure_ascii=False))
    asked.connect().close()
    asked.dispose()
    return asked.dialect


def _prepare(connection: DBAPIConnection) -> None:
    # SQLAlchemy opens transactions itself; the driver's own implicit BEGIN would be deferred.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    """Take the write lock at once: a transaction that asks for it later can be refused it."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
