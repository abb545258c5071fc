"""The migrations make the tables of the models, once, and take them away again."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - registers the tables
from storage.db.address import BadDatabaseUrl, database_url
from storage.db.migrate import (
    alembic_config,
    back_up,
    migration_pending,
    newest_revision,
    schema_state,
    upgrade_database,
)
from storage.db.sqlite_floor import lend_subseconds, unfit_sqlite

FULL_TEXT = ("passages_stemmed", "passages_folded", "spoken")


def schema(path: Path) -> list[tuple[str, str]]:
    """Every table and index as SQLite keeps it."""
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
    connection.close()
    return [(str(name), str(sql)) for name, sql in rows]


FULL_TEXT = ("passages_stemmed", "passages_folded", "spoken")


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _to: Any) -> bool:
    return kind != "table" or not str(name).startswith(FULL_TEXT)


def test_the_migrated_schema_is_the_one_of_the_models(migrated: Path) -> None:
    """Nothing to add, to change or to drop."""
    engine = create_engine(f"sqlite:///{migrated}")
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_object": ours, "compare_type": True}
        )
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()

    assert differences == []


def test_a_second_upgrade_changes_nothing(tmp_path: Path) -> None:
    """`run` migrates at every start."""
    path = tmp_path / "desk.db"
    url = f"sqlite:///{path}"
    assert migration_pending(url)
    upgrade_database(url)
    before = schema(path)

    upgrade_database(url)

    assert schema(path) == before
    assert not migration_pending(url)


def test_the_way_down_leaves_nothing_and_the_way_up_works_again(tmp_path: Path) -> None:
    """A downgrade is the exact opposite."""
    path = tmp_path / "desk.db"
    upgrade_database(f"sqlite:///{path}")
    before = schema(path)
    config = alembic_config()
    config.attributes["url"] = database_url(f"sqlite:///{path}")

    command.downgrade(config, "base")
    left = {name for name, _ in schema(path)} - {"sqlite_sequence"}
    command.upgrade(config, "head")

    assert {name for name in left if not name.startswith(("alembic", "sqlite_autoindex"))} == set()
    assert schema(path) == before


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://a/b", "sqlite+aiosqlite:///x"],
)
def test_an_address_that_is_no_file_is_refused(url: str) -> None:
    """The sentence names the setting and shows what is expected."""
    with pytest.raises(BadDatabaseUrl, match="DATABASE_URL: expected sqlite:///"):
        upgrade_database(url)


def test_a_password_in_a_wrong_address_is_not_shown() -> None:
    """The sentence ends up on a screen."""
    with pytest.raises(BadDatabaseUrl) as refused:
        database_url("mysql://desk:secret@host/db")

    assert "secret" not in str(refused.value)


def made(path: Path, *statements: str) -> str:
    """A database by other hands; its address."""
    with closing(sqlite3.connect(path)) as connection:
        for each in statements:
            connection.execute(each)
        connection.commit()
    return f"sqlite:///{path}"


NO_VERSION = "DELETE FROM alembic_version"
NEWER = "UPDATE alembic_version SET version_num = '0999_later'"
ALEMBIC = "CREATE TABLE alembic_version (version_num TEXT)"


@pytest.mark.parametrize(
    ("ours", "statements", "sentence"),
    [
        (False, ["CREATE TABLE songs (title TEXT)"], "belongs to another program (it holds songs)"),
        (
            False,
            [ALEMBIC, "INSERT INTO alembic_version VALUES ('ab12')", "CREATE TABLE users (id INT)"],
            "belongs to another program (it holds users)",
        ),
        (False, ["CREATE TABLE tickets (id INT)"], "belongs to another program (it holds tickets)"),
        (True, [NEWER], "was written by a newer Deskhand (it stands at 0999_later"),
        (True, [NO_VERSION], "does not say of which version it is"),
        (True, ["DROP TABLE alembic_version"], "does not say of which version it is"),
    ],
)
def test_a_database_that_cannot_be_brought_up_to_date_is_left_alone(
    tmp_path: Path, migrated: Path, ours: bool, statements: list[str], sentence: str
) -> None:
    """Another program's, a newer one's, or one that lost its version: each has its sentence."""
    path = tmp_path / "desk.db"
    if ours:
        copy(migrated, path)
    url = made(path, *statements)
    before = schema(path)

    with pytest.raises(BadDatabaseUrl) as refused:
        upgrade_database(url)

    assert sentence in str(refused.value)
    assert str(path) in str(refused.value)
    assert schema(path) == before


@pytest.mark.parametrize("statements", [[], [ALEMBIC]], ids=["nothing", "only Alembic's table"])
def test_an_empty_database_is_a_new_one(tmp_path: Path, statements: list[str]) -> None:
    """Somebody made the file, or took all tables back."""
    url = made(tmp_path / "desk.db", *statements)
    assert schema_state(url).revision is None

    upgrade_database(url)

    assert schema_state(url).pending == []


def test_a_backup_is_named_after_where_it_stands(tmp_path: Path, migrated: Path) -> None:
    """Whoever goes back to an older release needs it."""
    path = tmp_path / "desk.db"
    assert back_up(f"sqlite:///{path}") is None
    copy(migrated, path)

    saved = back_up(f"sqlite:///{path}")

    assert saved == path.with_name(f"desk.db.{schema_state(f'sqlite:///{path}').revision}")
    assert schema(saved) == schema(path)


@pytest.mark.parametrize(
    ("version", "sentence"),
    [((3, 34, 1), "has SQLite 3.34.1, and the desk needs 3.35 or newer"), ((3, 35, 0), "")],
)
def test_an_sqlite_that_cannot_do_what_the_desk_needs_is_named(
    version: tuple[int, ...], sentence: str
) -> None:
    """Before a statement fails that nobody understands."""
    assert sentence in unfit_sqlite(version)
    assert bool(unfit_sqlite(version)) is bool(sentence)


def test_an_older_sqlite_is_lent_the_time_it_does_not_know() -> None:
    """In milliseconds, and in the default of a column; dates are its own business."""
    with closing(sqlite3.connect(":memory:")) as connection:
        lend_subseconds(connection)
        connection.execute("CREATE TABLE t (a INT, ms BIGINT DEFAULT (unixepoch('subsec') * 1000))")
        connection.execute("INSERT INTO t (a) VALUES (1)")
        (ms,) = connection.execute("SELECT ms FROM t").fetchone()

    assert abs(ms / 1000 - time.time()) < 60


def test_the_newest_migration_is_known_by_its_file() -> None:
    """So a database that is up to date needs no Alembic."""
    scripts = ScriptDirectory.from_config(alembic_config())
    assert scripts.get_current_head() == newest_revision()
