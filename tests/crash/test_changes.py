"""Killed between an agent's press and the shop's answer, a change is made once and told once."""

from contextlib import suppress
from multiprocessing.process import BaseProcess

import pytest

from tests.support.process import command, env_file, killed, stopped
from tests.support.shop import ShopDesk, shop_desk
from tests.support.workspace import ROOT, Workspace

pytestmark = pytest.mark.crash

DONE = "Your order LB-10482 is cancelled."


async def started(shop: ShopDesk) -> BaseProcess:
    """The bot with the shop behind it, its token in the file that `--env` names."""
    desk = shop.desk
    env = env_file(desk, SHOP_TOKEN=shop.shop.token, LOG_LEVEL="ERROR", PROCESSORS="all")
    desk.desk(shop.cancelling())
    process = command(["run", "--env", str(env)], ROOT, {"PATH": ""}, desk.folder / "log")
    await desk.until(lambda: any(not each.draining for each in desk.slack.sockets.connections))
    return process


async def pressed(shop: ShopDesk) -> None:
    """Press, again as long as the bot has not yet noted where its card stands."""
    for _ in range(30):
        with suppress(LookupError):  # it was pressed, and the card does not offer it any more
            await shop.desk.mai.click(shop.desk.cards()[0], "Do it")
        with suppress(TimeoutError):
            await shop.desk.slack.until(
                lambda: any("/cancel" in each for each in shop.shop.requests), timeout=1
            )
            return


@pytest.mark.long
async def test_a_kill_while_the_shop_is_at_work_makes_one_change(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The press was written down; the next life asks under the same key."""
    async with shop_desk(place, monkeypatch) as shop:
        process = await started(shop)
        asked = await shop.people["tom"].post(place.orders, "Please cancel order LB-10482.")
        await place.until(lambda: place.cards() and place.replies(asked))
        shop.shop.fault("slow", "cancel", seconds=1)
        await pressed(shop)
        await killed(place, process)

        process = await started(shop)
        await place.until(lambda: DONE in place.replies(asked))
        await stopped(process)

        assert [each["what"] for each in shop.shop.book.effects()] == ["cancel"]
        assert place.replies(asked).count(DONE) == 1
