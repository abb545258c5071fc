"""Gateways and connections that spoil replies: the customer is served, and people are told."""

import math
from typing import Any

import pytest

from bot.costs.outage import REFUSALS
from bot.llm.token_usage import UNKNOWN
from storage.costs.alarms import standing_alarms
from tests.support.questions import DELIVERY, WILL_COME
from tests.support.workspace import Workspace

ODD: list[dict[str, Any]] = [
    {},
    {"usage": None},
    {"usage": "many"},
    {"usage": {"input_tokens": -4, "output_tokens": 7}},
    {"usage": {"input_tokens": 12.5, "output_tokens": 7}},
    {"usage": {"input_tokens": 10**15, "output_tokens": 7}},
    {"usage": {"output_tokens": 7}},
    {"usage": {"input_tokens": 9, "output_tokens": None}},
]


def alarms(desk: Workspace, title: str) -> list[str]:
    return [card.text for card in desk.cards() if title in card.text]


@pytest.mark.parametrize("streams", [(), ("track_shipping",)])
@pytest.mark.parametrize("kind", ["cut", "stall"])
async def test_a_reply_that_breaks_off_is_asked_for_once_more(
    place: Workspace, kind: str, streams: tuple[str, ...]
) -> None:
    """Cut in its bytes or stalled for good: the second attempt answers, nobody sees an error."""
    place.streams = streams
    await place.start(claude_retries=1, triage_timeout=1, answer_timeout=1)
    place.claude.faults.add(kind, after=1)
    asked = await place.hears(place.linh, DELIVERY)

    row = await place.row(asked)
    assert row is not None
    assert row.outcome == "answered"
    assert "went wrong" not in "".join(place.replies(asked))


@pytest.mark.parametrize("kind", ["cut", "stall"])
async def test_a_reply_that_always_breaks_off_calls_a_person(place: Workspace, kind: str) -> None:
    """Once more and no oftener, and never as an error of ours."""
    await place.start(claude_retries=0, triage_timeout=0.3, answer_timeout=0.3)
    place.claude.faults.add(kind, times=math.inf)
    asked = await place.hears(place.linh, DELIVERY)

    decision = await place.decision(asked)
    assert decision is not None
    assert decision.outcome == "handed_over"
    assert "triage could not reach the model" in decision.reason
    (line,) = place.replies(asked)
    assert WILL_COME in line


# The SDK's models warn when they hold what their types forbid; in service that is a warning.
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
async def test_an_odd_usage_stops_no_message_and_is_told_once(place: Workspace) -> None:
    """Whatever stands in `usage`, the customer is answered; the cost is reckoned and marked."""
    await place.start()
    for options in ODD:
        place.claude.faults.add("usage", times=2, **options)
        asked = await place.hears(place.linh, DELIVERY)
        row = await place.row(asked)
        assert row is not None
        assert row.outcome == "answered", options

    calls = await place.calls()
    assert len(calls) == 2 * len(ODD)
    assert {call.price_version for call in calls} == {UNKNOWN}
    assert min(call.nano_dollars for call in calls) > 0
    assert all(0 <= call.input_tokens < 10**6 for call in calls)
    assert len(alarms(place, "costs of some calls are not known")) == 1

    await place.hears(place.linh, DELIVERY)
    assert (await place.calls())[-1].price_version != UNKNOWN
    assert len(alarms(place, "costs of some calls are not known")) == 2


# The SDK's models warn when they hold what their types forbid; in service that is a warning.
@pytest.mark.filterwarnings("ignore:Pydantic serializer warnings")
async def test_an_odd_usage_of_a_streamed_reply_stops_nothing_either(place: Workspace) -> None:
    """The SDK stumbles over it in the last event; by then everything has been said."""
    place.streams = ("track_shipping",)
    await place.start()
    for options in ODD:
        place.claude.faults.add("usage", times=2, **options)
        asked = await place.hears(place.linh, DELIVERY)
        row = await place.row(asked)
        assert row is not None
        assert row.outcome == "answered", options


@pytest.mark.parametrize("kind", ["nested", "flood"])
async def test_hostile_replies_are_read_in_bounded_time(place: Workspace, kind: str) -> None:
    """JSON without a bottom and text without an end are no verdict and no answer."""
    await place.start()
    place.claude.faults.add(kind, times=math.inf)
    asked = await place.hears(place.linh, DELIVERY)
    (line,) = place.replies(asked)
    assert WILL_COME in line

    place.claude.faults.clear()
    place.claude.faults.add(kind, times=math.inf, after=1)
    again = await place.hears(place.linh, DELIVERY)
    decision = await place.decision(again)
    assert decision is not None
    assert decision.outcome == "handed_over"
    assert "went wrong" not in "".join(place.replies(again))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("unauthorized", "authentication_error"),
        ("forbidden", "permission_error"),
        ("billing", "billing_error"),
    ],
)
async def test_a_refusal_of_the_account_is_told_at_once(
    place: Workspace, kind: str, status: str
) -> None:
    """The first message is enough; the Home says it too, and it is over when a call works."""
    await place.start()
    place.claude.faults.add(kind)
    asked = await place.hears(place.linh, DELIVERY)

    (line,) = place.replies(asked)
    assert WILL_COME in line
    title = "Claude refuses our key or our account"
    assert len(alarms(place, title)) == 1
    await place.mai.open_home()
    homes = place.slack.workspace.homes
    await place.until(lambda: place.mai.id in homes)
    assert REFUSALS[status] in str(homes[place.mai.id].payload({}))
    standing = await place.running.store.read(standing_alarms)
    assert [alarm.name for alarm in standing] == ["refused"]

    await place.hears(place.linh, DELIVERY)
    assert len(alarms(place, title)) == 2
    assert list(await place.running.store.read(standing_alarms)) == []


async def test_three_failures_in_a_row_are_told(place: Workspace) -> None:
    """Two may be an accident; with the third people hear of it, once."""
    await place.start(claude_retries=0)
    place.claude.faults.add("server_error", times=4)
    title = "Model calls fail one after the other"
    for count, alarmed in ((1, 0), (2, 0), (3, 1), (4, 1)):
        await place.hears(place.linh, DELIVERY)
        assert len(alarms(place, title)) == alarmed, count

    await place.hears(place.linh, DELIVERY)
    assert len(alarms(place, title)) == 2
