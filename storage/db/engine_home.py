"""Where the workflow engine keeps its rows: a file beside the desk's own, or a schema beside it.

It also says which process they belong to. A file belongs to one, a server's schema to any number.
Each holds a lock for as long as it runs, and the operating system or the server takes it back
however the process ends.
"""

import fcntl
import os
import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol, TextIO
from uuid import uuid4

from sqlalchemy import Engine, event
from sqlalchemy.engine import URL

from storage.db.address import on_server, shown
from storage.db.engines import SQLITE_PRAGMAS, engine
from storage.db.postgres_session import prepare_session
from storage.db.process_locks import ProcessLocks
from storage.db.sqlite_floor import lend_subseconds

SCHEMA = "deskhand_engine"
# The engine's own threads, and its looks for work beside them.
SERVER_CONNECTIONS = 10
# The one process on a file, and every one of the releases until December 2026.
LOCAL = "local"


class DatabaseInUse(Exception):
    """Another process runs on the database; the sentence says which."""


class EngineHome(Protocol):
    """A place for the engine's rows. It is opened by the process that runs, and closed again."""

    @property
    def address(self) -> str:
        """As the engine is told of it."""

    @property
    def file(self) -> Path | None:
        """The engine's file of SQLite; None on a server."""

    @property
    def schema(self) -> str | None:
        """The engine's part of a server's database; None where it has a file."""

    @property
    def executor(self) -> str:
        """The name of this process in the engine's rows."""

    @property
    def locks(self) -> ProcessLocks | None:
        """What tells the processes on a server apart; None where there is but one."""

    def open(self, *, alone: bool = False) -> Engine:
        """Take the lock of those that run; connections for the engine. Blocks.

        `alone` says that nobody else may run meanwhile; on a file nobody ever may.

        Raises:
            DatabaseInUse: another process has the lock.
        """

    def close(self) -> None:
        """Close what is open, and let others have the lock."""


def engine_home(url: URL) -> EngineHome:
    """The place beside a desk's database."""
    return EngineSchema(url) if on_server(url) else EngineFile(url)


def engine_file(database: Path) -> Path:
    """Where the checkpoints of the desk with this file are."""
    return database.with_name(f"{database.stem}.engine.db")


def lock_desk(database: Path) -> TextIO:
    """Hold the lock of a desk in a file until the handle is closed, or the process ends.

    Raises:
        DatabaseInUse: another process holds it.
    """
    path = engine_file(database).with_suffix(".lock")
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise DatabaseInUse(_in_use(path.with_suffix("").stem)) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle


class EngineFile:
    """A file of SQLite named after the desk's, with the lock's file beside it."""

    schema = None
    locks = None
    executor = LOCAL

    def __init__(self, url: URL) -> None:
        database = Path(url.database or "")
        self.file = engine_file(database)
        self._database = database
        self._url = url.set(database=str(self.file))
        self._open = ExitStack()

    @property
    def address(self) -> str:
        return self._url.render_as_string()

    def open(self, *, alone: bool = False) -> Engine:  # noqa: ARG002 - there is never another
        """One connection: more of them would wait for each other asleep."""
        self._open.callback(lock_desk(self._database).close)
        made = engine(self._url, 1, _prepare_file)
        self._open.callback(made.dispose)
        return made

    def close(self) -> None:
        self._open.close()


class EngineSchema:
    """A schema of its own in the desk's database on a server."""

    file = None
    schema = SCHEMA

    def __init__(self, url: URL) -> None:
        self._url = url
        self._open = ExitStack()
        self.locks = ProcessLocks(url)
        # Fresh at each start: nobody takes what a process is at for what an earlier one left.
        self.executor = f"{socket.gethostname()}:{os.getpid()}:{uuid4().hex[:12]}"

    @property
    def address(self) -> str:
        return self._url.render_as_string(hide_password=False)

    def open(self, *, alone: bool = False) -> Engine:
        """Connections enough for the engine's threads."""
        if not self.locks.enter(self.executor, alone=alone):
            raise DatabaseInUse(_in_use(shown(self._url)))
        self._open.callback(self.locks.leave)
        made = engine(self._url, SERVER_CONNECTIONS, prepare_session)
        self._open.callback(_dispose, made)
        return made

    def close(self) -> None:
        self._open.close()


def _dispose(made: Engine) -> None:
    """Close connections, and those that a thread of the engine's still has when it is done."""
    event.listen(made, "checkin", lambda _connection, record: record.invalidate())
    made.dispose()


def _in_use(name: str) -> str:
    return (
        f"DATABASE_URL: another deskhand is running on {name}; "
        "stop it first, or give this one a database of its own"
    )


def _prepare_file(connection: Any) -> None:
    """DBOS's file in WAL mode: with the rollback journal it opens by itself, 14 times slower."""
    connection.isolation_level = "IMMEDIATE"
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    lend_subseconds(connection)
