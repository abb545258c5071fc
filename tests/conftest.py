"""Fixtures shared by all tests."""

import asyncio
import gc
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from itertools import cycle
from pathlib import Path

import pytest

from bot import engine as durable
from bot.engine import Engine
from bot.logs import configure
from bot.processors import ALLOWED
from bot.shelving import Folder, sync
from storage import database, daybook
from storage.database import Database
from storage.migrate import upgrade
from tests.workspace import KNOWLEDGE, Workspace, workspace


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each processor: stories wait for processes and clocks."""
    return (os.cpu_count() or 1) * 2


def pytest_configure() -> None:
    """Each worker stays on one processor: its threads take turns, and moving costs a sixth."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker and ALLOWED:
        processors = sorted(ALLOWED)
        os.sched_setaffinity(0, {processors[int(worker[2:]) % len(processors)]})


# The number of the test, begun anew at every hundredth.
RUN = cycle(range(100))


def pytest_collection_finish() -> None:
    """What is imported by now stays; looking at it again and again took a sixth of the time."""
    gc.collect()
    gc.freeze()
    gc.disable()


def pytest_runtest_logfinish() -> None:
    """Collect what the last tests left behind; a command that was called set the collector on."""
    gc.disable()
    next(RUN) or gc.collect()


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
