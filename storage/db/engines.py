"""Connections to the desk's database, for each of the two kinds.

All engines of a process share what they know of a database and of statements, so that each
statement is put together once: that takes longer than to carry it out. What people wrote must not
reach the log inside a driver's complaint, so engines hide the parameters of statements.
"""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.util import LRUCache

from storage.db.address import on_server
from storage.db.postgres_session import CONNECTING, lock_writing, prepare_session

# WAL lets readers work beside the writer; FULL keeps a commit through a power cut.
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=30000",
    "foreign_keys=ON",
)
_PUT_TOGETHER = {"compiled_cache": LRUCache[Any, Any](1_000)}
# Text in JSON is kept as it is written: Vietnamese in escapes is three times as long to read.
_AS_WRITTEN = partial(json.dumps, ensure_ascii=False)
_KNOWN: dict[URL, Dialect] = {}


def writing_engine(url: URL, size: int) -> Engine:
    """Connections that write; a transaction takes the right to write when it begins."""
    prepare, take = (
        (prepare_session, lock_writing) if on_server(url) else (_prepare_file, _begin_immediate)
    )
    made = engine(url, size, prepare)
    event.listen(made, "begin", take)
    return made


def reading_engine(url: URL, size: int) -> Engine:
    """Connections that read: each statement sees the newest, and none holds a snapshot open."""
    reading = partial(prepare_session, reads=True)
    return engine(url, size, reading if on_server(url) else _prepare_file)


def engine(url: URL, size: int, prepare: Callable[[Any], None]) -> Engine:
    """So many connections to a database, each prepared when it is opened.

    A server may have been away: a connection to one is tried before it is lent.
    """
    known = _known(url)
    args, options = known.create_connect_args(url)
    chosen = {**(CONNECTING if on_server(url) else {}), **options}
    pool = QueuePool(
        lambda: known.connect(*args, **chosen),
        dialect=known,
        pool_size=size,
        max_overflow=0,
        pre_ping=on_server(url),
    )
    event.listen(pool, "connect", lambda connection, _record: prepare(connection))
    return Engine(pool, known, url, hide_parameters=True, execution_options=_PUT_TOGETHER)


def _known(url: URL) -> Dialect:
    """What this SQLite, or this server, can do: asked once."""
    place = url.set(database="") if on_server(url) else make_url("sqlite://")
    if place not in _KNOWN:
        asked = create_engine(
            url if on_server(url) else place,
            json_serializer=_AS_WRITTEN,
            poolclass=NullPool,
            hide_parameters=True,
        )
        asked.connect().close()
        _KNOWN[place] = asked.dialect
    return _KNOWN[place]


def _prepare_file(connection: Any) -> None:
    # SQLAlchemy opens transactions itself; the driver's own implicit BEGIN would be deferred.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a transaction that asks for it later can be refused it."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")
