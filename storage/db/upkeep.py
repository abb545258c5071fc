"""What keeps a file of SQLite's from growing without need. Blocks."""

import sqlite3
from contextlib import closing
from pathlib import Path

# Milliseconds to wait for readers: the log is emptied another night.
PATIENCE = 2_000


def empty_log(file: Path) -> bool:
    """Merge the write-ahead log of a file that is in use, and give its room back to the disk.

    The log of a busy hour stays as long as it was, else. False where somebody reads just now.
    """
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA busy_timeout={PATIENCE}")
        busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
