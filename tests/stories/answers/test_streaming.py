"""Answers that show while they are written: in one message, whatever happens in the middle."""

import asyncio
from typing import Any

import pytest

from emulator.claude.faults import Fault
from emulator.slack import Message
from tests.support.questions import DELIVERY, DELIVERY_VI, WARRANTY, WILL_COME
from tests.support.workspace import PATIENCE, Workspace

FIRST = "Delivery takes 1 to 2 working days within Ho Chi Minh City and Hanoi. "
REST = (
    "It takes 3 to 5 working days everywhere else in Vietnam. "
    "Orders placed before 14:00 leave our warehouse the same day. "
    "Express delivery within 4 hours is offered in Ho Chi Minh City and Hanoi."
)
STREAMED = ["chat.startStream", "chat.stopStream"]


@pytest.fixture
async def desk(place: Workspace) -> Workspace:
    """A bot that streams answers about deliveries, and no others."""
    place.streams = ("track_shipping",)
    await place.start()
    return place


def wire(desk: Workspace) -> list[str]:
    """The calls by which the bot wrote into #orders, in their order."""
    return [
        call.method
        for call in desk.slack.calls
        if call.method.startswith("chat.")
        and call.method != "chat.getPermalink"
        and call.args.get("channel") == desk.orders.id
    ]


async def begun(desk: Workspace, text: str = FIRST + REST) -> tuple[Message, Message, Fault]:
    """Linh asks, and sees the first sentences while the model is held in mid-answer."""
    fault = desk.claude.faults.add("stream_hold", text=text, cited=True, after=1)
    asked = await desk.linh.post(desk.orders, DELIVERY)
    await desk.until(lambda: len(desk.slack.thread(asked)) > 1)
    async with asyncio.timeout(PATIENCE):
        await fault.struck.wait()
    return asked, desk.slack.thread(asked)[1], fault


async def test_an_answer_is_streamed_into_the_thread_as_one_message(desk: Workspace) -> None:
    """Seen while it is written, then finished with its sources; the books say the same."""
    asked, answer, fault = await begun(desk)
    seen = answer.text
    fault.released.set()
    await desk.settled()

    # What leaves a condition of its source out is read again.
    decision, (_triage, paid, _read) = await desk.decision(asked), await desk.calls()
    row = desk.slack.transcript(desk.orders)
    assert answer.streaming is False
    assert seen.startswith(FIRST.strip()[:20])
    assert answer.text == FIRST + REST
    assert "Sources: " in row
    assert desk.keys() == [f"{desk.key(asked)}:answer"]
    assert set(wire(desk)) <= {*STREAMED, "chat.appendStream"}
    assert decision is not None
    assert (decision.outcome, paid.status, paid.stop_reason) == ("answered", "ok", "end_turn")
    assert "delivery" in decision.sources[0]["source"]


async def test_the_work_shows_in_the_customers_language_until_there_are_words(
    desk: Workspace,
) -> None:
    """A status with loading lines; the answer takes it away."""
    held = desk.claude.faults.add("hold", after=1)
    asked = await desk.linh.dm(DELIVERY_VI)
    pane = desk.slack.workspace.channels[asked.channel]
    await desk.until(lambda: asked.ts in pane.statuses)
    status = pane.statuses[asked.ts]
    held.released.set()
    await desk.settled()

    assert status.text == "đang soạn câu trả lời…"
    assert all("Đang" in each for each in status.loading)
    assert pane.statuses == {}


async def test_what_the_policy_does_not_stream_is_posted_when_it_is_checked(
    desk: Workspace,
) -> None:
    """Another intent: one post, no stream, and no status where there is no pane to show it."""
    asked = await desk.hears(desk.linh, WARRANTY)

    assert wire(desk) == ["chat.postMessage"]
    assert len(desk.replies(asked)) == 1
    assert "assistant.threads.setStatus" not in {call.method for call in desk.slack.calls}


async def test_a_used_up_allowance_costs_nobody_the_answer(desk: Workspace) -> None:
    """After a 429 the answers are posted, and Slack is left alone for as long as it said."""
    desk.slack.faults.add("chat.startStream", "ratelimited", retry_after=60)
    asked = []
    for _ in range(2):
        fault = desk.claude.faults.add("stream_hold", text=FIRST + REST, cited=True, after=1)
        asked.append(await desk.linh.post(desk.orders, DELIVERY))
        async with asyncio.timeout(PATIENCE):
            await fault.struck.wait()
        await desk.until(lambda: "chat.startStream" in wire(desk))
        fault.released.set()
        await desk.settled()

    assert wire(desk) == ["chat.startStream", "chat.postMessage", "chat.postMessage"]
    assert [desk.replies(each) for each in asked] == [[FIRST + REST]] * 2


@pytest.mark.parametrize(
    ("method", "kind", "options"),
    [
        ("chat.startStream", "error", {"code": "missing_recipient_team_id"}),
        ("chat.startStream", "server_error", {}),
        ("chat.startStream", "drop_after", {}),
        ("chat.appendStream", "error", {"code": "message_not_in_streaming_state"}),
        ("chat.appendStream", "drop_after", {}),
        ("chat.stopStream", "error", {"code": "message_not_in_streaming_state"}),
        ("chat.stopStream", "drop_after", {}),
        ("chat.stopStream", "drop_before", {}),
        ("chat.stopStream", "server_error", {}),
        ("chat.stopStream", "ratelimited", {"retry_after": 1}),
    ],
)
async def test_a_stream_that_is_refused_or_lost_is_finished_another_way(
    desk: Workspace, method: str, kind: Any, options: dict[str, Any]
) -> None:
    """One message with the whole answer, whether Slack had done what it was asked or not."""
    desk.slack.faults.add(method, kind, **options)
    fault = desk.claude.faults.add("stream_hold", text=FIRST + REST, cited=True, after=1)
    asked = await desk.linh.post(desk.orders, DELIVERY)
    async with asyncio.timeout(PATIENCE):
        await fault.struck.wait()
    if method != "chat.startStream":
        await desk.until(lambda: len(desk.slack.thread(asked)) > 1)
    fault.released.set()
    await desk.settled()

    decision = await desk.decision(asked)
    assert desk.replies(asked) == [FIRST + REST]
    assert desk.keys() == [f"{desk.key(asked)}:answer"]
    assert not any(each.streaming for each in desk.slack.thread(asked))
    assert decision is not None
    assert decision.outcome == "answered"


async def test_an_expired_stream_is_updated_in_place(desk: Workspace) -> None:
    """Slack ends a stream that was silent for minutes; the message stays and is completed."""
    asked, answer, fault = await begun(desk)
    desk.slack.stream_expiry = 0
    fault.released.set()
    await desk.settled()

    assert desk.replies(asked) == [FIRST + REST]
    assert desk.slack.thread(asked)[1] is answer
    assert wire(desk)[-1] == "chat.update"


async def test_a_stream_that_the_model_breaks_off_is_answered_anew(desk: Workspace) -> None:
    """The API fails in mid-answer: it is asked again, and the same message is completed."""
    desk.claude.faults.add("stream_error", after=1)
    asked = await desk.hears(desk.linh, DELIVERY)

    decision = await desk.decision(asked)
    assert [call.status for call in await desk.calls()] == ["ok", "overloaded_error", "ok"]
    assert decision is not None
    assert decision.outcome == "answered"
    assert len(desk.replies(asked)) == 1


async def test_a_model_that_fails_in_mid_stream_is_replaced_by_a_person(desk: Workspace) -> None:
    """Twice broken off: what was begun becomes the line that a person will come."""
    desk.claude.faults.add("stream_cut", after=1, text=FIRST + REST)
    desk.claude.faults.add("refusal", after=1)
    asked = await desk.hears(desk.linh, DELIVERY)

    (line,) = desk.replies(asked)
    assert WILL_COME in line
    assert not any(each.streaming for each in desk.slack.thread(asked))


async def test_the_stop_button_stops_the_model_too(desk: Workspace) -> None:
    """What was said stays, with a word on how to go on; the ledger has what it cost."""
    asked, answer, _fault = await begun(desk)
    shown = answer.text
    await desk.linh.stop(answer)
    await desk.settled()

    model = desk.claude.calls[-1]
    async with asyncio.timeout(PATIENCE):
        await model.over.wait()
    decision, ticket = await desk.decision(asked), await desk.ticket(asked)
    stopped = (await desk.calls())[-1]
    transcript = desk.slack.transcript(desk.orders)
    assert model.error_type == "client_gone"
    assert (stopped.status, stopped.stop_reason) == ("stopped", None)
    assert stopped.nano_dollars > 0
    assert decision is not None
    assert ticket is not None
    assert (decision.outcome, ticket.status) == ("stopped", "pending")
    assert "stopped" in decision.reason
    assert desk.replies(asked) == [shown.strip()]
    assert "Stopped. Write here to go on" in transcript
    assert "That solved it" not in transcript
    await desk.until(lambda: desk.slack.agent(desk.orders, asked.ts).get("status") == "active")


async def test_a_stop_before_the_first_word_says_so(desk: Workspace) -> None:
    """Nothing was shown yet: a line takes its place."""
    held = desk.claude.faults.add("hold", after=1)
    asked = await desk.linh.post(desk.orders, DELIVERY)
    async with asyncio.timeout(PATIENCE):
        await held.struck.wait()
    event = {
        "type": "agent_session_stopped",
        "user": desk.linh.id,
        "channel": desk.orders.id,
        "thread_ts": asked.ts,
        "streaming_message_ts": [],
        "event_ts": asked.ts,
    }
    desk.slack.workspace.announce(event, desk.orders)
    await desk.settled()

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "stopped"
    assert ["Stopped." in each for each in desk.replies(asked)] == [True]


async def test_a_stop_where_nothing_is_written_changes_nothing(desk: Workspace) -> None:
    """Too late, or forged: the thread is at rest, and stays."""
    asked = await desk.hears(desk.linh, DELIVERY)
    before = desk.slack.transcript()
    event = {
        "type": "agent_session_stopped",
        "user": desk.linh.id,
        "channel": desk.orders.id,
        "thread_ts": asked.ts,
        "streaming_message_ts": [asked.ts],
        "event_ts": asked.ts,
    }
    desk.slack.workspace.announce(event, desk.orders)
    await desk.settled()

    assert desk.slack.transcript() == before


async def test_a_person_who_steps_in_stops_the_stream(desk: Workspace) -> None:
    """The bot ends in mid-answer, its model as well, and leaves the word to the agent."""
    asked, answer, _fault = await begun(desk)
    shown = answer.text
    await desk.mai.reply(asked, "I'll take this one.")
    await desk.settled()

    decision, stopped = await desk.decision(asked), (await desk.calls())[-1]
    assert decision is not None
    assert (decision.outcome, stopped.status) == ("noted", "stopped")
    assert [each.strip() for each in desk.replies(asked)] == [shown.strip()]
    assert "A person goes on from here." in desk.slack.transcript(desk.orders)
    assert not answer.streaming


async def test_a_message_that_is_taken_back_takes_the_answer_with_it(desk: Workspace) -> None:
    """Deleted in mid-answer: nothing is left of it."""
    asked, answer, fault = await begun(desk)
    await desk.linh.delete(asked)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert answer.deleted
    assert desk.keys() == []


async def test_an_edit_in_mid_answer_is_answered_in_the_same_message(desk: Workspace) -> None:
    """The new text counts; the message that was begun for the old one is written over."""
    asked, answer, fault = await begun(desk)
    await desk.linh.edit(asked, WARRANTY)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    (said,) = desk.replies(asked)
    assert "warranty" in said.lower()
    assert desk.slack.thread(asked)[1] is answer
    assert desk.keys() == [f"{desk.key(asked)}:answer"]


async def test_only_checked_sentences_show(desk: Workspace) -> None:
    """A figure that is in no article ends the showing, and a person comes instead; agents decide.

    The customer never saw it; whoever reads the draft does.
    """
    invented = f"{FIRST}Delivery on Mars takes 977 days. {REST}"
    asked, answer, fault = await begun(desk, invented)
    fault.released.set()
    await desk.settled()

    events = [each.args.get("markdown_text", "") for each in desk.slack.calls]
    (line,) = desk.replies(asked)
    assert WILL_COME in line
    assert desk.slack.thread(asked)[1] is answer
    assert "977" not in "".join(map(str, events))
    assert any(each.startswith(FIRST.strip()) for each in events)
