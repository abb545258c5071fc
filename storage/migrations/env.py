"""How Alembic reaches the database; `storage.db.migrate` names it."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - registers the tables
from storage.db.postgres_session import lock_writing, prepare_session

FULL_TEXT = ("passages_stemmed", "passages_folded", "passages_words", "spoken")
LOCALIZED = text("""
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = current_schema() AND data_type = 'character varying'
  AND collation_name IS NULL ORDER BY table_name, column_name
""")

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)
ON_SERVER = engine.dialect.name == "postgresql"


@event.listens_for(engine, "connect")
def prepare(connection: Any, _record: object) -> None:
    """WAL stays with the file; without autocommit a failed migration is undone whole."""
    if ON_SERVER:
        prepare_session(connection)
        return
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")


@event.listens_for(engine, "begin")
def begin(connection: Connection) -> None:
    """One process migrates. SQLite's DDL is transactional once a transaction is begun by hand."""
    if ON_SERVER:
        lock_writing(connection)
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text indexes are no tables of a model; SQLite keeps several under each."""
    return kind != "table" or not str(name).startswith(FULL_TEXT)


def compare_by_bytes(connection: Connection) -> None:
    """Let a server compare texts by their bytes, as SQLite does, whatever its locale.

    Keys and time stamps are in their order then, and an index serves the beginning of a text.
    """
    changes: dict[str, list[str]] = {}
    for table, column in connection.execute(LOCALIZED):
        change = f'ALTER COLUMN "{column}" TYPE varchar COLLATE "C"'
        changes.setdefault(table, []).append(change)
    for table, columns in changes.items():
        connection.exec_driver_sql(f'ALTER TABLE "{table}" {", ".join(columns)}')


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_name=ours,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        if ON_SERVER:
            compare_by_bytes(connection)
engine.dispose()
