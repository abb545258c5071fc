"""Bringing a database to the tables of this version, and telling apart those that are not ours."""

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from storage.db.database import BadDatabaseUrl, sqlite_url
from storage.db.sqlite_floor import unfit_sqlite

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parents[1] / "migrations"
VERSIONS = "alembic_version"
# A database that has these is the desk's, whatever else is in it.
OURS = {"tickets", "messages"}


@dataclass(frozen=True)
class Migration:
    """A step of the tables: its name in the database, and what changes by it."""

    revision: str
    sentence: str


@dataclass(frozen=True)
class SchemaState:
    """The last migration of a database, None where there was none, and those that it lacks."""

    revision: str | None
    pending: Sequence[Migration]


def upgrade_database(url: str) -> None:
    """Apply what is missing; a database that is up to date is left as it is. Blocks.

    Raises:
        BadDatabaseUrl: the address is none we can open, or the database is none of ours.
    """
    if migration_pending(url):
        from alembic import command  # noqa: PLC0415 - nearly no start needs it

        config = alembic_config()
        config.attributes["url"] = sqlite_url(url)
        command.upgrade(config, "head")


def migration_pending(url: str) -> bool:
    """Whether the database lacks a migration of this version. Blocks; creates nothing.

    Raises:
        BadDatabaseUrl: the address is none we can open, or the database is none of ours.
    """
    return bool(schema_state(url).pending)


def schema_state(url: str) -> SchemaState:
    """Where a database stands. Blocks; creates nothing.

    Raises:
        BadDatabaseUrl: the address is none we can open; or the database is of a newer release, of
            another program, or has lost its version.
    """
    file = Path(sqlite_url(url).database or "")
    if unfit := unfit_sqlite():
        raise BadDatabaseUrl(f"SQLite: {unfit}")
    if not file.parent.is_dir():
        raise BadDatabaseUrl(f"DATABASE_URL: there is no folder {file.parent}")
    if not os.access(file.parent, os.W_OK):
        raise BadDatabaseUrl(f"DATABASE_URL: nothing may be written in {file.parent}")
    if not file.exists():
        return SchemaState(None, _steps())
    if not os.access(file, os.W_OK):
        raise BadDatabaseUrl(f"DATABASE_URL: {file} may not be written")
    revision = _revision(file)
    if revision == newest_revision():
        return SchemaState(revision, [])
    known = [each.revision for each in _steps()]
    done = known.index(revision) + 1 if revision else 0
    return SchemaState(revision, _steps()[done:])


def back_up(url: str) -> Path | None:
    """A copy of the database beside it, named after where it stands; None if there is none. Blocks.

    Raises:
        BadDatabaseUrl: as `schema_state`; or the copy cannot be written.
    """
    state, file = schema_state(url), Path(sqlite_url(url).database or "")
    if state.revision is None:
        return None
    copy = file.with_name(f"{file.name}.{state.revision}")
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise BadDatabaseUrl(f"{copy} cannot be written: {error}") from None
    return copy


def _revision(file: Path) -> str | None:
    """The last migration of a database; None where there was none."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            tables = {str(name) for (name,) in named}
            versions = (
                connection.execute("SELECT version_num FROM alembic_version").fetchall()
                if VERSIONS in tables
                else []
            )
    except sqlite3.DatabaseError as error:
        raise BadDatabaseUrl(f"DATABASE_URL: {file} cannot be opened: {error}") from None
    if not tables <= {VERSIONS, "sqlite_sequence"} and not tables >= OURS:
        named_tables = ", ".join(sorted(tables - {VERSIONS})[:3])
        raise BadDatabaseUrl(
            f"DATABASE_URL: {file} belongs to another program (it holds {named_tables}); give the "
            "desk a file of its own"
        )
    return _known(file, [str(version) for (version,) in versions], ours=tables >= OURS)


def _known(file: Path, versions: Sequence[str], *, ours: bool) -> str | None:
    if not versions:
        if ours:
            raise BadDatabaseUrl(
                f"DATABASE_URL: {file} does not say of which version it is (its table "
                f"{VERSIONS} is empty or gone): bring back a backup"
            )
        return None
    if versions[0] == newest_revision():
        return versions[0]
    steps = _steps()
    if versions[0] not in {each.revision for each in steps}:
        raise BadDatabaseUrl(
            f"DATABASE_URL: {file} was written by a newer Deskhand (it stands at {versions[0]}, "
            f"this one knows {steps[-1].revision}): install that version again, or bring back the "
            "backup from before it"
        )
    return versions[0]


@cache
def newest_revision() -> str:
    """The last migration of this version, by the names of the files: they count up."""
    return max(each.stem for each in (SCRIPTS / "versions").glob("[0-9]*.py"))


@cache
def _steps() -> Sequence[Migration]:
    """All migrations of this version, the first one first."""
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - nearly no start needs it

    scripts = ScriptDirectory.from_config(alembic_config()).walk_revisions()
    return [Migration(each.revision, each.doc.splitlines()[0]) for each in scripts][::-1]


def alembic_config() -> "Config":
    """Where Alembic finds the migrations."""
    from alembic.config import Config  # noqa: PLC0415 - nearly no start needs it

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return config
