"""Claude in trouble: the customer gets an answer, or hears that a person will come."""

import math
from typing import Any

import pytest

from tests.support.questions import DELIVERY, WILL_COME
from tests.support.workspace import Workspace

# What breaks at once is given all the time there is; what hangs is not.
LONG, SHORT = 60.0, 0.2
TROUBLE = [
    ("rate_limited", {}, "rate_limit_error", LONG),
    ("rate_limited", {"retry_after": 3600}, "rate_limit_error", LONG),
    ("spend_limit", {}, "spend_limit", LONG),
    ("overloaded", {}, "overloaded_error", LONG),
    ("server_error", {}, "api_error", LONG),
    ("gateway_timeout", {}, "timeout_error", LONG),
    ("drop", {}, "connection", LONG),
    ("html", {}, "not", LONG),
    ("hang", {}, "timeout", SHORT),
]


@pytest.mark.parametrize(("kind", "options", "name", "patience"), TROUBLE)
async def test_without_a_verdict_a_person_comes(
    place: Workspace, kind: str, options: dict[str, Any], name: str, patience: float
) -> None:
    """Whatever breaks in triage, the customer hears of a person and never of an error."""
    await place.start(claude_retries=0, triage_timeout=patience, triage_deadline=60)
    place.claude.faults.add(kind, times=math.inf, **options)
    asked = await place.hears(place.linh, DELIVERY)

    decision = await place.decision(asked)
    assert decision is not None
    assert decision.outcome == "handed_over"
    assert "triage could not reach the model" in decision.reason
    (line,) = place.replies(asked)
    assert WILL_COME in line
    (call,) = await place.calls()
    assert name in call.status
    assert (call.nano_dollars, call.stop_reason) == (0, None)


@pytest.mark.parametrize(("kind", "options", "name", "patience"), TROUBLE)
async def test_without_an_answer_a_person_comes(
    place: Workspace, kind: str, options: dict[str, Any], name: str, patience: float
) -> None:
    """The verdict is kept and shown to the agents; the answer is theirs."""
    await place.start(claude_retries=0, answer_timeout=patience)
    place.claude.faults.add(kind, times=math.inf, after=1, **options)
    asked = await place.hears(place.linh, DELIVERY)

    decision = await place.decision(asked)
    assert decision is not None
    assert decision.triage is not None
    assert decision.outcome == "handed_over"
    assert "the model failed" in decision.reason
    (line,) = place.replies(asked)
    assert WILL_COME in line
    triage, answer = await place.calls()
    assert triage.status == "ok"
    assert name in answer.status


@pytest.mark.parametrize("kind", ["rate_limited", "overloaded", "server_error", "drop"])
async def test_a_passing_trouble_costs_time_and_nothing_else(desk: Workspace, kind: str) -> None:
    """The call is made again and the customer notices nothing."""
    desk.claude.faults.add(kind)
    asked = await desk.hears(desk.linh, DELIVERY)

    row = await desk.row(asked)
    assert row is not None
    assert row.outcome == "answered"
    triage, _ = await desk.calls()
    assert (triage.status, triage.attempts) == ("ok", 2)


async def test_a_retry_after_of_an_hour_ends_at_our_own_deadline(place: Workspace) -> None:
    """The client obeys any retry-after; the customer does not have to."""
    await place.start(triage_timeout=0.3, triage_deadline=0.3)
    place.claude.faults.add("rate_limited", retry_after=3600)
    asked = await place.hears(place.linh, DELIVERY)

    (call,) = await place.calls()
    assert call.status == "deadline"
    assert call.latency_ms < 60_000
    (line,) = place.replies(asked)
    assert WILL_COME in line


async def test_a_wrong_key_at_work_is_told_to_nobody_but_the_log(place: Workspace) -> None:
    """A key revoked meanwhile sends everybody to a person."""
    await place.start(anthropic_api_key="sk-ant-wrong")
    asked = await place.hears(place.linh, DELIVERY)

    (line,) = place.replies(asked)
    assert WILL_COME in line
    assert "key" not in "".join(place.replies(asked))


@pytest.mark.parametrize("auth", ["bearer", "x-api-key", "both"])
async def test_a_gateway_gets_the_key_where_it_wants_it(place: Workspace, auth: str) -> None:
    """ANTHROPIC_AUTH says in which header the key goes."""
    await place.start(anthropic_auth=auth)
    asked = await place.hears(place.linh, DELIVERY)

    row = await place.row(asked)
    assert row is not None
    assert row.outcome == "answered"


async def test_no_more_calls_are_in_flight_than_allowed(place: Workspace) -> None:
    """The ninth message waits when eight calls are the limit."""
    await place.start(claude_in_flight=8)
    faults = [place.claude.faults.add("hold") for _ in range(8)]
    for _ in range(9):
        await place.linh.post(place.orders, DELIVERY)
    await place.heard()
    for fault in faults:
        await fault.struck.wait()
    assert place.asked() == 8

    for fault in faults:
        fault.released.set()
    await place.settled()

    assert len(place.keys()) == 9
