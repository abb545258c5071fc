"""A person takes a ticket over: from then on the bot keeps quiet, until it is told to go on."""

import asyncio

from emulator.slack import Message
from tests.stories.tickets.conftest import COMPLAINT, QUESTION, Agents


async def test_take_silences_the_bot_while_it_is_writing(agents: Agents) -> None:
    """A hand on the button during the model call is enough: the answer is never posted."""
    asked = await agents.asks(QUESTION)
    answered = len(agents.place.replies(asked))
    more = await _while_writing(agents, asked, "How long does delivery to Hanoi take?")
    await agents.mai.click(await agents.card(asked), "Take")
    await agents.place.settled()

    assert len(agents.place.replies(asked)) == answered
    assert (await agents.ticket(asked)).assignee_id == agents.mai.id
    decision = await agents.place.decision(more)
    assert decision is not None
    assert decision.outcome == "noted"


async def test_a_reaction_silences_the_bot_like_the_button(agents: Agents) -> None:
    """An agent's 👀 on the first message takes the ticket, also while the bot is writing."""
    asked = await agents.asks(QUESTION)
    answered = len(agents.place.replies(asked))
    await _while_writing(agents, asked, "How long does delivery to Hanoi take?")
    await agents.mai.react(asked, "eyes")
    await agents.place.settled()

    assert len(agents.place.replies(asked)) == answered
    assert (await agents.ticket(asked)).assignee_id == agents.mai.id


async def test_a_customers_reaction_takes_nothing(agents: Agents) -> None:
    """Customers may react as they like: the bot goes on, and the ticket is nobody's."""
    asked = await agents.asks(QUESTION)
    await agents.linh.react(asked, "eyes")
    await agents.linh.react(asked, "white_check_mark")
    await agents.in_thread(agents.linh, asked, "How long does delivery to Hanoi take?")

    ticket = await agents.ticket(asked)
    assert (ticket.assignee_id, ticket.status) == (None, "pending")
    assert len(agents.place.replies(asked)) == 2


async def test_a_tick_on_the_message_solves_its_ticket(agents: Agents) -> None:
    """✅ by an agent does what the button does."""
    asked = await agents.asks(COMPLAINT)
    await agents.mai.react(asked, "white_check_mark")
    await agents.place.settled()

    assert (await agents.ticket(asked)).status == "solved"


async def test_the_first_word_takes_the_ticket_and_shows_on_the_card(agents: Agents) -> None:
    """An agent who simply answers in the thread owns the ticket."""
    asked = await agents.asks(COMPLAINT)
    await agents.in_thread(agents.duc, asked, "I am looking into it.")

    assert agents.duc.mention in await agents.shown(asked)
    assert "keeps quiet" in await agents.shown(asked)


async def test_what_the_customer_says_to_a_person_shows_under_the_card(agents: Agents) -> None:
    """Whoever works from the agents' channel hears the customer there."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    await agents.in_thread(agents.linh, asked, "The parcel is number LB-10482.")

    under = agents.place.slack.thread(await agents.card(asked))
    assert "LB-10482" in under[-1].text


async def test_resume_gives_the_ticket_back_and_says_so(agents: Agents) -> None:
    """The customer reads that the bot is back, and the next question is answered."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    await agents.in_thread(agents.linh, asked, QUESTION)
    silent = agents.place.replies(asked)
    await agents.press(agents.mai, asked, "Resume bot")
    await agents.in_thread(agents.linh, asked, "How long does delivery to Hanoi take?")

    back, answer = agents.place.replies(asked)[len(silent) :]
    assert "answering here again" in back
    assert "working days" in answer
    assert "keeps quiet" not in await agents.shown(asked)


async def test_of_two_agents_at_once_one_wins_and_the_other_is_told_who(agents: Agents) -> None:
    """Both press Take in the same moment: one owner, one sentence with a name."""
    asked = await agents.asks(COMPLAINT)
    card = await agents.card(asked)
    outcomes = await asyncio.gather(agents.mai.click(card, "Take"), agents.duc.click(card, "Take"))
    await agents.place.settled()

    owner = (await agents.ticket(asked)).assignee_id
    told = [each.text for outcome in outcomes for each in outcome.responses]
    assert owner in (agents.mai.id, agents.duc.id)
    assert len(told) == 1
    assert f"<@{owner}> was faster" in told[0]


async def _while_writing(agents: Agents, asked: Message, text: str) -> Message:
    """Let Linh write in her thread and return while the model is still at it."""
    agents.place.claude.latency["*"] = 0.3
    before = len(agents.place.claude.calls)
    more = await agents.linh.reply(asked, text)
    await agents.place.slack.until(lambda: "eyes" in more.reactions)
    assert len(agents.place.claude.calls) <= before + 1
    return more
