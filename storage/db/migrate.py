"""Bringing a database to the tables of this version."""

import os
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from storage.db.database import BadDatabaseUrl, sqlite_url

SCRIPTS = Path(__file__).parents[1] / "migrations"


def upgrade_database(url: str) -> None:
    """Apply what is missing; a database that is up to date is left as it is. Blocks.

    Raises:
        BadDatabaseUrl: the address is none we can open.
    """
    if migration_pending(url):
        config = alembic_config()
        config.attributes["url"] = sqlite_url(url)
        command.upgrade(config, "head")


def migration_pending(url: str) -> bool:
    """Whether the database lacks a migration of this version. Blocks; creates nothing.

    Raises:
        BadDatabaseUrl: the address is none we can open.
    """
    file = Path(sqlite_url(url).database or "")
    if not file.parent.is_dir():
        raise BadDatabaseUrl(f"DATABASE_URL: there is no folder {file.parent}")
    if not file.exists():
        if not os.access(file.parent, os.W_OK):
            raise BadDatabaseUrl(f"DATABASE_URL: nothing may be written in {file.parent}")
        return True
    return _revision(file) != _newest()


def _revision(file: Path) -> str | None:
    """The last migration of a database; None where there was none."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            ours = "SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'"
            if connection.execute(ours).fetchone() is None:
                return None
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise BadDatabaseUrl(f"DATABASE_URL: {file} cannot be opened: {error}") from None
    return str(row[0]) if row else None


@cache
def _newest() -> str | None:
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
