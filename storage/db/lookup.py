"""One row by its key, with a statement that is put together once for each table.

`Session.get` puts its own together for every call, which takes longer than the question itself.
"""

from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import SQLModel

from storage.db.columns import table_of

AnyRow = TypeVar("AnyRow", bound=SQLModel)


def find_row(session: Session, table: type[AnyRow], key: int | str) -> AnyRow | None:
    """The row under this key as the database has it now, or None."""
    return session.scalars(_by_key(table), {"wanted": key}).one_or_none()


@cache
def _by_key(table: type[SQLModel]) -> Select[Any]:
    (key,) = table_of(table).primary_key
    return select(table).where(key == bindparam("wanted"))
