"""Fixtures shared by all tests."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.knowledge.sources import Folder
from bot.knowledge.sync import sync_source
from bot.runtime.logs import configure_logs
from bot.runtime.workflows import Workflows
from storage.costs import daily_totals
from storage.db.database import Database
from storage.db.migrate import upgrade_database
from tests.support.workspace import KNOWLEDGE, Workspace, workspace


@pytest.fixture(autouse=True)
def _quiet_logs() -> None:
    """A test of a command configures logging too, and for an output that ends with it."""
    configure_logs("ERROR", "text")


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all migrations and the sample articles, and beside it the engine's."""
    path = tmp_path_factory.mktemp("template") / "deskhand.db"
    upgrade_database(f"sqlite:///{path}")
    engine = asyncio.run(_filled(path))
    for file in (path, engine):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


async def _filled(path: Path) -> Path:
    store = Database(f"sqlite:///{path}")
    engine = Workflows(store)
    await sync_source(store, Folder(KNOWLEDGE))
    await daily_totals.keep_totals(store)
    await engine.start({})
    await engine.stop()
    await store.close()
    return engine.file


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
