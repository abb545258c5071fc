"""Killed at any boundary of a hand-over, the bot tells the customer and the agents once each."""

from typing import Literal

import pytest

from emulator.slack import Message
from tests.support import blocks
from tests.support.process import killed, started
from tests.support.questions import PERSON
from tests.support.workspace import Workspace

pytestmark = pytest.mark.crash

MORE = "Nobody has called me yet, please hurry. I want to talk to a human."
# Slack answers so much later that the process is dead by then. Seconds.
LATE = 3

Boundary = Literal["told", "recorded", "posted"]
BOUNDARIES: tuple[Boundary, ...] = ("told", "recorded", "posted")


async def killed_at(place: Workspace, boundary: Boundary, thread: Message | None) -> Message:
    """Kill the bot in a hand-over; of a message in a `thread` whose card stands, if there is one.

    The first post is the customer's line, the second is what the agents see: the process dies when
    Slack has the first, has not got the second, or has the second, and never hears of it.
    """
    process = await started(place)
    faults = place.slack.faults
    if boundary == "told":
        faults.add("chat.postMessage", "delay_after", seconds=LATE)
    else:
        faults.add("chat.postMessage", "delay", seconds=0)
        if boundary == "recorded":
            faults.add("chat.postMessage", "server_error", times=None)
        else:
            faults.add("chat.postMessage", "delay_after", seconds=LATE)
    before = len(place.keys())
    said = place.linh.reply(thread, MORE) if thread else place.linh.post(place.orders, PERSON)
    message = await said

    def reached() -> bool:
        if boundary == "recorded":
            return any(call.error == "server_error" for call in place.slack.calls)
        return len(place.keys()) - before == (1 if boundary == "told" else 2)

    await place.until(reached)
    await killed(place, process)
    faults.clear()
    return message


async def revived(place: Workspace) -> None:
    """Start again, and stop when all is done."""
    await place.start()
    await place.resumed()
    await place.running.cards.wait_idle()
    await place.stop()


@pytest.mark.long
@pytest.mark.parametrize("boundary", BOUNDARIES)
async def test_a_card_follows_once_and_complete(place: Workspace, boundary: Boundary) -> None:
    """Wanted with the record, posted by whichever process comes to it."""
    asked = await killed_at(place, boundary, None)
    await revived(place)

    assert sorted(place.keys()) == sorted(["card:1001:1", f"{place.key(asked)}:line"])
    (card,) = place.cards()
    shown = blocks.shown(card.blocks)
    assert "no decision yet" not in shown
    assert "*Due*\n–" not in shown
    assert "the customer asked for a person" in shown
    assert "$0.0" in shown


@pytest.mark.long
@pytest.mark.parametrize("boundary", BOUNDARIES[1:])
async def test_more_words_stand_under_the_card_once(place: Workspace, boundary: Boundary) -> None:
    """A note is written down with the record as well."""
    process = await started(place)
    asked = await place.linh.post(place.orders, PERSON)
    await place.until(lambda: len(place.keys()) == 2)
    await killed(place, process)

    more = await killed_at(place, boundary, asked)
    await revived(place)

    first, second = place.key(asked), place.key(more)
    lines = ["card:1001:1", f"{first}:line", f"{second}:line", f"{second}:note"]
    assert sorted(place.keys()) == sorted(lines)
