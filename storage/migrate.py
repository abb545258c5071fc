"""Bringing a database to the tables of this version."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from storage.database import sqlite_url

SCRIPTS = Path(__file__).with_name("migrations")


def upgrade(url: str) -> None:
    """Apply what is missing; a database that is up to date is left as it is. Blocks.

    Raises:
        BadDatabaseUrl: the address is none we can open.
    """
    config = _config()
    config.attributes["url"] = sqlite_url(url)
    command.upgrade(config, "head")


def pending(url: str) -> bool:
    """Whether the database lacks a migration of this version. Blocks; creates nothing.

    Raises:
        BadDatabaseUrl: the address is none we can open.
    """
    address = sqlite_url(url)
    if not Path(address.database or "").exists():
        return True
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    return current != ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
