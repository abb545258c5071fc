"""What is found on a PostgreSQL server: whether the desk can work there, which tables there are."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.engine import URL

from storage.db.address import BadDatabaseUrl, DatabaseAway, shown
from storage.db.engine_home import SCHEMA
from storage.db.postgres_session import CONNECTING
from storage.db.versions import versions_in

# The oldest that its makers still mend.
OLDEST_SERVER = 14
_ABOUT = f"""
SELECT current_setting('server_version_num')::int / 10000 AS version,
    current_setting('server_version') AS name, getdatabaseencoding() AS encoding,
    pg_is_in_recovery() AS standby,
    pg_is_in_recovery() OR current_setting('default_transaction_read_only')::bool AS read_only,
    current_database() AS database, current_schema() AS schema, current_user AS person,
    coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) AS may_make_tables,
    has_database_privilege(current_database(), 'CREATE')
        OR EXISTS (SELECT FROM pg_namespace WHERE nspname = '{SCHEMA}') AS may_make_schemas
"""  # noqa: S608 - a constant of ours
# What a server says that lets nobody in for now (57P03 and 53300).
_PASSING = (
    "starting up",
    "shutting down",
    "in recovery mode",
    "not yet accepting connections",
    "too many clients",
    "remaining connection slots",
)
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def found_server(url: URL) -> tuple[frozenset[str], tuple[str, ...]]:
    """The names of its tables, and what its table of versions says. Blocks; creates nothing.

    Raises:
        BadDatabaseUrl: it cannot be opened, or the desk could not work in it.
    """
    with _connected(url) as connection:
        _require_fit(url, connection)
        tables = {str(name) for (name,) in connection.execute(_TABLES)}
        return frozenset(tables), versions_in(connection, tables)


@contextmanager
def _connected(url: URL) -> Iterator[psycopg.Connection[Any]]:
    """A connection that only looks.

    Raises:
        DatabaseAway: the server cannot be reached, starts or stops, or is full.
        BadDatabaseUrl: it lets nobody in, or there is no such database.
    """
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with psycopg.connect(address, autocommit=True, **CONNECTING) as connection:
            yield connection
    except psycopg.Error as error:
        told = str(error).strip().splitlines()[-1].strip()
        kind = DatabaseAway if _may_pass(error) else BadDatabaseUrl
        raise kind(f"DATABASE_URL: {shown(url)} cannot be opened: {told}") from None


def _may_pass(error: psycopg.Error) -> bool:
    """Whether a server that is not to be had now may be later.

    What it says when it is asked to let somebody in, libpq tells without its code: a server
    that starts, stops, follows another or is full is known by its words. In another language it is
    taken for one that has to be put right.
    """
    if error.sqlstate is not None:
        return error.sqlstate[:3] in ("57P", "533")
    told = str(error)
    return "FATAL" not in told or any(each in told for each in _PASSING)


def _require_fit(url: URL, connection: psycopg.Connection[Any]) -> None:
    """Raise BadDatabaseUrl, with the statement that helps, where the desk could not work."""
    cursor = connection.execute(_ABOUT)
    columns = [each.name for each in cursor.description or ()]
    found = dict(zip(columns, cursor.fetchone() or (), strict=True))
    name = f"DATABASE_URL: {shown(url)}"
    if found["version"] < OLDEST_SERVER:
        raise BadDatabaseUrl(
            f"{name} is PostgreSQL {found['name']}, and the desk needs {OLDEST_SERVER} or newer"
        )
    if found["encoding"] != "UTF8":
        raise BadDatabaseUrl(
            f"{name} keeps text as {found['encoding']}, which lacks letters that people write: "
            "CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0"
        )
    if found["read_only"]:
        kind = DatabaseAway if found["standby"] else BadDatabaseUrl
        raise kind(f"{name} may only be read: it is a standby, or set to be read only")
    if not found["may_make_tables"]:
        schema = found["schema"] or "public"
        raise BadDatabaseUrl(
            f"{name}: {found['person']} may make no tables in the schema {schema}: "
            f"GRANT CREATE ON SCHEMA {schema} TO {found['person']}"
        )
    if not found["may_make_schemas"]:
        raise BadDatabaseUrl(
            f"{name}: {found['person']} may make no schema there, and the engine needs one: "
            f"GRANT CREATE ON DATABASE {found['database']} TO {found['person']}"
        )
