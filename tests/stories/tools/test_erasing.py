"""A customer is erased after a day with everything in it: nothing of theirs is left anywhere."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator.slack import Message
from tests.stories.reports.test_erasure import erase, everything, later
from tests.stories.tools.test_connecting import (
    CONNECT,
    code_in,
    direct,
    page,
    signed,
    state_in,
    types,
)
from tests.stories.tools.test_connecting import SECRET as SHARED
from tests.support.shop import REFUNDING, ShopDesk

NAME = "Zanzibar"
ACCOUNT = "linh@example.com"
ORDER = "DH-20311"
BROKEN = f"The cup was broken, please refund 50,000 VND of order {ORDER}. I am Mrs {NAME}."


@pytest.fixture
async def desk(shop: ShopDesk, monkeypatch: pytest.MonkeyPatch) -> ShopDesk:
    """A desk at which people connect their accounts and are refunded."""
    monkeypatch.setenv("CONNECT_SECRET", SHARED)
    refund = REFUNDING.format(url=shop.shop.url, more="")
    await shop.start(also=CONNECT + refund, api_port=0)
    return shop


async def connected(shop: ShopDesk) -> Message:
    """Linh asks for an order, and connects her account for that."""
    asked = await shop.desk.hears(shop.people["linh"], f"Where is my order {ORDER}?")
    state = state_in(direct(shop, shop.people["linh"])[-1])
    _, told = await page(shop, "POST", signed(state, ACCOUNT))
    await types(shop, shop.people["linh"], code_in(told))
    return asked


async def refunded(shop: ShopDesk) -> Message:
    """She is refunded by an agent, and says who she is when she edits what she wrote."""
    asked = await shop.desk.hears(shop.people["linh"], BROKEN)
    await shop.desk.mai.click(shop.desk.cards()[-1], "Do it")
    await shop.desk.settled()
    await shop.people["linh"].edit(asked, f"{BROKEN} From Hue.")
    await shop.desk.settled()
    return asked


async def with_files(shop: ShopDesk) -> list[Message]:
    """What cannot be read, in the channel; and what can, in a direct message for people."""
    unread = [(f"{NAME}.xyz", b"\0\1")]
    read = [(f"{NAME}.txt", NAME.encode())]
    public = await shop.desk.hears(shop.people["linh"], "What is this?", files=unread)
    private = await shop.people["linh"].dm(f"A person please, I am Mrs {NAME}", files=read)
    await shop.desk.settled()
    return [public, private]


async def in_the_thread_of_another(shop: ShopDesk) -> Message:
    """Tom asks; Linh asks below, with a file, and is answered there."""
    other = await shop.desk.hears(shop.people["tom"], "How long does delivery take?")
    for text, files in (
        (f"I am Mrs {NAME}. How long is the warranty on a rice cooker?", []),
        (f"Where is my order {ORDER}?", [(f"{NAME}.bin", b"\0\1")]),
    ):
        await shop.people["linh"].reply(other, text, files=files)
        await shop.desk.settled()
    return other


async def noted(shop: ShopDesk) -> None:
    """An agent writes a note under each card, and says it better afterwards."""
    for card in shop.desk.cards():
        note = await shop.desk.mai.reply(card, f"This is Mrs {NAME}")
        await shop.desk.settled()
        await shop.desk.mai.edit(note, f"This is Mrs {NAME} again")
        await shop.desk.settled()


def columns(folder: Path) -> Iterator[str]:
    """Every row of every file's tables, whoever keeps them; not of articles and indexes."""
    for file in folder.rglob("*.db*"):
        if file.name.endswith(("-wal", "-shm")):
            continue
        with sqlite3.connect(file) as base:
            base.text_factory = bytes
            named = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (name,) in named:
                if not name.decode().startswith(("articles", "passages", "words", "spoken_")):
                    rows = base.execute(f"SELECT * FROM {name.decode()}")  # noqa: S608
                    yield from (f"{file.name} {name.decode()}: {row!r}" for row in rows)


async def test_nothing_is_left(desk: ShopDesk, capsys: pytest.CaptureFixture[str]) -> None:
    """Words, names, files, accounts, changes, notes and steps stand in no column of any table."""
    place, linh = desk.desk, desk.people["linh"]
    theirs = [await connected(desk), await refunded(desk), *await with_files(desk)]
    await in_the_thread_of_another(desk)
    await noted(desk)
    for asked in theirs:
        ticket = await place.ticket(asked)
        assert ticket is not None
        await place.asks(place.mai, f"solve {ticket.id}")
        await place.settled()
    await place.running.cards.wait_idle()

    assert await erase(place, linh.id, "--apply") == 0
    assert await erase(place, linh.id) == 0
    assert f"There is nothing of {linh.id} here." in capsys.readouterr().out
    await place.strikes("forget", later(8))
    await place.settled()
    rows = [*(await everything(place)).splitlines(), *columns(place.folder)]
    theirs_yet = (NAME, linh.id, ACCOUNT, ORDER)
    assert [each for each in rows if any(gone in each for gone in theirs_yet)] == []
