"""Rows under their own keys, each written once, with a statement made once for each table.

`insert` is what both databases understand: SQLite took its `ON CONFLICT` from PostgreSQL, and is
told it in the same words.
"""

from collections.abc import Sequence
from functools import cache
from typing import TypeVar

from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningInsert
from sqlmodel import SQLModel

from storage.db.columns import table_of

__all__ = ["Insert", "insert", "insert_new"]

_Row = TypeVar("_Row", bound=SQLModel)


def insert_new(session: Session, given: Sequence[_Row]) -> Sequence[_Row]:
    """Write rows of one table; answers the new ones, the others stay as they are."""
    if not given:
        return ()
    key, names, written = _writing(type(given[0]))
    session.flush()
    values = [{name: getattr(row, name) for name in names} for row in given]
    fresh = set(session.connection().scalars(written, values))
    return [row for row in given if getattr(row, key) in fresh]


@cache
def _writing(table: type[SQLModel]) -> tuple[str, Sequence[str], ReturningInsert[tuple[str]]]:
    """A table's key, its columns and the statement: every story writes five of them."""
    (key,) = table_of(table).primary_key
    written = insert(table_of(table)).on_conflict_do_nothing().returning(key)
    return key.name, tuple(table.model_fields), written
