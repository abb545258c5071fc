"""Whether a column's value is in a list, with the whole list as one parameter.

SQLAlchemy's own `IN` is written anew for every list, which takes longer than answering it.
"""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, String, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Listed(TypeDecorator[Sequence[Any]]):
    """A list as the database takes it: SQLite as JSON, PostgreSQL as an array."""

    impl = String
    cache_ok = True

    def __init__(self, each: TypeEngine[Any]) -> None:
        super().__init__()
        self.each = each

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.each) if _arrays(dialect) else String())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        return value if _arrays(dialect) else json.dumps(value)


class _Among(FunctionElement[Any]):
    # Of no declared type: to a boolean SQLAlchemy would add `= 1`, and no index could serve that.
    inherit_cache = True


def in_list(column: ColumnElement[Any], name: str) -> ColumnElement[Any]:
    """The condition; the list itself is given with each execution, under `name`."""
    return _Among(column, bindparam(name, type_=_Listed(column.type)))


@compiles(_Among, "sqlite")
def _sqlite(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, listed = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({listed}))"  # noqa: S608 - a parameter


@compiles(_Among, "postgresql")
def _postgresql(element: _Among, compiler: SQLCompiler, **options: Any) -> str:
    column, listed = (compiler.process(part, **options) for part in element.clauses)
    return f"{column} = ANY ({listed})"


def _arrays(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"
