"""The locks of one process on a server, on a connection of its own.

The server gives them back however the process ends, and where the connection breaks: then others
may have what this one was at.
"""

import hashlib
from contextlib import suppress
from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any
from zlib import crc32

from sqlalchemy.engine import URL

from storage.db.postgres_session import CONNECTING

if TYPE_CHECKING:
    import psycopg

# The lock of the processes that run on a database: shared by those of one release and the next,
# and held alone by what needs the desk at rest.
RUNNING = int.from_bytes(b"deskrun")
# The first half of the lock that says that a process is alive; its name makes the second.
ALIVE = int.from_bytes(b"desk")
# A machine that vanished is given up by the server after twenty seconds. A process that hears
# nothing has ended by then.
_SESSION = {
    "tcp_keepalives_idle": "8",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "6",
    "idle_session_timeout": "0",
}
_LIVE = """
SELECT DISTINCT objid::bigint FROM pg_locks
WHERE locktype = 'advisory' AND granted AND objsubid = 2 AND classid::bigint = %s
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class ProcessLocks:
    """What a process holds. Its methods block, and may be called from several threads."""

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._connection: psycopg.Connection[Any] | None = None
        self._one_at_a_time = Lock()

    def enter(self, executor: str, *, alone: bool) -> bool:
        """Hold the lock of those that run, and that of being alive; False where it is refused."""
        self._connection = _driver().connect(self._address, autocommit=True, **CONNECTING)
        for name, value in _SESSION.items():
            # An older server, or one that is reached by a socket, does without.
            self._ask(
                "SELECT set_config(%s, %s, false) FROM pg_settings WHERE name = %s",
                name,
                value,
                name,
            )
        shared = "" if alone else "_shared"
        if self._ask(f"SELECT pg_try_advisory_lock{shared}(%s)", RUNNING):
            self._ask("SELECT pg_advisory_lock(%s, %s)", ALIVE, alive_name(executor))
            return True
        self.leave()
        return False

    def held(self) -> bool:
        """Whether the connection stands, and so every lock."""
        try:
            return bool(self._ask("SELECT true"))
        except _driver().Error:
            return False

    def live(self) -> frozenset[int]:
        """The processes that are alive, by `alive_name`."""
        with self._one_at_a_time:
            return frozenset(int(name) for (name,) in self._standing.execute(_LIVE, (ALIVE,)))

    def seize(self, executor: str) -> bool:
        """Take the lock of another process: it is dead where this succeeds."""
        return bool(self._ask("SELECT pg_try_advisory_lock(%s, %s)", ALIVE, alive_name(executor)))

    def bury(self, executor: str) -> None:
        """Give back what `seize` took."""
        self._ask("SELECT pg_advisory_unlock(%s, %s)", ALIVE, alive_name(executor))

    def take(self, name: str) -> bool:
        """Take the lock of a thing, if no other process has it."""
        return bool(self._ask("SELECT pg_try_advisory_lock(%s)", _number(name)))

    def give_back(self, name: str) -> None:
        """Let others have it."""
        self._ask("SELECT pg_advisory_unlock(%s)", _number(name))

    def leave(self) -> None:
        """Give everything back; a server that is away has done so, or will."""
        if self._connection is not None:
            with suppress(_driver().Error):
                self._ask("SELECT pg_advisory_unlock_all()")
            self._connection.close()
            self._connection = None

    @property
    def _standing(self) -> "psycopg.Connection[Any]":
        if self._connection is None:
            raise _driver().OperationalError("the process holds no locks")
        return self._connection

    def _ask(self, question: str, *given: object) -> Any:
        with self._one_at_a_time:
            row = self._standing.execute(question, given).fetchone()
        return row[0] if row is not None else None


def _driver() -> Any:
    """It is loaded where a desk has a server, and there only."""
    return import_module("psycopg")


def alive_name(executor: str) -> int:
    """A process's name as a lock has it."""
    return crc32(executor.encode()) & 0x7FFF_FFFF


def _number(name: str) -> int:
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], signed=True)
