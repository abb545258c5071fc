"""A connection to PostgreSQL, made to behave as a file of SQLite does.

One transaction writes at a time, in whatever process: each takes an advisory lock when it begins,
as `BEGIN IMMEDIATE` does. Moments are UTC, sums are whole numbers, and a text may hold any
character.
"""

from typing import Any

from psycopg import Connection
from psycopg.adapt import Loader
from psycopg.types.string import StrDumper
from sqlalchemy import Connection as Transaction

# The desk's one lock for writing, the same in each of its processes on a database.
WRITING = int.from_bytes(b"deskhand")
# Seconds, but for the last, in milliseconds: a server that does not answer is given up within half
# a minute rather than the two hours of the operating system.
CONNECTING: dict[str, Any] = {
    "application_name": "deskhand",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# As long as SQLite's busy timeout. A process that hangs with the lock loses it after a minute.
# Plans are made for the values at hand: how common a word is decides how it is looked for.
_SESSION = {
    "timezone": "UTC",
    "lock_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "plan_cache_mode": "force_custom_plan",
    "default_transaction_isolation": "read committed",
}
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def prepare_session(connection: Connection[Any], *, reads: bool = False) -> None:
    """Set up a new connection; one that only reads opens no transaction and cannot write."""
    settings = _SESSION | ({"default_transaction_read_only": "on"} if reads else {})
    connection.autocommit = True
    for name, value in settings.items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    connection.autocommit = reads
    connection.adapters.register_dumper(str, _AnyText)
    connection.adapters.register_loader("numeric", _WholeNumber)


def lock_writing(transaction: Transaction) -> None:
    """Wait until nobody else writes; the transaction's end gives the lock back."""
    transaction.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")


class _AnyText(StrDumper):
    """PostgreSQL keeps every character but NUL: for that one stands the sign for what is lost."""

    def dump(self, obj: str) -> Any:
        return super().dump(obj.replace("\0", _REPLACED) if "\0" in obj else obj)


class _WholeNumber(Loader):
    """A sum of whole numbers is one, where PostgreSQL answers a decimal; others are floats."""

    def load(self, data: Any) -> int | float:
        told = bytes(data)
        return int(told) if told.lstrip(b"-").isdigit() else float(told)
