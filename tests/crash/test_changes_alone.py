"""Killed anywhere around a change that needs nobody, it is made once, and the customer hears once.

| killed after … | what the next process finds | what it does again |
|---|---|---|
| proposed | a change on its way that no workflow has begun | nothing: it begins it |
| looked | how things stood | nothing |
| before changed | the shop's work done, and no word of it | it asks under the same key |
| changed | that it was done | nothing |
| settled | the outcome | the customer's words go out |
"""

import signal
from collections.abc import Sequence
from functools import partial
from multiprocessing.process import BaseProcess

import pytest

from emulator.slack import Message
from tests.support.databases import only_on
from tests.support.deaths import Death, Moment, Write
from tests.support.process import command, ended, env_file, stopped
from tests.support.shop import ShopDesk, shop_desk
from tests.support.workspace import ROOT, Workspace

pytestmark = [pytest.mark.crash, only_on("sqlite", "its statements are known by their words")]

STEP = "INSERT INTO steps"
PROPOSED = Write("proposed", "INSERT INTO proposals", "'approved'")
LOOKED = Write("looked", STEP, "'look'")
CHANGED = Write("changed", STEP, "'change'")
SETTLED = Write("settled", "UPDATE proposals", "'done'")
DEATHS: list[tuple[Write, Moment]] = [
    (PROPOSED, "after"),
    (LOOKED, "after"),
    (CHANGED, "before"),
    (CHANGED, "after"),
    (SETTLED, "after"),
]
DONE = "Your order {number} is cancelled."
ALONE = """kind = "write"
autonomy = "do"
alone_for = ["cancel_order"]
alone_up_to = 100000
"""


async def started(shop: ShopDesk, death: Death | None = None) -> BaseProcess:
    """The bot, to which the shop's cancellations are left."""
    desk = shop.desk
    env = env_file(desk, SHOP_TOKEN=shop.shop.token, LOG_LEVEL="ERROR", PROCESSORS="all")
    desk.desk(shop.cancelling().replace('kind = "write"\n', ALONE))
    arguments, log = ["run", "--env", str(env)], desk.folder / "log"
    process = command(arguments, ROOT, {"PATH": ""}, log, death=death)
    await desk.until(lambda: any(not each.draining for each in desk.slack.sockets.connections))
    return process


@pytest.mark.long
async def test_a_kill_around_a_change_without_a_person_makes_it_once(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each process ends what the one before it was killed in."""
    place.slack.dispatch.retry_delays = (0, 0.5, 1)
    async with shop_desk(place, monkeypatch) as shop:
        numbers = [f"LB-2000{each}" for each in range(len(DEATHS))]
        for number in numbers:
            shop.shop.book.place(number, "tom@example.com", 50_000)
        armed = place.folder / "armed"
        asked: list[Message] = []
        for number, (write, moment) in zip(numbers, DEATHS, strict=True):
            process = await started(shop, Death(write, moment, armed))
            await told(shop, asked, numbers)
            armed.touch()
            words = f"Please cancel order {number}."
            asked.append(await shop.people["tom"].post(place.orders, words))
            assert await ended(process) == -signal.SIGKILL, (write.name, moment)
            await place.until(lambda: not place.slack.sockets.connections)
            armed.unlink()
        process = await started(shop)
        await told(shop, asked, numbers)
        assert await stopped(process) == 0

        made = [(each["what"], each["number"]) for each in shop.shop.book.effects()]
        assert made == [("cancel", number) for number in numbers]
        for number, message in zip(numbers, asked, strict=True):
            assert place.replies(message).count(DONE.format(number=number)) == 1


async def told(shop: ShopDesk, asked: Sequence[Message], numbers: Sequence[str]) -> None:
    """Wait until the customer has heard of each change that they asked for."""
    for message, number in zip(asked, numbers, strict=False):
        done = DONE.format(number=number)
        await shop.desk.until(partial(_heard, shop, message, done))


def _heard(shop: ShopDesk, message: Message, words: str) -> bool:
    return words in shop.desk.replies(message)
