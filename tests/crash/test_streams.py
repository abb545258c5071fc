"""Killed in mid-answer, the bot finishes the message that it had begun, and begins no other."""

import pytest

from emulator.slack import Message
from storage.answers import streams
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets import messages
from tests.support.process import killed, started
from tests.support.questions import DELIVERY
from tests.support.workspace import Workspace

pytestmark = pytest.mark.crash

ANSWER = (
    "Delivery takes 1 to 2 working days within Ho Chi Minh City and Hanoi. "
    "It takes 3 to 5 working days everywhere else in Vietnam. "
    "Orders placed before 14:00 leave our warehouse the same day. "
    "Express delivery within 4 hours is offered in Ho Chi Minh City and Hanoi."
)


async def begun(place: Workspace) -> Message:
    """Linh asks, and the bot has shown the first sentence when the model is held."""
    place.streams = ("track_shipping",)
    place.claude.faults.add("stream_hold", text=ANSWER, cited=True, after=1)
    asked = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: len(place.slack.thread(asked)) > 1)
    return asked


async def finished(place: Workspace, asked: Message) -> None:
    """One message stands under the question, whole, under the answer's key, and in the books."""
    (answer,) = place.slack.thread(asked)[1:]
    store = Database(place.database_url)
    row = await store.read(messages.find_message, place.key(asked))
    await store.close()
    assert not answer.streaming
    assert "working days" in answer.text
    assert place.keys() == [f"{place.key(asked)}:answer"]
    assert "Sources: " in place.slack.transcript(place.orders)
    assert row is not None
    assert row.outcome == "answered"


@pytest.mark.long
async def test_a_kill_in_mid_stream_leaves_one_message_finished(place: Workspace) -> None:
    """Where it stands was written down: the next process answers anew, over it."""
    place.streams = ("track_shipping",)
    process = await started(place)
    asked = await begun(place)
    first = place.slack.thread(asked)[1]
    await killed(place, process)
    assert first.streaming

    await place.start()
    await place.until(place.keys)
    await place.stop()

    await finished(place, asked)
    assert place.slack.thread(asked)[1] is first


@pytest.mark.long
async def test_a_kill_before_it_was_written_down_is_found_in_the_thread(place: Workspace) -> None:
    """The process died between Slack's answer and our note: the message without a key is ours."""
    place.streams = ("track_shipping",)
    process = await started(place)
    asked = await begun(place)
    await killed(place, process)
    store = Database(place.database_url)
    await store.write(streams.forget_streams, utc_now())
    await store.close()

    await place.start()
    await place.until(place.keys)
    await place.stop()

    await finished(place, asked)


@pytest.mark.long
async def test_a_kill_while_it_is_finished_doubles_nothing(place: Workspace) -> None:
    """Slack had ended the stream, but the process died before it heard so."""
    place.streams = ("track_shipping",)
    process = await started(place)
    fault = place.claude.faults.add("stream_hold", text=ANSWER, cited=True, after=1)
    place.slack.faults.add("chat.stopStream", "delay_after", seconds=3)
    asked = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: len(place.slack.thread(asked)) > 1)
    fault.released.set()
    await place.until(place.keys)
    await killed(place, process)

    await place.start()
    await place.until(lambda: "chat.update" in {call.method for call in place.slack.calls})
    await place.stop()

    await finished(place, asked)
