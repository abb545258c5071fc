"""Which SQLite the desk can work with, and what we lend to an older one."""

import sqlite3
import time
from contextlib import closing

# RETURNING, and columns that a migration may drop.
OLDEST = (3, 35)
# The first that knows the sub-second time by which the engine stamps its rows on Python 3.12.
SUBSECOND = (3, 42)


def unfit_sqlite(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """Why this SQLite cannot hold the desk's data; empty if it can."""
    if version < OLDEST:
        return (
            f"this Python has SQLite {'.'.join(map(str, version))}, and the desk needs "
            f"{'.'.join(map(str, OLDEST))} or newer: take a Python with a newer one"
        )
    if not _has_full_text():
        return (
            "this Python's SQLite was built without full-text search (FTS5): take another Python, "
            "such as your system's"
        )
    return ""


def lend_subseconds(connection: sqlite3.Connection) -> None:
    """Let an SQLite before 3.42 answer `unixepoch('subsec')`, which it has as NULL or not at all.

    Debian 12 and Ubuntu 22.04 have such a one. Other calls of the function are SQLite's own.
    """
    if sqlite3.sqlite_version_info < SUBSECOND:
        connection.create_function("unixepoch", 1, _now)


def _now(_modifier: object) -> float:
    return round(time.time(), 3)


def _has_full_text() -> bool:
    with closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE words USING fts5(word)")
        except sqlite3.OperationalError:
            return False
    return True
