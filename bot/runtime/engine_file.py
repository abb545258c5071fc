"""The engine's file beside the desk's database, and the lock of the process that runs on both."""

import fcntl
import os
from pathlib import Path
from typing import TextIO

from bot.config.settings import SettingsError


def engine_file(database: Path) -> Path:
    """Where the checkpoints of the desk with this database are."""
    return database.with_name(f"{database.stem}.engine.db")


def lock_desk(database: Path) -> TextIO:
    """Hold the lock of a desk until the handle is closed, or the process ends.

    Raises:
        SettingsError: another process holds it.
    """
    path = engine_file(database).with_suffix(".lock")
    handle = path.open("a+", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise SettingsError(
            f"DATABASE_URL: another deskhand is running on {path.with_suffix('').stem}; "
            "stop it first, or give this one a database of its own"
        ) from None
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle
