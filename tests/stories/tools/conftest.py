"""The desk with the shop behind it."""

from collections.abc import AsyncIterator

import pytest

from tests.support.shop import ShopDesk, shop_desk
from tests.support.workspace import Workspace


@pytest.fixture
async def shop(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ShopDesk]:
    async with shop_desk(place, monkeypatch) as opened:
        yield opened
