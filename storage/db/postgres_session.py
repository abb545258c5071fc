"""A connection to PostgreSQL, made to behave as a file of SQLite does.

One transaction writes at a time, in whatever process: each takes an advisory lock when it begins,
as `BEGIN IMMEDIATE` does. Moments are UTC, sums are whole numbers, and a text may hold any
character.
"""

from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection as Transaction

if TYPE_CHECKING:
    from psycopg import Connection

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


def prepare_session(connection: "Connection[Any]", *, reads: bool = False) -> None:
    """Set up a new connection; one that only reads opens no transaction and cannot write."""
    # The driver is loaded where a desk has a server, and there only.
    from storage.db.postgres_types import AnyText, WholeNumber  # noqa: PLC0415

    settings = _SESSION | ({"default_transaction_read_only": "on"} if reads else {})
    connection.autocommit = True
    for name, value in settings.items():
        connection.execute("SELECT set_config(%s, %s, false)", (name, value))
    connection.autocommit = reads
    connection.adapters.register_dumper(str, AnyText)
    connection.adapters.register_loader("numeric", WholeNumber)


def lock_writing(transaction: Transaction) -> None:
    """Wait until nobody else writes; the transaction's end gives the lock back."""
    transaction.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")
