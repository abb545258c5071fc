"""What is found where a database is to be: which tables, at which version; or why none can be."""

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL

from storage.db.address import BadDatabaseUrl, on_server
from storage.db.sqlite_floor import unfit_sqlite
from storage.db.versions import versions_in


@dataclass(frozen=True)
class FoundDatabase:
    """A database as it was found: the names of its tables, and what its table of versions says."""

    tables: frozenset[str]
    versions: tuple[str, ...]


def found_database(url: URL) -> FoundDatabase | None:
    """How a database stands; None where its file is not there yet. Blocks; creates nothing.

    Raises:
        BadDatabaseUrl: it cannot be opened, or the desk could not work in it.
    """
    if not on_server(url):
        return _found_file(Path(url.database or ""))
    # The driver is loaded where a desk has a server, and there only.
    from storage.db.found_server import found_server  # noqa: PLC0415

    return FoundDatabase(*found_server(url))


def _found_file(file: Path) -> FoundDatabase | None:
    if unfit := unfit_sqlite():
        raise BadDatabaseUrl(f"SQLite: {unfit}")
    if not file.parent.is_dir():
        raise BadDatabaseUrl(f"DATABASE_URL: there is no folder {file.parent.resolve()}")
    if not os.access(file.parent, os.W_OK):
        raise BadDatabaseUrl(f"DATABASE_URL: nothing may be written in {file.parent.resolve()}")
    if not file.exists():
        return None
    if not os.access(file, os.W_OK):
        raise BadDatabaseUrl(f"DATABASE_URL: {file} may not be written")
    try:
        with closing(sqlite3.connect(file)) as connection:
            named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {str(name) for (name,) in named} - {"sqlite_sequence"}
            return FoundDatabase(frozenset(tables), versions_in(connection, tables))
    except sqlite3.DatabaseError as error:
        raise BadDatabaseUrl(f"DATABASE_URL: {file} cannot be opened: {error}") from None
