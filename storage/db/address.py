"""Where the desk's data is: a file of SQLite, or a PostgreSQL server."""

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

POSTGRES = "postgresql+psycopg"
# As hosts of databases write it, older ones too.
_SERVERS = ("postgresql", "postgres", POSTGRES)
_EXPECTED = "sqlite:///deskhand.db (a file) or postgresql://user:password@host/database"

_BY_NUMBER = (
    "DATABASE_URL: in a name and a password, @ is written %40, a blank %20, / %2F, : %3A and % %25"
)


class BadDatabaseUrl(ValueError):
    """DATABASE_URL is not one that Deskhand can open; the sentence says what is expected."""


class DatabaseAway(BadDatabaseUrl):
    """The server cannot be reached, or takes nobody at the moment: that may pass by itself."""


def database_url(url: str) -> URL:
    """Check an address: `sqlite:///file.db` or `postgresql://user:password@host/database`.

    What stands behind a `?` in PostgreSQL's is its client library's business (`sslmode` and such).

    Raises:
        BadDatabaseUrl: for anything else.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # It may hold a password, and nobody can tell where.
        raise BadDatabaseUrl(_expected(url if "@" not in url else "one with a mistake")) from None
    if parsed.drivername in _SERVERS and ("@" in (parsed.host or "") or " " in url):
        # Of what stands there nobody can tell the host from the password.
        raise BadDatabaseUrl(_BY_NUMBER)
    if parsed.drivername in _SERVERS and parsed.database:
        return parsed.set(drivername=POSTGRES)
    if parsed.drivername == "sqlite" and parsed.database and parsed.database != ":memory:":
        return parsed
    raise BadDatabaseUrl(_expected(parsed.render_as_string(hide_password=True)))


def on_server(url: URL) -> bool:
    """Whether it is a server's rather than a file."""
    return url.drivername == POSTGRES


def shown(url: URL) -> str:
    """The database as people are told of it: a file, or a server's without the password."""
    if not on_server(url):
        return str(url.database)
    return URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database
    ).render_as_string()


def _expected(url: str) -> str:
    return f"DATABASE_URL: expected {_EXPECTED}, found {url!r}"
