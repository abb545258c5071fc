"""The second reading: what rules cannot vouch for reaches a customer only after it was read."""

import json
from typing import Any

import pytest

from tests.support.questions import DELIVERY, WILL_COME
from tests.support.workspace import Workspace

NEGATED = "Delivery does not take 1 to 2 working days within Ho Chi Minh City and Hanoi."
INVENTED = "Umbrellas, parasols and raincoats are shipped by submarine together with every kettle."
TRUE = "Delivery takes 1 to 2 working days within Ho Chi Minh City and Hanoi."
ASIDE = "Within Ho Chi Minh City and Hanoi, 1 to 2 working days are what a delivery takes."
ALWAYS, NEVER = '[gate]\nverify = "always"\n', '[gate]\nverify = "never"\n'


def readings(place: Workspace) -> int:
    return sum(
        "<sentence number=" in json.dumps(call.body["messages"]) for call in place.claude.calls
    ) or sum(
        "readings" in json.dumps(call.body.get("output_config") or {})
        for call in place.claude.calls
    )


@pytest.mark.parametrize(("words", "kind"), [(NEGATED, "contradicted"), (INVENTED, "not_stated")])
async def test_what_its_source_does_not_say_is_not_sent(
    desk: Workspace, words: str, kind: str
) -> None:
    """The customer hears of a person; the card shows the sentence beside the passage."""
    desk.claude.faults.add("says", text=f"{TRUE} {words}", cited=True, after=1)
    asked = await desk.hears(desk.linh, DELIVERY)

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "drafted"
    assert decision.gate is not None
    assert [each["kind"] for each in decision.gate["faults"]] == [kind]
    (said,) = desk.replies(asked)
    assert WILL_COME in said
    card = str([each.blocks for each in desk.cards()])
    assert words in card
    (told,) = [each["told"] for each in decision.gate["faults"]]
    assert ("which says" in told) == (kind == "contradicted")
    assert [call.purpose for call in await desk.calls()] == ["triage", "answer", "verify"]
    assert all(call.nano_dollars > 0 for call in await desk.calls())


async def test_what_stands_there_word_for_word_is_not_read_again(desk: Workspace) -> None:
    """Only what is risky costs a third call."""
    desk.claude.faults.add("says", text=TRUE, cited=True, after=1)
    asked = await desk.hears(desk.linh, DELIVERY)

    assert TRUE in desk.replies(asked)[0]
    assert [call.purpose for call in await desk.calls()] == ["triage", "answer"]


async def test_the_desk_says_what_is_read_again(place: Workspace) -> None:
    """Always: also what stands there word for word. Never: not even what is risky."""
    await place.start(ALWAYS)
    place.claude.faults.add("says", text=TRUE, cited=True, after=1)
    asked = await place.hears(place.linh, DELIVERY)
    assert TRUE in place.replies(asked)[0]
    assert [call.purpose for call in await place.calls()] == ["triage", "answer", "verify"]
    await place.stop()

    await place.start(NEVER)
    place.claude.faults.add("says", text=NEGATED, cited=True, after=1)
    asked = await place.hears(place.linh, DELIVERY)
    assert NEGATED in place.replies(asked)[0]
    assert len(await place.calls()) == 5


@pytest.mark.parametrize("kind", ["drop", "invalid_json", "refusal", "says"])
async def test_what_could_not_be_read_is_not_sent(place: Workspace, kind: str) -> None:
    """A reading that fails, refuses or leaves a sentence out supports nothing."""
    await place.start(ALWAYS, claude_retries=0)
    place.claude.faults.add("says", text=TRUE, cited=True, after=1)
    options: dict[str, Any] = {"text": '{"readings": []}'} if kind == "says" else {}
    place.claude.faults.add(kind, after=1, **options)
    asked = await place.hears(place.linh, DELIVERY)

    decision = await place.decision(asked)
    assert decision is not None
    assert decision.gate is not None
    assert (decision.outcome, decision.gate["faults"][0]["kind"]) == ("drafted", "unread")
    assert WILL_COME in place.replies(asked)[0]


async def test_a_sentence_that_has_to_be_read_shows_only_afterwards(place: Workspace) -> None:
    """While the answer is written its safe beginning shows; the rest when it has been read."""
    place.streams = ("track_shipping",)
    await place.start()
    risky = "Umbrellas and parasols travel by submarine."
    fault = place.claude.faults.add(
        "stream_hold", text=f"{TRUE} {risky} {TRUE} {TRUE} {TRUE}", cited=True, after=1
    )
    asked = await place.linh.post(place.orders, DELIVERY)
    await fault.struck.wait()
    fault.released.set()
    await place.settled()

    shown = place.slack.transcript(place.orders)
    assert "submarine" not in shown
    decision = await place.decision(asked)
    assert decision is not None
    assert decision.outcome == "drafted"
