"""Handing over to people, and keeping quiet once they speak."""

import pytest

from emulator.slack import Message
from tests.support import blocks
from tests.support.questions import (
    COMPLAINT,
    DELIVERY,
    DELIVERY_VI,
    GIBBERISH,
    PERSON,
    WARRANTY,
    WILL_COME,
)
from tests.support.workspace import Workspace


async def outcome(desk: Workspace, message: Message) -> str | None:
    row = await desk.row(message)
    return row.outcome if row else None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (PERSON, "asked for a person"),
        (COMPLAINT, "by policy"),
        (GIBBERISH, "is under 0.60"),
    ],
)
async def test_what_a_machine_should_not_answer_is_put_before_the_agents(
    desk: Workspace, text: str, reason: str
) -> None:
    """A card for the agents with who, where, what and why; a line for the customer."""
    asked = await desk.hears(desk.linh, text)

    (card,) = desk.cards()
    shown = desk.slack.transcript(desk.agents)
    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert f"{ticket.number} ·" in shown
    assert "@linh in #orders" in shown
    assert f"/p{asked.ts.replace('.', '')}" in shown
    assert f">{text}" in shown
    assert reason in shown
    (line,) = desk.replies(asked)
    assert WILL_COME in line
    assert ticket.number in line
    assert ticket.status == "open"
    assert ticket.handed_over_at is not None
    assert card.ts in {each.ts for each in desk.slack.messages(desk.agents)}


async def test_the_customer_hears_before_the_agents_do(desk: Workspace) -> None:
    """A crowded agents' channel keeps nobody waiting for a word."""
    asked = await desk.hears(desk.linh, PERSON)

    (line,) = (
        each for each in desk.slack.messages(desk.orders) if each.root_ts == asked.ts != each.ts
    )
    (card,) = desk.cards()
    assert line.ts < card.ts


async def test_a_card_that_slack_refuses_follows_by_itself(desk: Workspace) -> None:
    """The customer was told once, and it stays a hand-over; the agents see it a minute later."""
    desk.slack.archive(desk.agents)
    asked = await desk.hears(desk.linh, PERSON)
    assert await outcome(desk, asked) == "handed_over"
    assert len(desk.replies(asked)) == 1

    desk.slack.unarchive(desk.agents)
    await desk.running.cards.retry()
    await desk.running.cards.wait_idle()
    assert len(desk.cards()) == 1
    assert len(desk.replies(asked)) == 1


async def test_the_line_is_in_the_customers_language(desk: Workspace) -> None:
    """Somebody who writes in Vietnamese is told in Vietnamese."""
    asked = await desk.hears(desk.linh, "Cho mình gặp nhân viên với ạ")

    (line,) = desk.replies(asked)
    assert "Nhân viên sẽ trả lời bạn" in line


async def test_a_second_message_is_noted_under_the_card(desk: Workspace) -> None:
    """One card for a ticket: what the customer adds stands in the card's thread."""
    asked = await desk.hears(desk.linh, PERSON)
    await desk.linh.reply(asked, "A real person please, it is about my invoice")
    await desk.settled()

    (card,) = desk.cards()
    _, note = desk.slack.thread(card)
    assert "about my invoice" in note.text
    _, added = desk.replies(asked)
    assert "I've added this to T-1001" in added


async def test_a_policy_of_drafts_asks_the_agents_first(place: Workspace) -> None:
    """An intent under «draft» is answered on the card, and a person sends it."""
    await place.start('[policy]\ntrack_shipping = "draft"\n')
    asked = await place.hears(place.linh, DELIVERY)

    assert await outcome(place, asked) == "drafted"
    assert "*Draft*" in place.slack.transcript(place.agents)
    (line,) = place.replies(asked)
    assert WILL_COME in line


async def test_an_agents_word_silences_the_bot_in_that_thread_only(desk: Workspace) -> None:
    """The thread is the agent's from then on; the next one is the bot's again."""
    asked = await desk.hears(desk.linh, PERSON)
    await desk.mai.reply(asked, "Hi Linh, I am here.")
    await desk.heard()
    added = await desk.linh.reply(asked, WARRANTY)
    await desk.settled()
    other = await desk.hears(desk.linh, WARRANTY)

    assert len(desk.replies(asked)) == 1
    assert await outcome(desk, added) == "noted"
    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert (ticket.assignee_id, ticket.status) == (desk.mai.id, "open")
    assert ticket.human_since is not None
    assert len(desk.replies(other)) == 1


@pytest.mark.parametrize("call", [0, 1])
async def test_an_agent_who_steps_in_while_the_bot_thinks_is_not_talked_over(
    desk: Workspace, call: int
) -> None:
    """Looked at right before posting: during triage or while the answer is written."""
    asked, fault = await desk.held(desk.linh, DELIVERY, after=call)
    await desk.mai.reply(asked, "I'll take this one.")
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert desk.replies(asked) == []
    (card,) = desk.cards()
    assert desk.mai.mention in blocks.shown(card.blocks)
    assert await outcome(desk, asked) == "noted"
    assert len(await desk.calls()) == 2


async def test_an_agent_in_a_thread_that_is_no_ticket_is_ignored(place: Workspace) -> None:
    """An agent talking to a colleague under an announcement opens nothing."""
    await place.start()
    said = await place.hears(place.mai, "We are open on Saturday.")
    await place.mai.reply(said, "Until noon.")
    await place.settled()

    assert await place.tickets() == []
    assert (await place.balance()).ignored == {"agent outside a ticket": 2}


async def test_whoever_joins_the_agents_channel_is_an_agent_at_once(desk: Workspace) -> None:
    """No restart and no list: the channel's members are the agents."""
    tom = desk.slack.add_user("tom")
    desk.orders.members.append(tom.id)
    asked = await desk.hears(desk.linh, PERSON)
    await tom.reply(asked, "Same here, I need a person too")
    await desk.settled()
    assert (ticket := await desk.ticket(asked)) is not None
    assert ticket.human_since is None

    await tom.join(desk.agents)
    await desk.settled()
    await tom.reply(asked, "Now I work here.")
    await desk.settled()

    assert (ticket := await desk.ticket(asked)) is not None
    assert ticket.assignee_id == tom.id


async def test_after_an_answer_the_customer_can_still_ask_for_a_person(desk: Workspace) -> None:
    """The card comes when it is needed, and the line in the ticket's own language."""
    asked = await desk.hears(desk.linh, DELIVERY_VI)
    await desk.linh.reply(asked, "Cho mình gặp nhân viên với ạ")
    await desk.settled()

    assert len(desk.cards()) == 1
    answer, line = desk.replies(asked)
    assert "ngày làm việc" in answer
    assert "Nhân viên sẽ trả lời bạn" in line


async def test_the_words_that_call_a_person_stand_under_the_card_when_they_came_later(
    desk: Workspace,
) -> None:
    """The card shows what opened the ticket; who asked further, and what, is said below."""
    tom = desk.slack.add_user("tom")
    await tom.join(desk.orders)
    asked = await desk.hears(desk.linh, DELIVERY)
    await tom.reply(asked, f"Mine burned. {PERSON}")
    await desk.settled()
    await desk.running.cards.wait_idle()

    (card,) = desk.cards()
    (below,) = [each.text for each in desk.slack.thread(card) if each is not card]
    assert f"{tom.mention} added:" in below
    assert f"Mine burned. {PERSON}" in below


async def test_what_the_card_shows_is_not_said_again_below_it(desk: Workspace) -> None:
    """The twin."""
    await desk.hears(desk.linh, PERSON)
    await desk.running.cards.wait_idle()

    (card,) = desk.cards()
    assert desk.slack.thread(card) == [card]
