"""Between the acknowledgement of a message and the beginning of its story."""

import asyncio
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from bot.pipeline.intake import WORKFLOW
from bot.runtime.backpressure import FEW
from bot.runtime.workflows import Workflows
from tests.support.questions import DELIVERY
from tests.support.workspace import PATIENCE, Workspace


async def test_what_was_taken_in_but_not_begun_is_begun_at_the_next_start(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine fails after Slack was told that we have the message: nobody will send it again."""
    submit = Workflows.submit

    async def broken(workflows: Workflows, name: str, *given: Any) -> bool:
        if name == WORKFLOW:
            raise OSError
        return await submit(workflows, name, *given)

    with monkeypatch.context() as patched:
        patched.setattr(Workflows, "submit", broken)
        patched.setattr("bot.pipeline.intake.PAUSE", 60.0)
        patched.setattr("bot.pipeline.intake.GRACE", 0.0)
        asked = await desk.linh.post(desk.orders, DELIVERY)
        await desk.until(lambda: desk.slack.delivered)
        assert desk.replies(asked) == []
        await desk.stop()
    await desk.start()
    await desk.settled()

    (answer,) = desk.replies(asked)
    assert "working days" in answer
    row = await desk.row(asked)
    assert row is not None
    assert row.outcome == "answered"


async def test_a_crowd_is_safe_first_then_seen_and_then_answered(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are acknowledged before one gets the 👀, and nearly all get it before a model works."""
    monkeypatch.setattr("bot.runtime.backpressure.PATIENCE", PATIENCE)
    with closing(sqlite3.connect(desk.folder / "deskhand.db")) as other:
        # Nothing can be written down before all have come, however slow this machine is.
        other.execute("BEGIN IMMEDIATE")
        for _ in range(30):
            await desk.linh.post(desk.orders, DELIVERY)
        await at_the_door(desk, 30)
    await desk.settled()

    ours = [each for each in desk.slack.acks if each.payload["event"].get("user") == desk.linh.id]
    seen = sorted(each.at for each in desk.slack.calls if each.method == "reactions.add")
    assert (len(ours), len(seen)) == (30, 30)
    assert max(each.acked_at or 0 for each in ours) < seen[0]
    assert seen[-FEW - 1] < min(each.at for each in desk.claude.calls)


async def at_the_door(desk: Workspace, number: int) -> None:
    """Wait until so many messages have come that are not written down."""
    door = desk.running.pipeline._intake._backpressure
    async with asyncio.timeout(PATIENCE):
        while door._here < number:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_crowd_that_does_not_pass_keeps_nobody_waiting(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many come behind, each is answered."""
    monkeypatch.setattr("bot.runtime.backpressure.PATIENCE", 0)
    monkeypatch.setattr("bot.runtime.backpressure.BEAT", 600)
    asked = [await desk.linh.post(desk.orders, DELIVERY) for _ in range(12)]
    await desk.settled()

    assert all(len(desk.replies(each)) == 1 for each in asked)
