"""The desk with programs that use it."""

from collections.abc import AsyncIterator

import pytest

from tests.support.programs import Programs, programs
from tests.support.workspace import Workspace


@pytest.fixture
async def api(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Programs]:
    async with programs(place, monkeypatch) as opened:
        yield opened
