"""Opening the store and the two ways into it: reading and writing.

A transaction is a plain function that takes a `Session` first. It runs whole in a thread, one hop
there and one back, so that nothing but SQL can happen while it holds the database.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, tzinfo
from functools import partial
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from storage.db.address import database_url, on_server
from storage.db.engine_home import EngineHome, engine_home
from storage.db.engines import reading_engine, writing_engine

__all__ = ["Database", "Session", "Store", "StoreFailure"]

# The desk has one writer: queueing for it here is fair, the database's own wait is not.
WRITERS = 1
READERS = 4
# Transactions that may share a commit; more would let the first of them wait too long.
TOGETHER = 64

# Seconds after which a write is logged.
SLOW = 5.0

log = structlog.get_logger("store")

# What a transaction raises when it cannot be written: the database is read-only, locked, full,
# damaged, or not to be reached.
StoreFailure = DBAPIError
P = ParamSpec("P")
T = TypeVar("T")


class Store(Protocol):
    """A way into a database. `Database` is the desk's own."""

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` as one transaction."""

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` on what is committed."""


class Database:
    """The store: a file of SQLite or a PostgreSQL server. One writer at a time, readers beside it.

    On a server other processes may write too; each transaction waits for theirs.

    `zone` is the desk's time zone: the daily totals are made by its days. A write that takes more
    than `slow` seconds, its turn among them, is logged.
    """

    def __init__(self, url: str, zone: tzinfo = UTC, *, slow: float = SLOW) -> None:
        self.zone = zone
        self.url = database_url(url)
        self._writer = writing_engine(self.url, WRITERS)
        self._reader = reading_engine(self.url, READERS)
        self._slow = slow
        # Threads of our own: the loop's are the engine's, and are busy with its waits.
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix="store-write")
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="store-read")
        self._waiting: deque[_Job] = deque()
        # Whether the writer has been called and has not begun to look at what waits.
        self._called = False

    @property
    def file(self) -> Path | None:
        """The file of SQLite; None on a server."""
        return None if on_server(self.url) else Path(self.url.database or "")

    @property
    def engine_home(self) -> EngineHome:
        """Where the workflow engine keeps its rows."""
        return engine_home(self.url)

    async def write(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` as one transaction: committed at its end, undone if it raises.

        A transaction that has begun ends, also when the task that waits for it is cancelled; one
        that has not begun by then never does. Transactions that wait for the same commit share it.
        When one of them raises, the others are carried out again without it: so the work may be
        done twice, and only the second counts.
        """
        ended: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        job = _Job(lambda session: work(session, *args, **kwargs), ended)
        began = time.monotonic()
        self._waiting.append(job)
        self._call_writer()
        try:
            return await ended
        finally:
            if (took := time.monotonic() - began) > self._slow:
                log.warning("write was slow", work=_name(work), seconds=round(took, 1))

    async def read(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run `work(session, …)` on what is committed; each of its statements sees the newest."""
        seen = partial(self._seen, work, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._readers, seen)

    async def close(self) -> None:
        """Finish what is under way and let go of the database."""
        await asyncio.get_running_loop().run_in_executor(self._writers, self._end)
        self._writers.shutdown(wait=False)

    def _seen(
        self, work: Callable[Concatenate[Session, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        with Session(self._reader, expire_on_commit=False) as session:
            return work(session, *args, **kwargs)

    def _call_writer(self) -> None:
        """Have the writer look at what waits, unless it has been called and is still to come.

        Raises:
            RuntimeError: the store is closed.
        """
        if self._called:
            return
        self._called = True
        try:
            self._writers.submit(self._commit_waiting)
        except RuntimeError:
            self._called = False
            raise

    def _commit_waiting(self) -> None:
        """Carry out what waits, many as one commit: of a transaction's time that is the longest."""
        self._called = False
        while self._waiting:
            jobs = [self._waiting.popleft() for _ in range(min(len(self._waiting), TOGETHER))]
            jobs = [job for job in jobs if not job.ended.cancelled()]
            self._commit(jobs)
            _tell(jobs)

    def _commit(self, jobs: Sequence["_Job"]) -> None:
        if not jobs:
            return
        try:
            with self._writer.begin() as connection:
                for job in jobs:
                    job.run(connection, self.zone)
        except Exception as error:  # noqa: BLE001 - it is the callers'
            # Nothing of it happened. Who raised is found out by doing each of them alone.
            if len(jobs) == 1 or _cut_off(error):
                for job in jobs:
                    job.error = error
            else:
                for job in jobs:
                    self._commit([job])

    def _end(self) -> None:
        self._readers.shutdown()
        self._reader.dispose()
        self._writer.dispose()


def _cut_off(error: Exception) -> bool:
    """Whether the server went away, so that nobody knows whether the commit reached it."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _name(work: Callable[..., Any]) -> str:
    return getattr(work, "__name__", type(work).__name__)


class _Job:
    """A transaction on its way: what is to be done, who waits for it, and what came of it."""

    def __init__(self, work: Callable[[Session], Any], ended: asyncio.Future[Any]) -> None:
        self._work = work
        self.ended = ended
        self.result: Any = None
        self.error: Exception | None = None

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

    def tell(self) -> None:
        """Let who waits know, if anybody still does."""
        if self.ended.done():
            return
        if self.error is not None:
            self.ended.set_exception(self.error)
        else:
            self.ended.set_result(self.result)


def _tell(jobs: Sequence[_Job]) -> None:
    """Let all know at once: woken for each, a busy loop would hold the writer up each time."""

    def tell(those: Sequence[_Job]) -> None:
        for job in those:
            job.tell()

    for loop in {job.ended.get_loop() for job in jobs}:
        # A loop that is closed has nobody who waits.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(tell, [job for job in jobs if job.ended.get_loop() is loop])
