"""Answering a customer from the card, and keeping among agents what is said among agents."""

import json

import pytest

from bot.tickets.refusals import ActionRefused
from handlers.events.agent_words import for_customer
from storage.tickets import outbox
from storage.tickets.outbox import OutboxRow
from tests.stories.tickets.conftest import COMPLAINT, POLICY, REFUND, Agents

SECRET = "He always complains, give him nothing. Margin code ZX-PARROT-77."


async def test_a_reply_that_begins_with_a_mark_reaches_the_customer(agents: Agents) -> None:
    """`>` under the card is said in the customer's thread under the agent's name."""
    asked = await agents.asks(COMPLAINT)
    sent = await agents.under_card(agents.mai, asked, "> I am sorry, Linh. It is on its way.")

    ticket = await agents.ticket(asked)
    assert agents.place.replies(asked)[-1] == "*mai:* I am sorry, Linh. It is on its way."
    assert (ticket.status, ticket.assignee_id) == ("pending", agents.mai.id)
    assert ticket.first_response_at is not None
    assert "outbox_tray" in sent.reactions


async def test_under_a_merged_ticket_a_reply_goes_where_the_matter_goes_on(agents: Agents) -> None:
    """Its customer was sent there. The agent is told, and the merged ticket stays merged."""
    merged, into = await agents.asks(COMPLAINT), await agents.asks(REFUND)
    number = (await agents.ticket(into)).number
    await agents.under_card(agents.mai, merged, f"?merge {number}")
    before = agents.place.replies(merged)
    await agents.under_card(agents.mai, merged, "> On its way.")

    assert agents.place.replies(into)[-1] == "*mai:* On its way."
    assert agents.place.replies(merged) == before
    assert f"went to the thread of {number}, and only there" in agents.told(agents.mai)[-1]
    assert (await agents.ticket(merged)).status == "closed"


async def test_a_reply_that_slack_delivers_twice_is_said_once(agents: Agents) -> None:
    """A redelivered event is the same answer, and nobody is bothered about it."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.events(kind="twice", times=1)
    await agents.under_card(agents.mai, asked, "> On its way.")

    assert agents.place.replies(asked).count("*mai:* On its way.") == 1
    assert agents.told(agents.mai) == []


async def test_a_reply_whose_post_broke_off_is_said_once(agents: Agents) -> None:
    """The connection breaks once the words stand there: Slack is asked before it says more."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.add("chat.postMessage", "drop_after", times=1)
    await agents.under_card(agents.mai, asked, "> On its way.")

    assert agents.place.replies(asked).count("*mai:* On its way.") == 1


async def test_a_reply_that_slack_refuses_comes_back_to_the_agents(agents: Agents) -> None:
    """What cannot be said is shown under the card, with the reason."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.add("chat.postMessage", "error", times=1, code="is_archived")
    await agents.under_card(agents.mai, asked, "> On its way.")

    under = agents.place.slack.thread(await agents.card(asked))
    assert "did not reach the customer" in under[-1].text
    assert "is_archived" in under[-1].text


async def test_a_refusal_that_cannot_be_told_either_stops_no_other_reply(agents: Agents) -> None:
    """Slack takes neither the reply nor the note about it; the next reply is said."""
    asked = await agents.asks(COMPLAINT)
    under = len(agents.place.slack.thread(await agents.card(asked)))
    agents.place.slack.faults.add("chat.postMessage", "error", times=2, code="is_archived")
    await agents.under_card(agents.mai, asked, "> On its way.")
    await agents.under_card(agents.mai, asked, "> It left the warehouse.")

    assert agents.place.replies(asked)[-1] == "*mai:* It left the warehouse."
    assert not any("On its way" in each for each in agents.place.replies(asked))
    noted = agents.place.slack.thread(await agents.card(asked))[under:]
    assert not any("did not reach the customer" in each.text for each in noted)
    assert await agents.place.running.store.read(outbox.unsent_in_outbox) == []


async def test_a_reply_written_down_when_the_process_died_is_said_at_the_next_start(
    agents: Agents,
) -> None:
    """Once, however often it starts after that; what Slack refused is not tried again."""
    asked = await agents.asks(COMPLAINT)
    number = (await agents.ticket(asked)).id or 0
    for key, text, problem in (("r1", "It is on its way.", None), ("r2", "Never.", "is_archived")):
        row = OutboxRow(
            key=key, ticket_id=number, agent_id=agents.mai.id, text=text, problem=problem
        )
        await agents.place.running.store.write(outbox.put_in_outbox, row)
    before = agents.place.replies(asked)
    for _ in range(2):
        await agents.place.stop()
        await agents.place.start(POLICY)
        await agents.place.settled()

    assert agents.place.replies(asked) == [*before, "*mai:* It is on its way."]
    assert ("agent", "It is on its way.") in await agents.said(asked)


async def test_an_answer_longer_than_a_message_is_refused_not_cut(agents: Agents) -> None:
    """Nothing an agent writes is shortened behind their back."""
    asked = await agents.asks(COMPLAINT)
    before = agents.place.replies(asked)
    await agents.under_card(agents.mai, asked, f"> {'long ' * 2_500}")

    assert agents.place.replies(asked) == before
    assert "please send two" in agents.told(agents.mai)[0]


async def test_a_note_never_reaches_the_customer(agents: Agents) -> None:
    """Not their thread, not the ticket's messages, not a prompt of any later answer."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    await agents.under_card(agents.mai, asked, SECRET)
    await agents.under_card(agents.mai, asked, f"{SECRET}\n> quoted below a comment")
    await agents.under_card(agents.mai, asked, f"> what he said\n{SECRET}")
    await agents.under_card(agents.mai, asked, f" ?note {SECRET}")
    edited = await agents.under_card(agents.mai, asked, SECRET)
    await agents.mai.edit(edited, f"> {SECRET}")
    await agents.press(agents.mai, asked, "Resume bot")
    await agents.in_thread(agents.linh, asked, "How long does delivery to Hanoi take?")

    assert len(await agents.notes(asked)) == 5
    assert "PARROT" not in agents.place.slack.transcript(agents.place.orders)
    assert "PARROT" not in str(await agents.said(asked))
    assert "PARROT" not in json.dumps([call.body for call in agents.place.claude.calls])
    looked = await agents.linh.command(
        "/ticket", str((await agents.ticket(asked)).id), agents.place.orders
    )
    assert "PARROT" not in json.dumps(looked.payload)


async def test_a_mixture_is_not_sent_and_the_agent_is_told(agents: Agents) -> None:
    """Quoting the customer and then commenting looks like an answer: it stays a note."""
    asked = await agents.asks(COMPLAINT)
    before = agents.place.replies(asked)
    await agents.under_card(agents.mai, asked, "> my parcel came late\nAgain? Check the carrier.")

    assert agents.place.replies(asked) == before
    assert "Nothing was sent" in agents.told(agents.mai)[0]
    assert [each.author_id for each in await agents.notes(asked)] == [agents.mai.id]


async def test_a_note_follows_its_message(agents: Agents) -> None:
    """Edited, the note reads anew; deleted, it is gone."""
    asked = await agents.asks(COMPLAINT)
    note = await agents.under_card(agents.mai, asked, "Ask the carrier.")
    await agents.mai.edit(note, "Ask the warehouse.")
    await agents.place.settled()
    edited = [each.text for each in await agents.notes(asked)]
    await agents.mai.delete(note)
    await agents.place.settled()

    assert edited == ["Ask the warehouse."]
    assert await agents.notes(asked) == []


async def test_words_in_the_agents_channel_outside_a_card_are_nobodys(agents: Agents) -> None:
    """Talk in #desk that stands under no card is neither a note nor an answer."""
    asked = await agents.asks(COMPLAINT)
    before = agents.place.replies(asked)
    await agents.mai.post(agents.place.agents, "> lunch?")
    await agents.place.settled()

    assert agents.place.replies(asked) == before
    assert await agents.notes(asked) == []


async def test_a_crowd_is_not_called_by_an_agents_words(agents: Agents) -> None:
    """`@channel` in an answer stays text."""
    asked = await agents.asks(COMPLAINT)
    await agents.under_card(agents.mai, asked, "> <!channel> sorry @everyone")

    assert agents.place.slack.broadcasts == []


async def test_a_draft_is_sent_as_it_is_by_one_agent(agents: Agents) -> None:
    """The draft goes out with its source; a click on a card not yet redrawn is told who sent it."""
    asked = await agents.asks(REFUND)
    card = await agents.card(asked)
    before = list(card.blocks)
    await agents.press(agents.mai, asked, "Send draft")
    card.blocks, now = before, card.blocks
    late = await agents.duc.click(card, "Send draft")
    card.blocks = now
    await agents.place.settled()

    said = agents.place.replies(asked)[-1]
    assert said.startswith("*mai:* Here is what our articles say.")
    assert agents.place.replies(asked).count(said) == 1
    assert "Returns and refunds" in agents.place.slack.transcript(agents.place.orders)
    assert f"<@{agents.mai.id}> has sent this draft already" in late.responses[0].text


async def test_a_draft_is_sent_after_an_edit(agents: Agents) -> None:
    """The form holds the draft; what comes back is what the customer reads."""
    asked = await agents.asks(REFUND)
    await agents.press(agents.mai, asked, "Edit draft")
    (form,) = agents.place.slack.views(agents.mai)
    await agents.mai.submit(form, {"text_field": "Two weeks, Linh. Keep the box."})
    await agents.place.settled()

    assert agents.place.replies(asked)[-1] == "*mai:* Two weeks, Linh. Keep the box."
    assert "Draft" not in await agents.shown(asked)


async def test_a_form_answers_the_customer(agents: Agents) -> None:
    """Reply opens a form; its words are said, and the ticket is the agent's."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Reply")
    (form,) = agents.place.slack.views(agents.mai)
    await agents.mai.submit(form, {"text_field": "I am on it."})
    await agents.place.settled()

    assert agents.place.replies(asked)[-1] == "*mai:* I am on it."
    assert (await agents.ticket(asked)).assignee_id == agents.mai.id


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("a note", None),
        ("?> a note", None),
        ("> hello", "hello"),
        (">hello", "hello"),
        ("> one\n> two", "one\ntwo"),
        ("> one\n\n> two", "one\n\ntwo"),
        (">>> one\ntwo", "one\ntwo"),
        (">", ""),
    ],
)
def test_what_is_meant_for_the_customer(typed: str, said: str | None) -> None:
    """A note is None; the marks are taken off what is not."""
    assert for_customer(typed) == said


@pytest.mark.parametrize("typed", ["> one\ntwo", "> a\n> b\nc", "> a\n  > b"])
def test_a_mixture_is_refused(typed: str) -> None:
    """Only some lines are marked, so nobody can know what was meant."""
    with pytest.raises(ActionRefused):
        for_customer(typed)
