"""Rows of one table at a time, in the order of their keys, as they were written.

What a target holds is the beginning of what its source holds, so a move that was broken off goes on
behind the last row that arrived.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Select,
    String,
    Table,
    bindparam,
    select,
    tuple_,
    type_coerce,
)
from sqlalchemy.types import TypeDecorator

# Rows read and written at a time, each lot a transaction.
AT_ONCE = 1_000

WrittenRow = dict[str, Any]


class _JsonAsWritten(TypeDecorator[str]):
    """JSON whose text is handed on: read and written again, `null` could become none at all."""

    impl = JSON
    cache_ok = True

    def bind_processor(self, dialect: Any) -> None:  # noqa: ARG002 - the text is right as it is
        return None


def rows_left(
    source: Connection, target: Connection, table: Table
) -> Iterator[Sequence[WrittenRow]]:
    """The rows of a table that the target lacks, lot by lot."""
    keys = list(table.primary_key)
    newest = select(*keys).order_by(*(key.desc() for key in keys)).limit(1)
    last: Sequence[Any] | None = target.execute(newest).first()
    while True:
        found = source.execute(_behind(table, keys, last)).mappings().all()
        if not found:
            return
        yield [dict(each) for each in found]
        last = tuple(found[-1][key.name] for key in keys)


def write_rows(target: Connection, table: Table, rows: Sequence[WrittenRow]) -> None:
    """Write a lot of rows as they were read."""
    written = table.insert().values(
        {each.name: _bound(each) for each in table.columns if isinstance(each.type, JSON)}
    )
    target.execute(written, rows)


def _bound(column: Column[Any]) -> Any:
    return bindparam(column.name, type_=_JsonAsWritten())


def _behind(table: Table, keys: Sequence[Column[Any]], last: Sequence[Any] | None) -> Select[Any]:
    read = [
        type_coerce(each, String).label(each.name) if isinstance(each.type, JSON) else each
        for each in table.columns
    ]
    query = select(*read).order_by(*keys).limit(AT_ONCE)
    if last is None:
        return query
    given = [type_coerce(value, key.type) for key, value in zip(keys, last, strict=True)]
    return query.where(tuple_(*keys) > tuple_(*given))
