"""Under an automatic answer: it solved it, it takes a person, it was good or bad."""

import pytest

from emulator.slack import Message
from emulator.slack.outcome import Outcome
from handlers.views.ids import ActionId, FieldId
from tests.stories.tickets.conftest import QUESTION, REFUND, Agents
from tests.stories.tickets.test_access import forged

SOLVED, PERSON = "That solved it", "I need a human"


def answer(agents: Agents, asked: Message) -> Message:
    """The bot's answer in the thread."""
    return next(
        each
        for each in agents.place.slack.thread(asked)
        if each.metadata and each.metadata["event_payload"]["key"].endswith(":answer")
    )


async def pressed(agents: Agents, asked: Message, label: str, by: str = "linh") -> Outcome:
    """Press a button under the answer."""
    person = {"linh": agents.linh, "mai": agents.mai}[by]
    outcome = await person.click(answer(agents, asked), label)
    await agents.place.settled()
    return outcome


async def test_an_answer_asks_whether_it_helped(agents: Agents) -> None:
    """Two buttons and Slack's thumbs under what the bot answers; none under a draft's fate."""
    await agents.asks(QUESTION)
    await agents.asks(REFUND)

    shown = agents.place.slack.transcript(agents.place.orders)
    assert shown.count(f"[{SOLVED}] [{PERSON}]") == 1
    assert shown.count("[Good answer] [Not helpful]") == 1


@pytest.mark.parametrize("by", ["linh", "mai"])
async def test_that_solved_it_solves_the_ticket(agents: Agents, by: str) -> None:
    """The one who asked says so, or an agent; one line takes the place of the buttons."""
    asked = await agents.asks(QUESTION)
    said = answer(agents, asked).text
    await pressed(agents, asked, SOLVED, by)

    (kept,) = await agents.corrections()
    shown = agents.place.slack.transcript(agents.place.orders)
    assert (await agents.ticket(asked)).status == "solved"
    assert (kept["kind"], kept["message"]) == ("solved", agents.place.key(asked))
    assert kept["decision"] is not None
    assert f"✅ That solved it. · @{by}" in shown
    assert f"[{PERSON}]" not in shown
    assert answer(agents, asked).text == said


async def test_i_need_a_human_hands_over(agents: Agents) -> None:
    """Agents get the ticket and are told, the customer gets a line; the choice is kept."""
    asked = await agents.asks(QUESTION)
    await pressed(agents, asked, PERSON)

    ticket, (kept,) = await agents.ticket(asked), await agents.corrections()
    below = [each.text for each in agents.place.slack.thread(await agents.card(asked))]
    orders = agents.place.slack.transcript(agents.place.orders)
    assert (ticket.status, ticket.handed_over_at is not None) == ("open", True)
    assert kept["kind"] == "needs_human"
    assert any("a person is asked for" in each for each in below)
    assert "A person will answer you here" in orders
    assert "🙋 A person was asked for. · @linh" in orders
    assert "[That solved it]" not in orders
    assert "*Status*" in await agents.shown(asked)


async def test_a_stranger_chooses_nothing(agents: Agents) -> None:
    """Somebody else in the channel sees the buttons, and is told why they do nothing."""
    asked = await agents.asks(QUESTION)
    other = agents.place.slack.add_user("hoa")
    agents.place.orders.members.append(other.id)
    before = await agents.ticket(asked)
    outcome = await other.click(answer(agents, asked), SOLVED)
    await agents.place.settled()

    assert "Only the person who asked" in outcome.responses[0].text
    assert await agents.ticket(asked) == before
    assert await agents.corrections() == []


@pytest.mark.parametrize("press", [ActionId.SOLVED_IT, ActionId.NEED_HUMAN])
async def test_a_choice_counts_once(agents: Agents, press: ActionId) -> None:
    """A click that is sent again, or made in a window that was not redrawn, changes nothing."""
    asked = await agents.asks(QUESTION)
    number, about = (await agents.ticket(asked)).id, agents.place.key(asked)
    await forged(agents, agents.linh, answer(agents, asked), press, f"{number} {about}")
    before = await agents.ticket(asked)
    outcome = await forged(agents, agents.linh, answer(agents, asked), press, f"{number} {about}")

    assert "was done already" in outcome.responses[0].text
    assert await agents.ticket(asked) == before
    assert len(await agents.corrections()) == 1


@pytest.mark.parametrize("press", [ActionId.SOLVED_IT, ActionId.NEED_HUMAN])
async def test_a_forged_choice_is_refused(agents: Agents, press: ActionId) -> None:
    """On another message, for another ticket, or about an answer that was never given."""
    mine, other = await agents.asks(QUESTION), await agents.asks(REFUND)
    ticket, strange = await agents.ticket(mine), await agents.ticket(other)
    about, elsewhere = agents.place.key(mine), agents.place.key(other)
    said = answer(agents, mine)
    tries = [
        await forged(agents, agents.linh, mine, press, f"{ticket.id} {about}"),
        await forged(agents, agents.linh, said, press, f"{strange.id} {about}"),
        await forged(agents, agents.linh, said, press, f"{strange.id} {elsewhere}"),
        await forged(agents, agents.linh, said, press, f"{ticket.id} x' OR 1=1"),
        await forged(agents, agents.linh, said, press, "999999 x"),
        await forged(agents, agents.linh, said, press, ""),
    ]

    assert all(len(each.responses) == 1 for each in tries)
    assert [await agents.ticket(each) for each in (mine, other)] == [ticket, strange]
    assert await agents.corrections() == []


async def test_a_solved_ticket_is_not_solved_again(agents: Agents) -> None:
    """Somebody was faster; the sentence says so and nothing is kept."""
    asked = await agents.asks(QUESTION)
    await agents.press(agents.mai, asked, "Solve")
    outcome = await pressed(agents, asked, SOLVED)

    assert "is solved already" in outcome.responses[0].text
    assert await agents.corrections() == []


async def test_a_thumb_is_kept_and_a_thumb_down_asks_why(agents: Agents) -> None:
    """The latest word of each person counts, with the decision that it judges."""
    asked = await agents.asks(QUESTION)
    said = answer(agents, asked)
    await agents.linh.click(said, ActionId.FEEDBACK, value="Good answer")
    await agents.mai.click(said, ActionId.FEEDBACK, value="Not helpful")
    await agents.place.settled()
    first = await agents.corrections()
    (form,) = agents.place.slack.views(agents.mai)
    await agents.mai.submit(form, {FieldId.COMMENT: "It is about another city."})
    await agents.place.settled()

    kept = {str(each["by"]): each for each in await agents.corrections()}
    assert {str(each["by"]): each["after"] for each in first} == {
        agents.linh.id: "good",
        agents.mai.id: "bad",
    }
    assert {each["kind"] for each in kept.values()} == {"feedback"}
    assert kept[agents.mai.id]["comment"] == "It is about another city."
    assert kept[agents.linh.id]["message"] == agents.place.key(asked)
    assert agents.place.slack.views(agents.linh) == []


async def test_a_forged_thumb_is_refused(agents: Agents) -> None:
    """About an answer of another ticket, of nobody's, or with an opinion that there is not."""
    mine, other = await agents.asks(QUESTION), await agents.asks(QUESTION)
    ticket, about = (await agents.ticket(mine)).id, agents.place.key(other)
    own = agents.place.key(mine)
    said = answer(agents, mine)
    tries = [
        await forged(agents, agents.linh, said, ActionId.FEEDBACK, f"{ticket} {about} good"),
        await forged(agents, agents.linh, said, ActionId.FEEDBACK, f"{ticket} {own} splendid"),
        await forged(agents, agents.linh, said, ActionId.FEEDBACK, f"{ticket} good"),
        await forged(agents, agents.linh, said, ActionId.FEEDBACK, "999999 x bad"),
    ]

    assert all(len(each.responses) == 1 for each in tries)
    assert await agents.corrections() == []
    assert agents.place.slack.views(agents.linh) == []


async def test_a_workspace_without_thumbs_gets_the_answer_all_the_same(agents: Agents) -> None:
    """Slack refuses the block: the answer is posted without, at once, and so are those to come."""
    agents.place.slack.refused_blocks.add("context_actions")
    first, second = await agents.asks(QUESTION), await agents.asks(QUESTION)

    shown = agents.place.slack.transcript(agents.place.orders)
    refused = [each for each in agents.place.slack.calls if each.error == "invalid_blocks"]
    assert len(refused) == 1
    assert shown.count(f"[{SOLVED}] [{PERSON}]") == 2
    assert "[Good answer]" not in shown
    assert answer(agents, first).text == answer(agents, second).text


async def test_a_private_answer_is_judged_by_its_reader(agents: Agents) -> None:
    """In a direct message: who cannot see it has no opinion on it."""
    asked = await agents.linh.dm(QUESTION)
    await agents.place.settled()
    number, about = (await agents.ticket(asked)).id, agents.place.key(asked)
    other = agents.place.slack.add_user("hoa")
    value = f"{number} {about} good"
    stranger = await forged(agents, other, answer(agents, asked), ActionId.FEEDBACK, value)
    await agents.linh.click(answer(agents, asked), ActionId.FEEDBACK, value="Good answer")
    await agents.place.settled()

    (kept,) = await agents.corrections()
    assert "Only those who can see the ticket" in stranger.responses[0].text
    assert kept["by"] == agents.linh.id
