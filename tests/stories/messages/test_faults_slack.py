"""Slack in trouble: each answer still stands there once, or a person is called."""

from typing import Any

import pytest
from sqlalchemy import text

from storage.db.database import Session
from tests.support.databases import taking_nothing
from tests.support.questions import DELIVERY, PERSON, WARRANTY
from tests.support.workspace import Workspace


async def sql(desk: Workspace, statement: str, **values: Any) -> None:
    """Do to the store what no part of the product would."""
    await desk.running.store.write(Session.execute, text(statement), values)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("ratelimited", {"retry_after": 0.05}),
        ("server_error", {"status": 503}),
        ("error", {"code": "internal_error"}),
        ("drop_before", {}),
        ("drop_after", {}),
    ],
)
async def test_an_answer_is_posted_exactly_once(
    desk: Workspace, kind: Any, options: dict[str, Any]
) -> None:
    """After a refusal, a broken connection, or one that broke when the post stood already."""
    desk.slack.faults.add("chat.postMessage", kind, **options)
    asked = await desk.hears(desk.linh, DELIVERY)

    assert desk.keys() == [f"{desk.key(asked)}:answer"]
    row = await desk.row(asked)
    assert row is not None
    assert row.outcome == "answered"


async def test_a_card_and_its_line_are_posted_exactly_once(desk: Workspace) -> None:
    """The agents' channel is asked for what stands there as well."""
    desk.slack.faults.add("chat.postMessage", "drop_after", times=2)
    asked = await desk.hears(desk.linh, PERSON)

    key = desk.key(asked)
    assert sorted(desk.keys()) == sorted(["card:1001:1", f"{key}:line"])


async def test_slacks_rate_limits_delay_but_lose_nothing(desk: Workspace) -> None:
    """A wait as long as Slack asks for, and then the answer."""
    desk.slack.faults.add("chat.postMessage", "ratelimited", times=3, retry_after=0.02)
    messages = [await desk.linh.post(desk.orders, DELIVERY) for _ in range(5)]
    await desk.settled()

    assert sorted(desk.keys()) == sorted(f"{desk.key(each)}:answer" for each in messages)


async def test_no_sign_is_no_reason_to_stay_silent(desk: Workspace) -> None:
    """👀 that cannot be set is a pity; the answer comes all the same."""
    desk.slack.faults.add("reactions.add", "error", code="no_permission", times=None)
    desk.slack.faults.add("chat.getPermalink", "error", code="not_in_channel", times=None)
    asked = await desk.hears(desk.linh, DELIVERY)
    handed = await desk.hears(desk.linh, PERSON)

    assert len(desk.replies(asked)) == 1
    assert len(desk.replies(handed)) == 1
    assert len(desk.cards()) == 1


async def test_a_refused_answer_is_a_failure_and_a_person_is_called(desk: Workspace) -> None:
    """The customer gets a reference, the agents a card, the books the reason."""
    desk.slack.faults.add("chat.postMessage", "error", code="msg_blocks_too_long")
    asked = await desk.hears(desk.linh, DELIVERY)

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "failed"
    assert "msg_blocks_too_long" in decision.reason
    assert decision.reference is not None
    (line,) = desk.replies(asked)
    assert f"reference {decision.reference}" in line
    assert "msg_blocks" not in line
    assert len(desk.cards()) == 1
    assert (await desk.balance()).failed == 1


async def test_where_nothing_can_be_posted_the_failure_is_recorded(desk: Workspace) -> None:
    """An archived channel takes no word at all; the books still add up."""
    desk.slack.faults.add("chat.postMessage", "error", code="is_archived", times=None)
    asked = await desk.hears(desk.linh, DELIVERY)

    decision = await desk.decision(asked)
    assert decision is not None
    assert (decision.outcome, desk.keys()) == ("failed", [])
    assert "is_archived" in decision.reason
    balance = await desk.balance()
    assert (balance.received, balance.failed, balance.ticketed) == (1, 1, 0)


async def test_waiting_for_slack_ends_at_our_patience(place: Workspace) -> None:
    """An outage longer than SLACK_PATIENCE is a failure, not an endless story."""
    await place.start(slack_patience=0.3)
    place.slack.faults.add("chat.postMessage", "ratelimited", times=None, retry_after=3600)
    asked = await place.hears(place.linh, DELIVERY)

    decision = await place.decision(asked)
    assert decision is not None
    assert decision.outcome == "failed"
    assert "too long" in decision.reason


async def test_a_message_sent_while_the_socket_is_down_is_answered(desk: Workspace) -> None:
    """The bot comes back by itself, and reads what Slack could not deliver."""
    await desk.slack.disconnect()
    asked = await desk.hears(desk.linh, DELIVERY)
    await desk.slack.drop_sockets()
    other = await desk.hears(desk.linh, WARRANTY)
    await desk.until(lambda: desk.replies(asked) and desk.replies(other))
    await desk.running.gaps.wait_idle()
    await desk.settled()

    assert len(desk.replies(asked)) == 1
    assert len(desk.replies(other)) == 1
    assert (await desk.balance()).received == 2


async def test_an_unexpected_failure_gives_the_customer_a_reference_and_no_details(
    desk: Workspace,
) -> None:
    """A hole in the store is our problem: a person is called, the exception stays in the log."""
    asked, fault = await desk.held(desk.linh, DELIVERY)
    await sql(desk, "DELETE FROM messages WHERE key = :key", key=desk.key(asked))
    fault.released.set()
    await desk.settled()

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "failed"
    (line,) = desk.replies(asked)
    assert f"reference {decision.reference}" in line
    for word in ("Error", "NoResult", "Traceback", "row"):
        assert word not in line
        assert word not in "".join(each.text for each in desk.cards())


async def test_when_only_the_books_fail_the_answer_is_not_doubled(desk: Workspace) -> None:
    """A full disk after the post: the story is put aside and recorded at the next start."""
    with taking_nothing(desk.database_url, "decisions"):
        asked = await desk.hears(desk.linh, DELIVERY)
        assert len(desk.replies(asked)) == 1
        assert await desk.decision(asked) is None

    await desk.stop()
    await desk.start()
    await desk.resumed()

    decision = await desk.decision(asked)
    assert decision is not None
    assert decision.outcome == "answered"
    assert desk.keys() == [f"{desk.key(asked)}:answer"]
    assert len(await desk.calls()) == 2


async def test_a_store_that_takes_nothing_delays_a_message_but_does_not_lose_it(
    desk: Workspace,
) -> None:
    """Not even a ticket can be opened: the story waits for the next start and is told then."""
    with taking_nothing(desk.database_url, "tickets"):
        asked = await desk.hears(desk.linh, DELIVERY)
        assert desk.keys() == []

    await desk.stop()
    await desk.start()
    await desk.resumed()

    assert desk.keys() == [f"{desk.key(asked)}:answer"]
    balance = await desk.balance()
    assert (balance.received, balance.failed) == (1, 0)
