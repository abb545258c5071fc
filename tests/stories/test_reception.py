"""Between the acknowledgement of a message and the beginning of its story."""

from typing import Any

import pytest

from bot.engine import Engine
from bot.reception import STORY
from tests.stories.questions import DELIVERY
from tests.workspace import Workspace


async def test_what_was_taken_in_but_not_begun_is_begun_at_the_next_start(
    desk: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine fails after Slack was told that we have the message: nobody will send it again."""
    submit = Engine.submit

    async def broken(engine: Engine, name: str, *given: Any) -> bool:
        if name == STORY:
            raise OSError
        return await submit(engine, name, *given)

    with monkeypatch.context() as patched:
        patched.setattr(Engine, "submit", broken)
        patched.setattr("bot.reception.PAUSE", 60.0)
        patched.setattr("bot.reception.GRACE", 0.0)
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
