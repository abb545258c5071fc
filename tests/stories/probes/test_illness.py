"""A desk that is ill says so in the agents' channel: once when it begins, once when it is over."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path

from structlog.testing import capture_logs

from bot.app.vitals import disk_sign
from bot.illness import IllnessNotices
from bot.runtime.logs import configure_logs
from bot.runtime.vitals import Vitals
from handlers.slack import client as slack_client
from handlers.slack.notices import NoticeBoard
from storage.db.database import Database
from storage.reports.backlog import take_turn
from tests.support.workspace import Workspace

GONE = "its file was deleted or replaced"


class Part:
    """A part that is as ill as a test wants it."""

    def __init__(self) -> None:
        self.sentence: str | None = None

    async def sign(self) -> str | None:
        return self.sentence


@asynccontextmanager
async def watched(place: Workspace, lasts: float = 0) -> AsyncIterator[tuple[Vitals, Part]]:
    """A database that can fall ill, and notices that go through a real connection to Slack."""
    vitals, part = Vitals(), Part()
    vitals.watch("database", part.sign, vital=True)
    async with slack_client.connection(place.configure()) as slack:
        told_elsewhere = slack.standing.sentences
        board = NoticeBoard(slack.poster)
        async with IllnessNotices(board.post, place.agents.id, told_elsewhere, lasts=lasts) as told:
            vitals.follow(told.follow)
            yield vitals, part


def notices(place: Workspace) -> list[str]:
    return [each.text for each in place.slack.messages(place.agents)]


async def test_an_illness_is_told_when_it_begins_and_when_it_is_over(place: Workspace) -> None:
    """Once each, whatever it says meanwhile; what it means for customers stands there too."""
    async with watched(place) as (vitals, part):
        part.sentence = "it is locked"
        await vitals.look()
        await place.until(lambda: len(notices(place)) == 1)
        part.sentence = "it is still locked"
        await vitals.look()
        part.sentence = None
        await vitals.look()
        await place.until(lambda: len(notices(place)) == 2)
        await vitals.look()
    began, over = notices(place)

    assert "The desk is not well: The database: it is locked. Customers are not served" in began
    assert over.startswith("The desk is well again: It is over. It was, from ")


async def test_what_passes_by_itself_is_told_to_nobody(place: Workspace) -> None:
    """A connection is made anew every few hours."""
    async with watched(place, lasts=0.2) as (vitals, part):
        part.sentence = "no connection stands"
        await vitals.look()
        part.sentence = None
        await vitals.look()
        await asyncio.sleep(0.4)

    assert notices(place) == []


async def test_a_second_illness_of_a_part_is_told_again(place: Workspace) -> None:
    """It is another one."""
    async with watched(place) as (vitals, part):
        for told in (1, 3):
            part.sentence = "it is locked"
            await vitals.look()
            await place.until(partial(_are, place, told))
            part.sentence = None
            await vitals.look()
            await place.until(partial(_are, place, told + 1))


def _are(place: Workspace, number: int) -> bool:
    return len(notices(place)) == number


async def test_the_home_says_at_once_what_is_ill(place: Workspace) -> None:
    """The file that was taken away under the desk, and nothing any more when it is back."""
    await place.start()
    file = place.folder / "deskhand.db"
    file.rename(file.with_suffix(".away"))
    await place.running.vitals.look()
    await place.mai.open_home()
    await place.until(lambda: GONE in home(place))
    file.with_suffix(".away").rename(file)
    await place.running.vitals.look()
    await place.mai.open_home()
    await place.until(lambda: GONE not in home(place))


def home(place: Workspace) -> str:
    view = place.slack.home(place.mai)
    return place.slack.render(view) if view else ""


async def test_a_disk_that_is_nearly_full_is_ill(tmp_path: Path) -> None:
    """And one with room is not."""
    assert await disk_sign(tmp_path)() is None
    told = await disk_sign(tmp_path, least=10**18)()

    assert told is not None
    assert told.endswith("MB are left: make room, or nothing can be written soon")


async def test_a_write_that_waits_long_is_logged(tmp_path: Path) -> None:
    """With what it was and how long it took; others are not."""
    file = tmp_path / "desk.db"
    store = Database(f"sqlite:///{file}", slow=0.2)
    configure_logs("WARNING", "json")
    with capture_logs() as logs:
        await store.write(take_turn)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            waiting = asyncio.create_task(store.write(take_turn))
            await asyncio.sleep(0.4)
            other.execute("ROLLBACK")
        await waiting
    configure_logs("ERROR", "text")
    await store.close()
    (line,) = [each for each in logs if each["event"] == "write was slow"]

    assert (line["work"], line["log_level"]) == ("take_turn", "warning")
    assert line["seconds"] >= 0.2
