"""What people change about what they have said: on the card, in the ticket, before the agents."""

import pytest

from emulator.slack import Message
from tests.stories.tickets.conftest import COMPLAINT, QUESTION, REFUND, Agents
from tests.support.blocks import shown

PERSON = "I'd like to talk to a real person please"


def under(agents: Agents, card: Message) -> list[str]:
    """What stands under a card."""
    return [each.text for each in agents.place.slack.thread(card) if each is not card]


async def test_an_edit_of_what_was_handed_over_is_shown_and_told(agents: Agents) -> None:
    """The card shows the message as it stands; under it the agents read what it was changed to."""
    asked = await agents.asks(f"{PERSON} about order 111")
    before = agents.place.replies(asked)
    await agents.linh.edit(asked, f"{PERSON} about order 222")
    await agents.place.settled()

    card = await agents.card(asked)
    assert "order 222" in shown(card.blocks)
    assert "order 111" not in shown(card.blocks)
    assert "edited by its author" in shown(card.blocks)
    assert under(agents, card) == [
        f"<@{agents.linh.id}> changed a message to:\n>{PERSON} about order 222"
    ]
    assert agents.place.replies(asked) == before


async def test_words_that_are_taken_back_are_no_title_any_more(agents: Agents) -> None:
    """A password, say: the file stays, and nothing that was written with it."""
    files = [("photo.txt", b"-")]
    asked = await agents.place.hears(agents.linh, f"{PERSON}, my code is 77123", files=files)
    await agents.linh.edit(asked, "")
    await agents.place.settled()

    card = await agents.card(asked)
    assert "77123" not in shown(card.blocks)
    assert "photo.txt" in shown(card.blocks)


async def test_an_edit_that_asks_nothing_new_is_only_shown(agents: Agents) -> None:
    """A comma moves nobody: no note, no call of a model."""
    asked = await agents.asks(f"{PERSON} about order 111")
    calls = len(await agents.place.calls())
    await agents.linh.edit(asked, f"{PERSON}, about Order 111!")
    await agents.place.settled()

    card = await agents.card(asked)
    assert "Order 111!" in shown(card.blocks)
    assert under(agents, card) == []
    assert len(await agents.place.calls()) == calls


async def test_an_edit_of_a_ticket_that_an_agent_has_is_told_there(agents: Agents) -> None:
    """The bot keeps quiet, and the card is drawn anew."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    before = agents.place.replies(asked)
    await agents.linh.edit(asked, "My parcel is three days late, order 222")
    await agents.place.settled()

    assert "order 222" in await agents.shown(asked)
    assert "changed a message to" in under(agents, await agents.card(asked))[-1]
    assert agents.place.replies(asked) == before


async def test_a_person_asked_for_after_the_answer_is_called(agents: Agents) -> None:
    """What was answered is open again, under the name of what it is about now."""
    asked = await agents.asks(QUESTION)
    assert (await agents.ticket(asked)).status == "pending"
    await agents.linh.edit(asked, PERSON)
    await agents.place.settled()

    ticket = await agents.ticket(asked)
    assert ticket.status == "open"
    assert ticket.handed_over_at is not None
    assert "person" in agents.place.replies(asked)[-1]
    assert "real person" in await agents.shown(asked)
    assert "changed a message to" in under(agents, await agents.card(asked))[-1]
    assert (await agents.place.balance()).received == 1


async def test_another_question_after_the_answer_is_answered(agents: Agents) -> None:
    """The author reads an answer to what the message asks now; a redelivered edit asks once."""
    asked = await agents.asks("How long is the warranty on a rice cooker?")
    agents.place.slack.faults.events("twice", times=1)
    await agents.linh.edit(asked, QUESTION)
    await agents.place.settled()

    first, second = agents.place.replies(asked)
    assert "24 months" in first
    assert "working days" in second


async def test_the_same_question_in_other_words_is_answered_once(agents: Agents) -> None:
    """Who mends a sentence does not want the answer again; the agents read the sentence."""
    asked = await agents.asks(QUESTION)
    await agents.linh.edit(asked, "How long does delivery take, please?")
    await agents.place.settled()

    assert len(agents.place.replies(asked)) == 1
    assert (await agents.ticket(asked)).status == "pending"
    assert "delivery take, please" in under(agents, await agents.card(asked))[-1]


async def test_an_edit_that_changes_a_drafted_question_changes_the_draft(agents: Agents) -> None:
    """The card holds a draft for what is asked now, and the customer is told nothing twice."""
    asked = await agents.asks(REFUND)
    before = agents.place.replies(asked)
    await agents.linh.edit(asked, "Can I return a fan that I have used, for a refund?")
    await agents.place.settled()

    card = await agents.card(asked)
    assert "return a fan" in shown(card.blocks)
    assert "Draft" in shown(card.blocks)
    assert agents.place.replies(asked) == before


async def test_a_file_that_an_edit_adds_is_read(agents: Agents) -> None:
    """The story of the edit looks at it."""
    asked = await agents.asks(QUESTION)
    await agents.linh.edit(asked, QUESTION, files=[("order.txt", b"Order 4471, a rice cooker")])
    await agents.place.settled()

    assert "4471" in str([call.body for call in agents.place.claude.calls][-1])
    row = await agents.place.row(asked)
    assert row is not None
    assert [each["name"] for each in row.files] == ["order.txt"]
    assert len(agents.place.replies(asked)) == 1, "the same answer is not given twice"


async def test_a_request_that_is_deleted_closes_its_ticket_with_a_word(agents: Agents) -> None:
    """The owner is told, and the card says what happened and not what was asked."""
    asked = await agents.asks(f"{PERSON} about order 111")
    await agents.press(agents.mai, asked, "Take")
    await agents.linh.delete(asked)
    await agents.place.settled()

    card = await agents.card(asked)
    ticket = await agents.ticket(asked)
    assert ticket.status == "closed"
    assert "deleted by its author" in shown(card.blocks)
    assert f"<@{agents.linh.id}>" in shown(card.blocks)
    assert f"<@{agents.mai.id}> The customer deleted what they asked" in under(agents, card)[-1]


async def test_a_deleted_message_of_several_leaves_the_ticket_open(agents: Agents) -> None:
    """The agents are told, and no later prompt holds what was deleted."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    more = await agents.in_thread(agents.linh, asked, "My card number is PARROT-42.")
    await agents.linh.delete(more)
    await agents.place.settled()
    await agents.press(agents.mai, asked, "Resume bot")
    prompts = len(agents.place.claude.calls)
    await agents.in_thread(agents.linh, asked, QUESTION)

    assert (await agents.ticket(asked)).status != "closed"
    told = under(agents, await agents.card(asked))
    assert any("deleted a message" in each for each in told)
    assert "PARROT" not in str([call.body for call in agents.place.claude.calls[prompts:]])


async def test_a_draft_for_a_deleted_question_cannot_be_sent(agents: Agents) -> None:
    """Not even from a card that is not drawn anew yet."""
    asked = await agents.asks(REFUND)
    card = await agents.card(asked)
    before = list(card.blocks)
    await agents.linh.delete(asked)
    await agents.place.settled()
    card.blocks, now = before, card.blocks
    late = await agents.mai.click(card, "Send draft")
    card.blocks = now
    await agents.place.settled()

    assert "deleted the question" in late.responses[0].text
    assert (await agents.ticket(asked)).status == "closed"


@pytest.mark.parametrize("said", ["", "<@BOT>"])
async def test_an_empty_message_becomes_a_request_by_an_edit(agents: Agents, said: str) -> None:
    """What was none of the desk's business is one when it says something; it counts once."""
    place = agents.place
    text = said.replace("BOT", place.slack.bot_user_id)
    asked = await agents.linh.post(place.orders, text)
    await place.settled()
    await agents.linh.edit(asked, f"{text} {QUESTION}".strip())
    await place.settled()

    assert "working days" in place.replies(asked)[-1]
    balance = await place.balance()
    assert (balance.received, balance.ignored) == (1, {})


async def test_a_mention_that_an_edit_adds_calls_the_bot(agents: Agents) -> None:
    """In a channel that nobody listed as well, and however old the message is."""
    place = agents.place
    await place.stop()
    await place.start(f'[[channels]]\nid = "{place.orders.id}"\n')
    other = place.slack.add_channel("random", members=[agents.linh])
    asked = await agents.linh.post(other, QUESTION)
    await place.settled()
    await agents.linh.edit(asked, f"<@{place.slack.bot_user_id}> {QUESTION}")
    await place.settled()

    assert "working days" in place.replies(asked)[0]


async def test_an_old_message_that_is_edited_is_no_request(agents: Agents) -> None:
    """Somebody mends a line of last week that the desk never saw."""
    place = agents.place
    old = Message(place.orders.id, "1700000000.000100", QUESTION, agents.linh.member.identity())
    place.orders.messages[old.ts] = old
    await agents.linh.edit(old, "How long does delivery take to Hue?")
    await place.settled()

    assert place.replies(old) == []
    assert await place.tickets() == []


async def test_an_edit_that_overtakes_its_message_is_answered_once(agents: Agents) -> None:
    """Slack promises no order: the edit is the message, and the message is no second one."""
    place = agents.place
    place.slack.faults.events("out_of_order", times=1, type="message")
    asked = await agents.linh.post(place.orders, "How long is the warranty on a fan?")
    await agents.linh.edit(asked, QUESTION)
    await place.settled()

    (answer,) = place.replies(asked)
    assert "working days" in answer
    assert (await place.balance()).received == 1


async def test_a_deletion_that_overtakes_its_message_cancels_it(agents: Agents) -> None:
    """Nothing is answered that is gone."""
    place = agents.place
    place.slack.faults.events("out_of_order", times=1, type="message")
    asked = await agents.linh.post(place.orders, QUESTION)
    await agents.linh.delete(asked)
    await place.settled()

    assert place.replies(asked) == []
    assert place.keys() == []
    assert (await agents.ticket(asked)).status == "closed"
