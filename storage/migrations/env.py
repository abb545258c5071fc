"""How Alembic reaches the database; `storage.db.migrate` names it."""

import sqlite3

from alembic import context
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - registers the tables

FULL_TEXT = ("passages_stemmed", "passages_folded", "spoken")

engine = create_engine(context.config.attributes["url"], poolclass=NullPool)


@event.listens_for(engine, "connect")
def prepare(connection: sqlite3.Connection, _record: object) -> None:
    """WAL stays with the file; without autocommit a failed migration is undone whole."""
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode=WAL")


@event.listens_for(engine, "begin")
def begin(connection: Connection) -> None:
    """SQLite's DDL is transactional once the transaction is opened by hand."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """The full-text indexes are no tables of a model; SQLite keeps several under each."""
    return kind != "table" or not str(name).startswith(FULL_TEXT)


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        include_name=ours,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()
engine.dispose()
