"""The forms: each does its work, and a mistake stands beside its field."""

from typing import Any

from emulator.slack import Message
from emulator.slack.outcome import Outcome
from emulator.slack.views import View
from handlers.views import modals
from handlers.views.ids import FieldId
from tests.stories.tickets.conftest import COMPLAINT, REFUND, Agents

ASKED: dict[str, Any] = {
    FieldId.CATEGORY: "track_shipping",
    FieldId.TITLE: "Delivery to Hanoi",
    FieldId.DETAILS: "How long does delivery to Hanoi take?",
    FieldId.URGENCY: "high",
}


async def test_not_a_request_closes_the_ticket_with_its_reason(agents: Agents) -> None:
    """The card says so in one line, and the judgement is kept."""
    asked = await agents.asks(COMPLAINT)
    form = await _opened(agents, asked, "Not a request")
    await agents.mai.submit(form, {FieldId.REASON: "chatter", FieldId.COMMENT: "just venting"})
    await agents.place.settled()

    assert (await agents.ticket(asked)).status == "closed"
    assert "not a request" in await agents.shown(asked)
    (kept,) = await agents.corrections()
    assert (kept["kind"], kept["after"], kept["comment"]) == (
        "not_a_request",
        "chatter",
        "just venting",
    )


async def test_more_changes_what_was_changed_in_the_form(agents: Agents) -> None:
    """Owner, priority and link in one go; the card shows them."""
    asked = await agents.asks(COMPLAINT)
    form = await _opened(agents, asked, "More…")
    await agents.mai.submit(
        form,
        {
            FieldId.OWNER: agents.duc.id,
            FieldId.PRIORITY: "urgent",
            FieldId.LINK: "https://tracker.example.com/7",
        },
    )
    await agents.place.settled()

    ticket = await agents.ticket(asked)
    assert (ticket.assignee_id, ticket.priority) == (agents.duc.id, "urgent")
    assert "tracker.example.com/7" in await agents.shown(asked)


async def test_more_puts_a_ticket_to_rest(agents: Agents) -> None:
    """`2d` is a time to wake up."""
    asked = await agents.asks(COMPLAINT)
    form = await _opened(agents, asked, "More…")
    await agents.mai.submit(form, {FieldId.WAKE: "2d"})
    await agents.place.settled()

    assert (await agents.ticket(asked)).status == "on_hold"
    assert "On hold until" in await agents.shown(asked)


async def test_more_refuses_beside_the_field(agents: Agents) -> None:
    """A time that is none, an owner who is no agent, a link that is none: told where typed."""
    asked = await agents.asks(COMPLAINT)
    form = await _opened(agents, asked, "More…")
    typo = await agents.mai.submit(form, {FieldId.WAKE: "soon"})
    stranger = await agents.mai.submit(form, {FieldId.OWNER: agents.linh.id, FieldId.WAKE: ""})
    script: dict[str, Any] = {
        FieldId.OWNER: None,
        FieldId.WAKE: "",
        FieldId.LINK: "javascript:alert(1)",
    }
    address = await agents.mai.submit(form, script)
    await agents.place.settled()

    assert "no time I know" in typo.errors[FieldId.WAKE]
    assert "not in the agents' channel" in stranger.errors[FieldId.OWNER]
    assert "https://" in address.errors[FieldId.LINK]
    assert (await agents.ticket(asked)).assignee_id is None


async def test_more_tells_who_was_faster(agents: Agents) -> None:
    """What somebody else changed while the form was open is not overwritten."""
    asked = await agents.asks(COMPLAINT)
    form = await _opened(agents, asked, "More…")
    await agents.press(agents.duc, asked, "Take")
    late = await agents.mai.submit(form, {FieldId.OWNER: agents.mai.id})
    await agents.place.settled()

    assert f"<@{agents.duc.id}> was faster" in late.errors[FieldId.OWNER]
    assert (await agents.ticket(asked)).assignee_id == agents.duc.id


async def test_a_ticket_is_merged_into_one_that_was_searched_for(agents: Agents) -> None:
    """The search finds it by words of its title; the merged one ends with a line."""
    first, second = await agents.asks(REFUND), await agents.asks(COMPLAINT)
    into = await agents.ticket(first)
    await _opened(agents, second, "More…")
    await agents.mai.click(agents.place.slack.views(agents.mai)[-1], "Merge…")
    form = agents.place.slack.views(agents.mai)[-1]
    found = [value for value, _ in await agents.mai.search(form, FieldId.TARGET, "rice cooker")]
    await agents.mai.submit(form, {FieldId.TARGET: found[0]})
    await agents.place.settled()

    assert found == [str(into.id)]
    assert (await agents.ticket(second)).merged_into == into.id
    assert f"merged into *{into.number}*" in await agents.shown(second)
    said = agents.place.replies(second)[-1]
    assert said.startswith(f"This is about the same as {into.number}, so our team goes on there.")
    assert agents.place.replies(first)[-1] != said


async def test_a_reply_written_during_a_merger_says_where_it_went(agents: Agents) -> None:
    """The form was open already; it stays open to tell the agent."""
    merged, into = await agents.asks(COMPLAINT), await agents.asks(REFUND)
    number = (await agents.ticket(into)).number
    form = await _opened(agents, merged, "Reply")
    await agents.under_card(agents.duc, merged, f"?merge {number}")
    before = agents.place.replies(merged)
    await agents.mai.submit(form, {FieldId.TEXT: "On its way."})
    await agents.place.settled()

    (told,) = agents.place.slack.views(agents.mai)
    assert f"went to the thread of {number}, and only there" in agents.place.slack.render(told)
    assert agents.place.replies(into)[-1] == "*mai:* On its way."
    assert agents.place.replies(merged) == before


async def test_a_reply_to_a_ticket_that_stands_closes_its_form(agents: Agents) -> None:
    """There is nothing more to tell."""
    asked = await agents.asks(COMPLAINT)
    form = await _opened(agents, asked, "Reply")
    await agents.mai.submit(form, {FieldId.TEXT: "On its way."})
    await agents.place.settled()

    assert agents.place.slack.views(agents.mai) == []
    assert agents.place.replies(asked)[-1] == "*mai:* On its way."


async def test_a_ticket_cannot_be_merged_with_itself(agents: Agents) -> None:
    """The sentence stands beside the field."""
    asked = await agents.asks(COMPLAINT)
    await _opened(agents, asked, "More…")
    await agents.mai.click(agents.place.slack.views(agents.mai)[-1], "Merge…")
    form = agents.place.slack.views(agents.mai)[-1]
    refused = await agents.mai.submit(form, {FieldId.TARGET: str((await agents.ticket(asked)).id)})

    assert "itself" in refused.errors[FieldId.TARGET]


async def test_the_search_finds_nothing_for_an_outsider(agents: Agents) -> None:
    """Titles of tickets are told to agents only."""
    asked = await agents.asks(COMPLAINT)
    await _opened(agents, asked, "More…")
    await agents.mai.click(agents.place.slack.views(agents.mai)[-1], "Merge…")
    form = agents.place.slack.views(agents.mai)[-1]
    await agents.asks(REFUND)

    assert await agents.linh.search(form, FieldId.TARGET, "rice cooker") == []


async def test_a_reason_is_shown_on_top_of_the_form(agents: Agents) -> None:
    """Why? pushes what the bot thought over the form it was pressed in."""
    asked = await agents.asks(REFUND)
    await _opened(agents, asked, "More…")
    await agents.mai.click(agents.place.slack.views(agents.mai)[-1], "Why?")

    shown = agents.place.slack.render(agents.place.slack.views(agents.mai)[-1])
    assert "refund_request" in shown
    assert "triage by claude-haiku" in shown


async def test_a_form_opens_a_ticket_that_the_bot_handles(agents: Agents) -> None:
    """Its words stand in the channel, the customer's category and urgency count."""
    await _asked(agents)
    (message,) = agents.place.slack.messages(agents.place.orders)[:1]
    ticket = await agents.ticket(message)

    assert message.text.startswith("*linh:* Delivery to Hanoi")
    assert (ticket.title, ticket.intent, ticket.priority) == (
        "Delivery to Hanoi",
        "track_shipping",
        "high",
    )
    assert ticket.requester_id == agents.linh.id
    assert "working days" in agents.place.replies(message)[-1]


async def test_a_private_form_stays_between_the_customer_and_the_desk(agents: Agents) -> None:
    """Nothing in the channel; the thread is in the customer's direct messages."""
    await _asked(agents, **{FieldId.PRIVATE: ["yes"]})

    (message, *_rest) = agents.place.slack.messages(agents.place.slack.dm(agents.linh))
    assert agents.place.slack.messages(agents.place.orders) == []
    assert (await agents.ticket(message)).private


async def test_an_empty_title_is_told_beside_it(agents: Agents) -> None:
    """Blanks are no title, and no ticket is opened."""
    outcome = await _asked(agents, **{FieldId.TITLE: "   "})

    assert "write something" in outcome.errors[FieldId.TITLE]
    assert agents.place.slack.messages(agents.place.orders) == []


async def test_a_form_that_is_replayed_opens_one_ticket(agents: Agents) -> None:
    """The second submission of one form is refused."""
    form = await _shown(agents)
    await agents.linh.submit(form, ASKED)
    await agents.place.settled()
    again = await agents.linh.submit(form, ASKED)
    await agents.place.settled()

    assert "sent already" in again.errors[FieldId.TITLE]
    roots = [m for m in agents.place.slack.messages(agents.place.orders) if not m.thread_ts]
    assert len(roots) <= 1


def test_a_long_draft_comes_back_whole_from_its_fields() -> None:
    """A field takes 3,000 characters, so a longer draft stands in several."""
    text = "\n".join(f"Line {number} of a long answer." for number in range(300))
    view = modals.edit_draft_modal(1042, "T1:C1:1", text)
    values = {
        block["block_id"]: {block["block_id"]: {"value": block["element"]["initial_value"]}}
        for block in view["blocks"]
    }

    assert len(view["blocks"]) > 1
    assert modals.draft_text(values, len(view["blocks"])) == text


async def _opened(agents: Agents, asked: Message, label: str) -> View:
    """Mai presses a button of the card that opens a form."""
    await agents.press(agents.mai, asked, label)
    return agents.place.slack.views(agents.mai)[-1]


async def _shown(agents: Agents) -> View:
    """Linh asks for the form of a new ticket in #orders."""
    await agents.linh.command("/ticket", "new", agents.place.orders)
    (form,) = await agents.place.slack.until(lambda: agents.place.slack.views(agents.linh))
    return form


async def _asked(agents: Agents, **changes: Any) -> Outcome:
    """Linh fills in the form of a new ticket and sends it off."""
    filled: dict[str, Any] = ASKED | changes
    outcome = await agents.linh.submit(await _shown(agents), filled)
    await agents.place.settled()
    return outcome
