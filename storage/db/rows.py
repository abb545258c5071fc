"""The base of all tables: a row that is no more than its columns.

SQLModel gives each value to SQLAlchemy and to pydantic, which keeps it in the same place again. Of
a ticket, with forty columns, that takes longer than to write it down; a story makes ten rows.
"""

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any, cast

from sqlmodel import SQLModel


class StoredRow(SQLModel):
    """A row of a table. Its values are taken as they are: the types are for the type checker.

    Raises:
        TypeError: the table has no such column.
    """

    def __init__(self, **values: Any) -> None:
        if unknown := values.keys() - type(self).model_fields.keys():
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(unknown))}")
        # A new row is written whole: nobody needs to be told of each of its values.
        given = _given(type(self))
        self.__dict__.update({name: make() for name, make in given.items() if name not in values})
        self.__dict__.update(values)

    def __setattr__(self, name: str, value: Any) -> None:
        # By the column's own descriptor, which tells SQLAlchemy.
        object.__setattr__(self, name, value)


@cache
def _given(table: type[StoredRow]) -> Mapping[str, Callable[[], Any]]:
    """What makes the values of those columns that need not be told."""
    return {
        name: cast("Callable[[], Any]", field.default_factory or partial(_same, field.default))
        for name, field in table.model_fields.items()
        if not field.is_required()
    }


def _same(value: Any) -> Any:
    return value
