"""Fixtures of the batch tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from emulator.claude import ClaudeEmulator
from tests.stories.batch.bench import Bench


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    """A stand-in without latency and an empty folder."""
    async with ClaudeEmulator() as claude:
        yield Bench(claude, tmp_path)
