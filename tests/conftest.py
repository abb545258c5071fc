"""Fixtures shared by all tests."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.logs import configure
from storage.migrate import upgrade
from tests.workspace import Workspace, workspace


@pytest.fixture(scope="session", autouse=True)
def _quiet_logs() -> None:
    configure("ERROR", "text")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all migrations applied, in one file."""
    path = tmp_path_factory.mktemp("template") / "deskhand.db"
    upgrade(f"sqlite:///{path}")
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture
async def place(tmp_path: Path, migrated: Path) -> AsyncIterator[Workspace]:
    """An emulated workspace whose bot is not started yet."""
    async with workspace(tmp_path, migrated) as opened:
        yield opened


@pytest.fixture
async def desk(place: Workspace) -> Workspace:
    """An emulated workspace with the bot at work, watching #orders."""
    await place.start()
    return place
