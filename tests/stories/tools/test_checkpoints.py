"""What was asked and answered is written down: a crash asks nobody twice."""

import asyncio

from tests.support.shop import ShopDesk
from tests.support.workspace import PATIENCE


async def test_a_stop_after_the_lookup_asks_the_shop_no_second_time(shop: ShopDesk) -> None:
    """The model's first round and the shop's answer are found again; only the rest is done."""
    desk = shop.desk
    await shop.start(grace=0)
    fault = desk.claude.faults.add("hang", where=lambda body: len(body["messages"]) > 1)
    asked = await desk.linh.post(desk.orders, "Where is my order DH-20311?")
    async with asyncio.timeout(PATIENCE):
        while fault.times:  # noqa: ASYNC110 - a fault tells nobody that it struck
            await asyncio.sleep(0.01)
    before = len([call for call in desk.claude.calls if len(call.body["messages"]) == 1])
    await desk.stop()
    await shop.start()
    await desk.resumed()

    (answer,) = desk.replies(asked)
    assert "On its way" in answer
    assert len(shop.asked) == 1
    after = len([call for call in desk.claude.calls if len(call.body["messages"]) == 1])
    assert after == before
