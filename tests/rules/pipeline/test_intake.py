"""Between the acknowledgement of a message and the beginning of its story, on the real engine."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.answers.streaming import AnswerStreams
from bot.config.desk_file import desk_for_files
from bot.messages.channel_modes import ChannelModes
from bot.messages.inbound import IncomingMessage
from bot.pipeline.intake import WORKFLOW, Intake
from bot.runtime.backpressure import FEW, Backpressure
from bot.runtime.catch_up import CatchUp
from bot.runtime.workflows import Workflows
from bot.tickets.cards import CardKeeper
from bot.tickets.signs import SignKeeper
from bot.workspace.posts import MessageSign
from handlers.slack.workspace import SlackWorkspace
from storage.db.database import Database
from storage.intake import inbox
from tests.support.databases import writing_held

CROWD = 30
DESK = desk_for_files(Path("no desk.toml"))


def caught_up() -> CatchUp:
    """Nothing is being read back."""
    catch_up = CatchUp()
    catch_up.over(catch_up.round)
    return catch_up


class Broken(Workflows):
    """An engine that takes nothing while `broken`."""

    broken = True
    attempts = 0

    async def submit(self, name: str, workflow_id: str, payload: dict[str, Any]) -> bool:
        self.attempts += 1
        if self.broken:
            raise OSError
        return await super().submit(name, workflow_id, payload)


class Signed(SlackWorkspace):
    """A workspace in which only signs are given; it notes them."""

    def __init__(self, happened: list[str]) -> None:
        self._happened = happened

    async def sign(self, channel: str, ts: str, name: MessageSign, *, on: bool) -> bool:  # noqa: ARG002
        self._happened.append("greeted" if on else "done")
        return True


class Desk:
    """What is behind an intake: it notes what happens to each message, in this order."""

    def __init__(
        self, store: Database, workflows: Workflows, slow: float = 60, **options: Any
    ) -> None:
        self.store = store
        self.workflows = workflows
        self.happened: list[str] = []
        workspace = Signed(self.happened)
        keeper = SignKeeper(store, workspace, slow=slow)
        self.intake = Intake(
            workflows=workflows,
            store=store,
            modes=ChannelModes(DESK, store),
            streams=AnswerStreams(workspace, store),
            cards=CardKeeper(store, workspace, DESK, keeper),
            signs=keeper,
            **options,
            catch_up=caught_up(),
        )

    async def accept(self, number: int) -> None:
        await self.intake.accept(message(number))
        self.happened.append("accepted")

    async def settled(self) -> None:
        async with asyncio.timeout(60):
            await self.intake.wait_idle()
            await self.workflows.wait_idle()

    async def tell(self, payload: dict[str, Any]) -> str:
        accepted = await self.intake.greeted(IncomingMessage.model_validate(payload))
        async with self.intake.turn(accepted.inbound):
            self.happened.append("told")
            await self.store.write(inbox.remove_message, accepted.inbound.key)
        return "told"


def message(number: int) -> IncomingMessage:
    return IncomingMessage(
        team="T1", channel="C1", ts=f"1800000000.{number:06}", user="U1", text="Hello"
    )


@asynccontextmanager
async def at_work(
    database_url: str, workflows: type[Workflows] = Workflows, **options: Any
) -> AsyncIterator[Desk]:
    store = Database(database_url)
    engine = workflows(store)
    desk = Desk(store, engine, **options)
    await engine.start({WORKFLOW: desk.tell})
    try:
        yield desk
    finally:
        await desk.intake.close(grace=0)
        await engine.stop()
        await store.close()


async def test_what_was_taken_in_but_not_begun_is_begun_at_a_start(
    database_url: str,
) -> None:
    """The engine fails after Slack was told that we have the message: nobody will send it again."""
    async with at_work(database_url, Broken, pause=60) as desk:
        await desk.accept(1)
        assert "told" not in desk.happened

    async with at_work(database_url) as desk:
        await desk.intake.resume()
        await desk.settled()
        assert desk.happened == ["greeted", "told"]
        assert await desk.store.read(inbox.waiting_messages) == []


async def test_a_story_that_could_not_be_begun_is_begun_a_little_later(database_url: str) -> None:
    """The engine recovers: the message need not wait for the next start."""
    async with at_work(database_url, Broken, pause=0) as desk:
        await desk.accept(1)
        assert isinstance(desk.workflows, Broken)
        while desk.workflows.attempts < 2:  # noqa: ASYNC110 - nobody else tells
            await asyncio.sleep(0)
        assert "told" not in desk.happened
        desk.workflows.broken = False
        await desk.settled()

        assert desk.happened.count("told") == 1


async def test_the_same_message_twice_is_told_once(database_url: str) -> None:
    """Slack sends an event again whose acknowledgement it has not seen."""
    async with at_work(database_url) as desk:
        await asyncio.gather(desk.accept(1), desk.accept(1))
        await desk.settled()
        await desk.accept(1)
        await desk.settled()

        assert desk.happened.count("told") == 1


async def test_a_crowd_is_safe_first_then_greeted_and_then_answered(database_url: str) -> None:
    """All are written down before one is greeted, and nearly all are before a story begins."""
    async with at_work(database_url, crowd=lambda: Backpressure(patience=60)) as desk:
        # Nothing can be written down before all have come, however slow this machine is.
        with writing_held(database_url):
            coming = [asyncio.create_task(desk.accept(number)) for number in range(CROWD)]
            await asyncio.sleep(0)
        await asyncio.gather(*coming)
        await desk.settled()

        greeted = desk.happened.index("greeted")
        assert desk.happened[:greeted].count("accepted") == CROWD
        assert desk.happened[: desk.happened.index("told")].count("greeted") >= CROWD - FEW
        assert desk.happened.count("told") == CROWD


async def test_a_crowd_that_does_not_pass_keeps_nobody_waiting(database_url: str) -> None:
    """However many come behind, each is told."""
    async with at_work(database_url, crowd=lambda: Backpressure(beat=600, patience=0)) as desk:
        await asyncio.gather(*(desk.accept(number) for number in range(12)))
        await desk.settled()

        assert desk.happened.count("told") == 12


async def seen(desk: Desk) -> None:
    """Wait until somebody sees that they were seen."""
    async with asyncio.timeout(60):
        while "greeted" not in desk.happened:  # noqa: ASYNC110 - nobody else tells
            await asyncio.sleep(0)


async def test_who_waits_for_a_slow_disk_sees_that_they_were_seen(database_url: str) -> None:
    """From memory: nothing is written down yet, nor acknowledged; the story greets nobody again."""
    async with at_work(database_url, slow=0.01) as desk:
        with writing_held(database_url):
            coming = asyncio.create_task(desk.accept(1))
            await seen(desk)
            assert desk.happened == ["greeted"]
        await coming
        await desk.settled()

        assert sorted(desk.happened) == ["accepted", "greeted", "told"]


async def test_a_message_that_is_known_loses_the_sign_that_it_got_in_a_hurry(
    database_url: str,
) -> None:
    """Slack sends an event again, the disk is slow, and the answer stands there since long ago."""
    async with at_work(database_url, slow=60) as desk:
        await desk.accept(1)
        await desk.settled()
        await desk.store.write(inbox.put_message, message(2).key, {})
    async with at_work(database_url, slow=0.01) as desk:
        with writing_held(database_url):
            coming = asyncio.create_task(desk.accept(2))
            await seen(desk)
        await coming
        async with asyncio.timeout(60):
            while "done" not in desk.happened:  # noqa: ASYNC110 - nobody else tells
                await asyncio.sleep(0)

        assert "told" not in desk.happened
