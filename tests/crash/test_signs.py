"""Killed at any moment, the bot leaves no 👀 on a message that it is done with."""

import pytest

from tests.support.process import killed, started
from tests.support.questions import DELIVERY, PERSON
from tests.support.workspace import Workspace

pytestmark = pytest.mark.crash


async def revived(place: Workspace) -> None:
    await place.start()
    await place.resumed()
    await place.running.cards.wait_idle()
    await place.stop()


@pytest.mark.long
async def test_a_sign_that_was_to_go_goes_after_a_kill(place: Workspace) -> None:
    """The story had ended, and Slack had not taken the sign off."""
    process = await started(place)
    place.slack.faults.add("reactions.remove", "server_error", times=None)
    asked = await place.linh.post(place.orders, PERSON)
    await place.until(lambda: any(call.error == "server_error" for call in place.slack.calls))
    await killed(place, process)
    place.slack.faults.clear()
    assert "eyes" in asked.reactions

    await revived(place)

    assert place.slack.reactions(asked) == {}
    assert len(place.replies(asked)) == 1


@pytest.mark.long
async def test_a_sign_of_work_that_a_kill_broke_off_goes_with_its_answer(place: Workspace) -> None:
    """Nobody had written down that it stands there."""
    process = await started(place)
    fault = place.claude.faults.add("hold")
    asked = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: "eyes" in asked.reactions)
    await killed(place, process)
    fault.released.set()

    await revived(place)

    assert place.keys() == [f"{place.key(asked)}:answer"]
    assert place.slack.reactions(asked) == {}
