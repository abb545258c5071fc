"""Bringing a database to the tables of this version, and telling apart those that are not ours."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import URL

from storage.db.address import BadDatabaseUrl, database_url, on_server, shown
from storage.db.found_database import FoundDatabase, found_database
from storage.db.versions import VERSIONS

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parents[1] / "migrations"
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
        config.attributes["url"] = database_url(url)
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
    place = database_url(url)
    found = found_database(place)
    revision = _revision(place, found) if found else None
    if revision == newest_revision():
        return SchemaState(revision, [])
    known = [each.revision for each in _steps()]
    done = known.index(revision) + 1 if revision else 0
    return SchemaState(revision, _steps()[done:])


def back_up(url: str) -> Path | None:
    """A copy of the database beside it, named after where it stands. Blocks.

    None where there is none yet, or a server has it: its copies are made with its own tools.

    Raises:
        BadDatabaseUrl: as `schema_state`; or the copy cannot be written.
    """
    state, place = schema_state(url), database_url(url)
    if state.revision is None or on_server(place):
        return None
    file = Path(place.database or "")
    copy = file.with_name(f"{file.name}.{state.revision}")
    try:
        with closing(sqlite3.connect(file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        raise BadDatabaseUrl(f"{copy} cannot be written: {error}") from None
    return copy


def _revision(place: URL, found: FoundDatabase) -> str | None:
    """The last migration of a database; None where there was none.

    Raises:
        BadDatabaseUrl: it is not the desk's, or not this release's.
    """
    name, tables = f"DATABASE_URL: {shown(place)}", found.tables - {VERSIONS}
    ours = tables >= OURS
    if tables and not ours:
        raise BadDatabaseUrl(
            f"{name} belongs to another program (it holds {', '.join(sorted(tables)[:3])}); give "
            f"the desk {'a database' if on_server(place) else 'a file'} of its own"
        )
    if not found.versions:
        if ours:
            raise BadDatabaseUrl(
                f"{name} does not say of which version it is (its table {VERSIONS} is empty or "
                "gone): bring back a backup"
            )
        return None
    if found.versions[0] == newest_revision():
        return found.versions[0]
    steps = _steps()
    if found.versions[0] not in {each.revision for each in steps}:
        raise BadDatabaseUrl(
            f"{name} was written by a newer Deskhand (it stands at {found.versions[0]}, "
            f"this one knows {steps[-1].revision}): install that version again, or bring back the "
            "backup from before it"
        )
    return found.versions[0]


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
