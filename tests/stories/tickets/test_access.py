"""Who may do what is asked on the server at every act; what is forged or replayed does nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from emulator.slack import Message, Person
from emulator.slack.outcome import Outcome
from emulator.slack.wire import JSON
from handlers.views.ids import ActionId, FieldId
from tests.stories.tickets.conftest import COMPLAINT, REFUND, Agents

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
NEW: dict[str, Any] = {
    FieldId.CATEGORY: "track_shipping",
    FieldId.TITLE: "Delivery to Hanoi",
    FieldId.DETAILS: "How long does delivery to Hanoi take?",
    FieldId.URGENCY: "high",
}
CUSTOMERS_TOO = {"rate_good", "rate_bad", "solved_it", "need_human", "feedback"}
AGENTS_ONLY = [press for press in ActionId if press not in CUSTOMERS_TOO]


async def test_an_outsider_presses_in_vain(agents: Agents, subtests: pytest.Subtests) -> None:
    """No button of the card obeys a customer, and each says why."""
    asked = await agents.asks(REFUND)
    before = await agents.ticket(asked)
    card = await agents.card(asked)

    for press in AGENTS_ONLY:
        with subtests.test(press.value):
            outcome = await forged(agents, agents.linh, card, press, f"{before.id} x")
            assert "Only the desk's agents" in outcome.responses[0].text
            assert await agents.ticket(asked) == before
            assert agents.place.slack.views(agents.linh) == []


async def test_a_button_of_another_ticket_is_refused(agents: Agents) -> None:
    """A value that does not belong to the card it stands on was forged."""
    first, second = await agents.asks(COMPLAINT), await agents.asks(REFUND)
    card, other = await agents.card(first), await agents.ticket(second)
    outcome = await forged(agents, agents.mai, card, ActionId.SOLVE, str(other.id))

    assert "does not stand on that ticket's card" in outcome.responses[0].text
    assert (await agents.ticket(second)).status == "open"


async def test_a_button_without_a_ticket_is_refused(
    agents: Agents, subtests: pytest.Subtests
) -> None:
    """Whatever stands where a number should stand, the click ends with a sentence."""
    asked = await agents.asks(COMPLAINT)
    card = await agents.card(asked)

    for value in ("", "x", "-1", "1 or 1=1", "٣"):
        with subtests.test(value):
            outcome = await forged(agents, agents.mai, card, ActionId.SOLVE, value)
            assert len(outcome.responses) == 1
            assert (await agents.ticket(asked)).status == "open"


async def test_a_message_that_is_no_card_has_no_say(agents: Agents) -> None:
    """A button on a message of somebody else's making is refused, even for an agent."""
    asked = await agents.asks(COMPLAINT)
    number = str((await agents.ticket(asked)).id)
    fake = await agents.mai.post(agents.place.agents, "look, a card")
    await agents.place.settled()
    outcome = await forged(agents, agents.mai, fake, ActionId.SOLVE, number)

    assert "does not stand on that ticket's card" in outcome.responses[0].text
    assert (await agents.ticket(asked)).status == "open"


async def test_a_replayed_click_changes_nothing(agents: Agents) -> None:
    """The very same click again, after the ticket was re-opened, is told that it was done."""
    asked = await agents.asks(COMPLAINT)
    card = await agents.card(asked)
    number = str((await agents.ticket(asked)).id)
    await forged(agents, agents.mai, card, ActionId.SOLVE, number, at="1700000000.000001")
    await agents.press(agents.mai, asked, "Re-open")
    again = await forged(agents, agents.mai, card, ActionId.SOLVE, number, at="1700000000.000001")

    assert "done already" in again.responses[0].text
    assert (await agents.ticket(asked)).status == "open"


async def test_a_form_sent_by_somebody_who_is_no_agent_any_more_is_refused(agents: Agents) -> None:
    """Access is asked when the form comes back, not only when it was opened."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Reply")
    (form,) = agents.place.slack.views(agents.mai)
    await agents.mai.leave(agents.place.agents)
    await agents.place.settled()
    outcome = await agents.mai.submit(form, {"text_field": "Bye."})
    await agents.place.settled()

    assert "Only the desk's agents" in outcome.errors["text_field"]
    assert "Bye." not in agents.place.slack.transcript(agents.place.orders)


async def test_a_form_that_is_replayed_says_nothing_twice(agents: Agents) -> None:
    """The second submission of one form is told that it was done."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Reply")
    (form,) = agents.place.slack.views(agents.mai)
    await agents.mai.submit(form, {"text_field": "On it."})
    again = await agents.mai.submit(form, {"text_field": "On it."})
    await agents.place.settled()

    assert "done already" in again.errors["text_field"]
    assert agents.place.replies(asked).count("*mai:* On it.") == 1


async def test_a_form_that_comes_too_late_asks_to_press_again(agents: Agents) -> None:
    """Slack's permission to open a form lasts three seconds; then a sentence takes its place."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.add("views.open", "error", times=1, code="expired_trigger_id")
    outcome = await agents.press(agents.mai, asked, "Reply")

    assert "press again" in outcome.responses[0].text


async def test_what_is_said_in_a_private_channel_is_for_its_people(agents: Agents) -> None:
    """However it came in: a message, a mention that overtakes its message, a shortcut, a form."""
    place = agents.place
    board = place.slack.add_channel("board", members=[agents.linh, agents.mai], private=True)
    place.slack.faults.events("late", type="message", seconds=1)
    called = await agents.linh.post(board, f"<@{place.slack.bot_user_id}> How long is delivery?")
    await place.settled()
    said = await agents.linh.post(board, "How do I return a rice cooker?")
    await place.settled()
    await agents.linh.command("/ticket", "new", board)
    (form,) = await place.slack.until(lambda: place.slack.views(agents.linh))
    await agents.linh.submit(form, NEW)
    await place.settled()

    tickets = await place.tickets()
    assert [each.channel_id for each in tickets] == [board.id] * 3
    assert [each.private for each in tickets] == [True] * 3
    assert {place.key(called), place.key(said)} <= {
        f"{each.team_id}:{each.channel_id}:{each.thread_ts}" for each in tickets
    }


async def test_a_channel_that_became_private_hides_what_was_asked_there(agents: Agents) -> None:
    """Within the hour; what stands elsewhere stays as it is, and a busy Slack is asked again."""
    place = agents.place
    lounge = place.slack.add_channel("lounge", members=[agents.linh, agents.mai])
    asked = await agents.asks(COMPLAINT)
    there = await agents.linh.post(lounge, "How do I return a rice cooker?")
    await place.settled()
    lounge.kind = "group"
    before = (await agents.ticket(there)).private
    place.slack.faults.add("users.conversations", "error", times=1, code="internal_error")
    for hour in (1, 2):
        await place.strikes("seclusion", NOON + timedelta(hours=hour))

    assert (before, (await agents.ticket(there)).private) == (False, True)
    assert not (await agents.ticket(asked)).private


async def test_a_mention_in_a_public_channel_is_public(agents: Agents) -> None:
    """Slack does not say where a mention stands, so it is asked."""
    agents.place.slack.faults.events("late", type="message", seconds=1)
    asked = await agents.asks(f"<@{agents.place.slack.bot_user_id}> How long is delivery?")

    assert not (await agents.ticket(asked)).private


async def forged(
    agents: Agents, person: Person, message: Message, press: ActionId, value: str, at: str = ""
) -> Outcome:
    """A click on a button that Slack never showed, or showed once before at the moment `at`."""
    kept = message.blocks
    label = {"type": "plain_text", "text": "x"}
    button: JSON = {"type": "button", "action_id": press, "text": label, "value": value}
    message.blocks = [{"type": "actions", "block_id": "b", "elements": [button]}]
    clock = agents.place.slack.workspace.clock
    stamp = clock.ts
    try:
        if at:
            clock.ts = lambda: at  # type: ignore[method-assign]
        outcome = await person.click(message, press)
    finally:
        clock.ts = stamp  # type: ignore[method-assign]
        message.blocks = kept
    await agents.place.settled()
    return outcome
