"""Bringing a database to the tables of this version."""

import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from storage.database import BadDatabaseUrl, sqlite_url

SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(url: str) -> None:
    """Apply what is missing; a database that is up to date is left as it is. Blocks.

    Raises:
        BadDatabaseUrl: the address is none we can open.
    """
    config = _config()
    config.attributes["url"] = _openable(url)
    command.upgrade(config, "head")


def pending(url: str) -> bool:
    """Whether the database lacks a migration of this version. Blocks; creates nothing.

    Raises:
        BadDatabaseUrl: the address is none we can open.
    """
    address = _openable(url)
    if not Path(address.database or "").exists():
        return True
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return current != ScriptDirectory.from_config(_config()).get_current_head()


def _openable(url: str) -> URL:
    """The address, once it is certain that a database stands there or could be made there."""
    address = sqlite_url(url)
    file = Path(address.database or "")
    if not file.parent.is_dir():
        raise BadDatabaseUrl(f"DATABASE_URL: there is no folder {file.parent}")
    if not file.exists():
        if not os.access(file.parent, os.W_OK):
            raise BadDatabaseUrl(f"DATABASE_URL: nothing may be written in {file.parent}")
        return address
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DatabaseError as error:
        raise BadDatabaseUrl(f"DATABASE_URL: {file} cannot be opened: {error.orig}") from None
    finally:
        engine.dispose()
    return address


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
