"""The migrations make the tables of the models, once, and take them away again."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - registers the tables
from storage.db.database import BadDatabaseUrl, sqlite_url
from storage.db.migrate import alembic_config, migration_pending, upgrade_database

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
    config.attributes["url"] = sqlite_url(f"sqlite:///{path}")

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
        sqlite_url("mysql://desk:secret@host/db")

    assert "secret" not in str(refused.value)
