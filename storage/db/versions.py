"""Which migrations a database has been through, as Alembic writes it down."""

from typing import Any

VERSIONS = "alembic_version"


def versions_in(connection: Any, tables: set[str]) -> tuple[str, ...]:
    """What the table of versions says; nothing where there is none."""
    if VERSIONS not in tables:
        return ()
    rows = connection.execute(f"SELECT version_num FROM {VERSIONS}").fetchall()  # noqa: S608
    return tuple(str(version) for (version,) in rows)
