"""Fixtures shared by all tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.runtime.logs import configure_logs
from tests.support.workspace import Workspace, workspace


@pytest.fixture(autouse=True)
def _quiet_logs() -> None:
    """A test of a command configures logging too, and for an output that ends with it."""
    configure_logs("ERROR", "text")


@pytest.fixture
async def place(tmp_path: Path, database_url: str) -> AsyncIterator[Workspace]:
    """An emulated workspace whose bot is not started yet."""
    async with workspace(tmp_path, database_url) as opened:
        yield opened


@pytest.fixture
async def desk(place: Workspace) -> Workspace:
    """An emulated workspace with the bot at work, watching #orders."""
    await place.start()
    return place
