"""What agents type in threads, and the shortcuts in a message's menu."""

import pytest

from handlers.commands.thread_commands import ThreadCommand, read_thread_command
from handlers.views.ids import ShortcutId
from tests.stories.tickets.conftest import COMPLAINT, QUESTION, Agents
from tests.support import blocks


async def test_a_ticket_is_solved_from_the_customers_thread(agents: Agents) -> None:
    """`?solve` is no word to the customer: it is not stored as one, and only its author hears."""
    asked = await agents.asks(COMPLAINT)
    said = await agents.said(asked)
    await agents.in_thread(agents.mai, asked, "?solve")

    ticket = await agents.ticket(asked)
    assert (ticket.status, ticket.human_since) == ("solved", None)
    assert await agents.said(asked) == said
    assert agents.told(agents.mai) == [f"{ticket.number} is solved."]


async def test_a_ticket_is_held_tagged_and_noted_from_its_thread(agents: Agents) -> None:
    """Each of the agents' verbs has a macro."""
    asked = await agents.asks(COMPLAINT)
    await agents.in_thread(agents.mai, asked, "?hold 2d")
    await agents.in_thread(agents.mai, asked, "?tag Billing vip")
    await agents.under_card(agents.mai, asked, "?note ask the carrier")
    await agents.under_card(agents.mai, asked, f"?assign {agents.duc.mention}")

    ticket = await agents.ticket(asked)
    assert (ticket.status, ticket.tags, ticket.assignee_id) == (
        "on_hold",
        ["billing", "vip"],
        agents.duc.id,
    )
    assert [each.text for each in await agents.notes(asked)] == ["ask the carrier"]
    assert "`billing`" in await agents.shown(asked)


async def test_a_macro_with_a_mistake_changes_nothing_and_says_why(agents: Agents) -> None:
    """A time that is none, a priority nobody knows, a person who is no agent."""
    asked = await agents.asks(COMPLAINT)
    before = await agents.ticket(asked)
    for typed in ("?hold soon", "?priority terrible", f"?assign {agents.linh.mention}", "?tag"):
        await agents.in_thread(agents.mai, asked, typed)

    told = agents.told(agents.mai)
    assert await agents.ticket(asked) == before
    assert ["no time I know" in told[0], "Expected one of" in told[1]] == [True, True]
    assert ["not in the agents' channel" in told[2], "no new tag" in told[3]] == [True, True]


async def test_a_mistyped_macro_is_neither_kept_nor_said_but_set_right(agents: Agents) -> None:
    """No note under the card and no word in the thread: the nearest one is offered."""
    asked = await agents.asks(COMPLAINT)
    before, said = await agents.ticket(asked), await agents.said(asked)
    await agents.under_card(agents.mai, asked, "?sovle")
    await agents.in_thread(agents.mai, asked, "?prioritty high")

    solve, priority = agents.told(agents.mai)
    assert "Did you mean `?solve`?" in solve
    assert "Did you mean `?priority`?" in priority
    assert await agents.notes(asked) == []
    assert await agents.said(asked) == said
    assert await agents.ticket(asked) == before


@pytest.mark.parametrize(
    "typed", ["?", "? solve", "?why is that so", "?what about Monday", "solve?"]
)
def test_a_question_is_no_macro(typed: str) -> None:
    """Nor is what only begins like one."""
    assert read_thread_command(typed) is None


async def test_a_macro_of_a_customer_is_a_message(agents: Agents) -> None:
    """Customers have no macros: theirs is a message like any other."""
    asked = await agents.asks(COMPLAINT)
    await agents.in_thread(agents.linh, asked, "?solve")

    assert (await agents.ticket(asked)).status == "open"
    assert ("customer", "?solve") in await agents.said(asked)


async def test_a_macro_that_slack_delivers_twice_is_carried_out_once(agents: Agents) -> None:
    """One note, one sentence."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.events(kind="twice", times=1)
    await agents.in_thread(agents.mai, asked, "?note ask the carrier")

    assert len(await agents.notes(asked)) == 1
    assert len(agents.told(agents.mai)) == 1


async def test_a_message_becomes_a_ticket_by_its_shortcut(agents: Agents) -> None:
    """An agent makes a ticket of a message from before the bot was there."""
    lounge = agents.place.slack.add_channel("lounge", [agents.linh, agents.mai], bot=False)
    message = await agents.linh.post(lounge, QUESTION)
    await agents.mai.invite(lounge, agents.place.slack.bot_user_id)
    outcome = await agents.mai.shortcut(ShortcutId.CREATE, message)
    await agents.place.settled()
    again = await agents.mai.shortcut(ShortcutId.CREATE, message)

    ticket = await agents.ticket(message)
    assert ticket.number in outcome.responses[0].text
    assert "already" in again.responses[0].text
    assert ticket.requester_id == agents.linh.id


async def test_an_outsider_makes_no_ticket_of_anothers_message(agents: Agents) -> None:
    """Everybody may point at their own words only."""
    tom = agents.place.slack.add_user("tom")
    lounge = agents.place.slack.add_channel("lounge", [agents.linh, tom], bot=False)
    message = await agents.linh.post(lounge, QUESTION)
    outcome = await tom.shortcut(ShortcutId.CREATE, message)

    assert "somebody else's" in outcome.responses[0].text
    assert await agents.place.ticket(message) is None


async def test_where_the_bot_is_not_it_says_how_to_bring_it(agents: Agents) -> None:
    """A ticket that nobody could answer is not opened."""
    lounge = agents.place.slack.add_channel("lounge", [agents.linh, agents.mai], bot=False)
    message = await agents.linh.post(lounge, QUESTION)
    outcome = await agents.mai.shortcut(ShortcutId.CREATE, message)

    assert "/invite" in outcome.responses[0].text
    assert await agents.place.ticket(message) is None


async def test_a_customer_closes_the_own_ticket_and_nobody_elses(agents: Agents) -> None:
    """The one who asked may say that it is done; a neighbour may not."""
    tom = agents.place.slack.add_user("tom")
    agents.place.orders.members.append(tom.id)
    asked = await agents.asks(COMPLAINT)
    refused = await tom.shortcut(ShortcutId.CLOSE, asked)
    still = (await agents.ticket(asked)).status
    await agents.linh.shortcut(ShortcutId.CLOSE, asked)

    assert "Only the one who asked" in refused.responses[0].text
    assert (still, (await agents.ticket(asked)).status) == ("open", "solved")


async def test_why_is_told_to_agents_only(agents: Agents) -> None:
    """Triage, article, prompt, model and cost for an agent; a sentence for a customer."""
    asked = await agents.asks(QUESTION)
    agent = await agents.mai.shortcut(ShortcutId.WHY, asked)
    customer = await agents.linh.shortcut(ShortcutId.WHY, asked)

    shown = blocks.shown(agent.responses[0].blocks)
    for part in ("track_shipping", "Delivery times", "prompts", "claude-haiku", "$0.0"):
        assert part in shown
    assert "Only the desk's agents" in customer.responses[0].text


@pytest.mark.parametrize(
    ("typed", "macro"),
    [
        ("?solve", ThreadCommand("solve")),
        ("?SOLVE ", ThreadCommand("solve")),
        ("?hold 2d", ThreadCommand("hold", "2d")),
        ("?note two\nlines", ThreadCommand("note", "two\nlines")),
        ("? solve", None),
        ("??", None),
        ("?", None),
        ("?what do you mean", None),
        ("did you ?solve it", None),
    ],
)
def test_what_is_a_macro(typed: str, macro: ThreadCommand | None) -> None:
    """Only a known verb right after a question mark, at the very beginning."""
    assert read_thread_command(typed) == macro
