"""Column types shared by the tables."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, Table, text
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment. SQLite keeps no zone, so it is dropped on the way in and put back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Raise ValueError for a naive moment: a guess about its zone would be a wrong report."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime: every moment in the store is aware UTC")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Answer an aware UTC moment whatever the driver answered."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def only_where(condition: str) -> dict[str, Any]:
    """The options of an index that holds some of a table's rows only, for both databases."""
    return {f"{database}_where": text(condition) for database in ("sqlite", "postgresql")}


def utc_now() -> datetime:
    return datetime.now(UTC)


def table_of(model: type[SQLModel]) -> Table:
    """The table of a model, for statements that need no objects."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def stored_id(given: int | None) -> int:
    """The number that the database gave a row.

    Raises:
        ValueError: the row was not written yet, so it has none.
    """
    if given is None:
        raise ValueError("the row has no number before it is written")
    return given
