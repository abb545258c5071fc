"""Moving a desk: what has to be so before, the tables one after the other, the comparison after."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Integer,
    Table,
    func,
    select,
    text,
)
from sqlalchemy.engine import URL
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - registers the tables
from storage.db.address import database_url, on_server, shown
from storage.db.engine_home import DatabaseInUse, engine_home
from storage.db.engines import reading_engine, writing_engine
from storage.db.migrate import schema_state, upgrade_database
from storage.moving.copying import rows_left, write_rows
from storage.moving.word_entries import entries_held, index_articles, index_tickets

# The sign of a move under way stands on a table, so that it needs none of its own.
_SIGN = "a desk is being moved here"
_SIGNED = text("SELECT obj_description('tickets'::regclass)")
_UNFINISHED = text("SELECT count(*) FROM workflow_status WHERE status IN ('PENDING', 'ENQUEUED')")
_SEQUENCES = text("SELECT name, seq FROM sqlite_sequence")

TellTable = Callable[[str, int], None]


class CannotMove(Exception):
    """The move was not begun; the sentence says why."""


@dataclass(frozen=True)
class TableSums:
    """A table on both sides: its rows, and the sums of its whole numbers by column."""

    name: str
    before: Sequence[int]
    after: Sequence[int]

    @property
    def same(self) -> bool:
        return self.before == self.after

    @property
    def rows(self) -> int:
        return self.before[0]


def move_desk(source_url: str, target_url: str, tell: TellTable) -> list[TableSums]:
    """Copy a desk's rows to a server and compare both; begun again it goes on where it was. Blocks.

    `tell` is told each table and how many rows of it were written. The source is only read.

    Raises:
        BadDatabaseUrl: one of them cannot be opened.
        CannotMove: a desk runs on one of them, the source is not at rest, or the target is no
            empty one.
    """
    source, target = database_url(source_url), database_url(target_url)
    _require_kinds(source_url, source, target)
    with _at_rest(source) as engines_own, _closed(reading_engine(source, 1)) as old:
        _require_ended(engines_own)
        upgrade_database(target_url)
        with _at_rest(target), _closed(writing_engine(target, 1)) as new:
            _sign(new)
            for table in _tables():
                tell(table.name, _copy(old, new, table))
            with old.connect() as reading, new.begin() as writing:
                index_tickets(reading, writing)
                index_articles(writing)
                _count_on(reading, writing)
            found = _compared(old, new)
            if all(each.same for each in found):
                _take_sign_away(new)
            return found


def _require_kinds(source_url: str, source: URL, target: URL) -> None:
    if on_server(source):
        raise CannotMove(f"DATABASE_URL: {shown(source)} is on a server already")
    if not on_server(target):
        raise CannotMove("--to: expected postgresql://user:password@host/database")
    state = schema_state(source_url)
    if state.revision is None:
        raise CannotMove(f"{shown(source)} holds no desk yet: there is nothing to move")
    if state.pending:
        raise CannotMove(f"{shown(source)} is of an older release: run `deskhand migrate` first")


@contextmanager
def _at_rest(url: URL) -> Iterator[Engine]:
    """The engine's rows of a database on which no desk runs for as long as the block does."""
    home = engine_home(url)
    try:
        engine = home.open(alone=True)
    except DatabaseInUse as error:
        raise CannotMove(str(error)) from None
    try:
        yield engine
    finally:
        home.close()


@contextmanager
def _closed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def _require_ended(engines_own: Engine) -> None:
    """Raise CannotMove where stories are under way: their workflows are not moved."""
    with engines_own.connect() as connection:
        if not engines_own.dialect.has_table(connection, "workflow_status"):
            return
        if left := connection.scalar(_UNFINISHED):
            raise CannotMove(
                f"{left} stories are under way: start the desk once more, let them end, stop it"
            )


def _sign(new: Engine) -> None:
    """Say that a move is under way, or find it said; raise CannotMove where a desk is in use."""
    with new.begin() as connection:
        if connection.scalar(_SIGNED) == _SIGN:
            return
        if any(connection.scalar(select(func.count()).select_from(each)) for each in _tables()):
            raise CannotMove(
                "--to: a desk is in that database; give this one a database of its own"
            )
        connection.execute(text(f"COMMENT ON TABLE tickets IS '{_SIGN}'"))


def _take_sign_away(new: Engine) -> None:
    with new.begin() as connection:
        connection.execute(text("COMMENT ON TABLE tickets IS NULL"))


def _tables() -> Sequence[Table]:
    """All of them, each behind those that it refers to."""
    return SQLModel.metadata.sorted_tables


def _copy(old: Engine, new: Engine, table: Table) -> int:
    written = 0
    with old.connect() as reading, new.connect() as writing:
        for rows in rows_left(reading, writing, table):
            write_rows(writing, table, rows)
            writing.commit()
            written += len(rows)
    return written


def _count_on(reading: Connection, writing: Connection) -> None:
    """Let numbers go on behind the highest that was ever given, also to what is gone."""
    given = {str(name): int(last) for name, last in reading.execute(_SEQUENCES)}
    for table in _tables():
        key = table.autoincrement_column
        if key is None:
            continue
        highest = max(writing.scalar(select(func.max(key))) or 0, given.get(table.name, 0))
        named = {"table": table.name, "column": key.name, "highest": highest}
        if highest:
            writing.execute(_GO_ON, named)


_GO_ON = text("SELECT setval(pg_get_serial_sequence(:table, :column), :highest)")


def _compared(old: Engine, new: Engine) -> list[TableSums]:
    with old.connect() as before, new.connect() as after:
        found = [
            TableSums(each.name, _sums(before, each), _sums(after, each)) for each in _tables()
        ]
        words = TableSums("words of tickets", [entries_held(before)], [entries_held(after)])
        return [*found, words]


def _sums(connection: Connection, table: Table) -> list[int]:
    numbers = [each for each in table.columns if isinstance(each.type, (Integer, BigInteger))]
    sums: list[Any] = [func.coalesce(func.sum(each), 0) for each in numbers]
    query = select(func.count(), *sums).select_from(table)
    return [int(each) for each in connection.execute(query).one()]
