"""A desk that is ill says so in the agents' channel: once when it begins, once when it is over."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from structlog.testing import capture_logs

from bot.app.vitals import disk_sign
from bot.health.illness import IllnessNotices
from bot.health.vitals import Ailment, Vitals
from bot.runtime.logs import configure_logs
from handlers.connection import client as slack_client
from handlers.slack.notices import NoticeBoard, PostedNotices
from storage.db.database import Database, Session
from storage.intake.missed import MissedMessage
from storage.reports.backlog import take_turn
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace


class Part:
    """A part that is as ill as a test wants it."""

    def __init__(self) -> None:
        self.sentence: str | None = None

    async def sign(self) -> str | None:
        return self.sentence


@asynccontextmanager
async def telling(place: Workspace, lasts: float = 0) -> AsyncIterator[IllnessNotices]:
    """Notices that go through a real connection to Slack."""
    async with slack_client.connection(place.configure()) as slack:
        told_elsewhere = slack.standing.sentences
        board, channel = NoticeBoard(slack.poster), place.agents.id
        keys = PostedNotices(slack.client, channel).keys
        async with IllnessNotices(board.post, channel, keys, told_elsewhere, lasts=lasts) as told:
            yield told


@asynccontextmanager
async def watched(
    place: Workspace, lasts: float = 0, part_ill: str | None = None, *, recall: bool = False
) -> AsyncIterator[tuple[Vitals, Part]]:
    """A database that can fall ill, and notices of it."""
    vitals, part = Vitals(), Part()
    vitals.watch("database", part.sign, vital=True)
    async with telling(place, lasts) as told:
        vitals.follow(told.follow)
        if part_ill is not None:
            part.sentence = part_ill
        if recall:
            told.recall(vitals.look)
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


async def test_the_end_of_an_illness_is_told_also_after_a_restart(place: Workspace) -> None:
    """People restart what is ill, and want to hear that it helped."""
    async with watched(place) as (vitals, part):
        part.sentence = "it is locked"
        await vitals.look()
        await place.until(lambda: len(notices(place)) == 1)
    for _ in range(2):
        async with watched(place, recall=True):
            await place.until(lambda: len(notices(place)) == 2)
    began, over = notices(place)

    assert began.startswith("The desk is not well: The database: it is locked.")
    assert over.startswith("The desk is well again: It is over. It was, from ")
    assert over.endswith("The database: what is told above.")


async def test_an_illness_that_lasts_over_a_restart_is_told_once(place: Workspace) -> None:
    """It began before, and ends once."""
    async with watched(place) as (vitals, part):
        part.sentence = "it is locked"
        await vitals.look()
        await place.until(lambda: len(notices(place)) == 1)
    async with watched(place, lasts=0.2, part_ill="it is locked", recall=True) as (vitals, part):
        await vitals.look()
        await asyncio.sleep(0.4)
        assert len(notices(place)) == 1
        part.sentence = None
        await vitals.look()
        await place.until(lambda: len(notices(place)) == 2)


def _are(place: Workspace, number: int) -> bool:
    return len(notices(place)) == number


async def looked(place: Workspace) -> Sequence[Ailment]:
    """What a new look finds: one that is under way, as at the start, would be joined."""
    await place.running.vitals.look()
    return await place.running.vitals.look()


async def test_the_home_says_at_once_what_is_ill(place: Workspace) -> None:
    """And nothing any more when it is over."""
    await place.start()
    part = Part()
    place.running.vitals.watch("disk", part.sign)
    part.sentence = "5 MB are left"
    await looked(place)
    await place.mai.open_home()
    await place.until(lambda: "The disk: 5 MB are left." in home(place))
    part.sentence = None
    await looked(place)
    await place.mai.open_home()
    await place.until(lambda: "5 MB" not in home(place))


async def test_the_home_says_what_it_is_like_by_now(place: Workspace) -> None:
    """And not what it was like when it began: fewer are left, or something else is the matter."""
    await place.start()
    part = Part()
    place.running.vitals.watch("disk", part.sign)
    for told in ("50 MB are left", "5 MB are left"):
        part.sentence = told
        await looked(place)
        await place.mai.open_home()
        await place.until(partial(_shown, place, f"The disk: {told}."))


def _shown(place: Workspace, words: str) -> bool:
    return words in home(place)


async def test_a_process_that_tells_nobody_knows_all_the_same(place: Workspace) -> None:
    """One of several tells the agents; a Home may be drawn by any of them."""
    ill = Ailment("disk", "5 MB are left", datetime.now(UTC), vital=False)
    async with telling(place) as told:
        await told.follow([ill], tells=False)
        assert told.sentences() == ["The disk: 5 MB are left."]
        await asyncio.sleep(0.2)
        assert notices(place) == []
        # The one that told has died, and this one takes its place.
        await told.follow([ill])
        await place.until(partial(_are, place, 1))


def home(place: Workspace) -> str:
    view = place.slack.home(place.mai)
    return place.slack.render(view) if view else ""


def find(session: Session, posted: float) -> None:
    session.add(MissedMessage(key=f"T0:C0:{posted:.6f}"))


async def test_messages_that_no_event_brings_are_an_illness(place: Workspace) -> None:
    """A connection stands and the history has what nobody told; two might be an accident."""
    await place.start()
    told = []
    for number in range(3):
        await place.running.store.write(find, time.time() + number)
        told.append([each.sentence for each in await looked(place)])

    assert told[:2] == [[], []]
    (sentence,) = told[2]
    assert sentence.startswith("3 messages of the last hour came by no event")


async def test_what_was_said_while_the_desk_was_away_is_no_illness(place: Workspace) -> None:
    """It is found in the history as well, and that is what the history is read for."""
    await place.start()
    await place.running.gaps.wait_idle()
    await place.stop()
    for _ in range(4):
        await place.linh.post(place.orders, DELIVERY)
    await place.start()
    await place.running.gaps.wait_idle()
    await place.settled()

    assert await looked(place) == ()


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
