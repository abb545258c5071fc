"""How a database's file is: its size, whether it is whole, and whether it can be written now."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

# Seconds that the write lock is waited for; a desk at work holds it for milliseconds.
LOCK_WAIT = 5.0


@dataclass(frozen=True)
class FileState:
    """Sizes in bytes; `wal` is what waits beside the file. A fault is empty where there is none."""

    size: int
    wal: int
    fault: str
    locked: bool


def file_state(file: Path, wait: float = LOCK_WAIT) -> FileState:
    """Look at a file of SQLite, all of it, and ask for its write lock, which is waited for.

    Blocks; changes nothing.
    """
    wal = file.with_name(f"{file.name}-wal")
    sizes = file.stat().st_size, wal.stat().st_size if wal.exists() else 0
    try:
        with closing(sqlite3.connect(file, timeout=wait, isolation_level=None)) as connection:
            ((found,),) = connection.execute("PRAGMA quick_check(1)").fetchall()
            return FileState(*sizes, "" if found == "ok" else str(found), _locked(connection))
    except sqlite3.DatabaseError as error:
        return FileState(*sizes, str(error), locked=False)


def _locked(connection: sqlite3.Connection) -> bool:
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return True
        raise
    return False
