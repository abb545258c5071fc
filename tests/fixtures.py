"""Fixtures shared by all tests."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot import engine as durable
from bot.engine import Engine
from bot.logs import configure
from bot.shelving import Folder, sync
from storage import database, daybook
from storage.database import Database
from storage.migrate import upgrade
from tests.workspace import KNOWLEDGE, Workspace, workspace


@pytest.fixture(autouse=True)
def _quiet_logs() -> None:
    """A test of a command configures logging too, and for an output that ends with it."""
    configure("ERROR", "text")


@pytest.fixture(scope="session", autouse=True)
def _no_power_cut() -> Iterator[None]:
    """No power cut comes in this process, and nobody waits for a disk here, nor for a stop.

    Processes that are killed have what the desk has.
    """
    pragmas = (*database.SQLITE_PRAGMAS, "synchronous=OFF")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "SQLITE_PRAGMAS", pragmas)
        patch.setattr(durable, "SQLITE_PRAGMAS", pragmas)
        patch.setattr(durable, "LOOK_EVERY", 0.01)
        yield


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all migrations and the sample articles, and beside it the engine's."""
    path = tmp_path_factory.mktemp("template") / "deskhand.db"
    upgrade(f"sqlite:///{path}")
    engine = asyncio.run(_filled(path))
    for file in (path, engine):
        with closing(sqlite3.connect(file)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path


async def _filled(path: Path) -> Path:
    store, engine = Database(f"sqlite:///{path}"), Engine(path)
    await sync(store, Folder(KNOWLEDGE))
    await daybook.keep(store)
    await store.close()
    await engine.start({})
    await engine.stop()
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
