"""`/ticket`: what a customer, an agent and an outsider can ask, and what they are told."""

import pytest

from emulator.slack import Message, Person
from storage.db.database import Session
from storage.tickets import audit, changes
from storage.tickets.audit import ChangeBy
from tests.stories.tickets.conftest import COMPLAINT, QUESTION, REFUND, Agents
from tests.support import blocks


def read(message: Message) -> str:
    """All that a message shows, as one text."""
    return "\n".join([message.text, *blocks.shown(message.blocks).splitlines()])


async def told(agents: Agents, person: Person, text: str) -> str:
    return read(await agents.place.asks(person, text))


async def test_a_customer_sees_their_own_tickets(agents: Agents) -> None:
    """The list, one of them with what was said, and help without the agents' part."""
    await agents.asks(QUESTION)
    await agents.asks(COMPLAINT)

    mine = await told(agents, agents.linh, "")
    assert "T-1001" in mine
    assert "T-1002" in mine
    assert "delivery" in await told(agents, agents.linh, "1001")
    assert "take 1042" not in await told(agents, agents.linh, "help")


async def test_an_agents_word_on_a_ticket_is_not_for_customers(agents: Agents) -> None:
    """Notes, reasons and costs are shown to agents only."""
    asked = await agents.asks(COMPLAINT)
    await agents.under_card(agents.mai, asked, "This one always complains")
    seen = await told(agents, agents.linh, "1001")

    assert "always complains" not in seen
    assert "by policy" not in seen
    behind = await told(agents, agents.mai, "1001")
    assert "by policy" in behind
    assert f"<@{agents.mai.id}>: This one always complains" in behind
    assert await told(agents, agents.linh, "find always complains") == "Nothing was found."


async def test_an_outsider_learns_nothing_from_numbers(agents: Agents) -> None:
    """A ticket that is private and one that does not exist get the same sentence."""
    await agents.linh.dm("My card number is 4711, please refund me")
    await agents.place.settled()
    stranger = agents.place.slack.add_user("eve")
    agents.place.orders.members.append(stranger.id)

    assert "There is no ticket T-1001" in await told(agents, stranger, "1001")
    assert "There is no ticket T-9999" in await told(agents, stranger, "9999")
    assert await told(agents, stranger, "find card number") == "Nothing was found."
    assert await told(agents, stranger, "mine") == "You have no tickets."


async def test_a_customer_searches_what_they_may_see(agents: Agents) -> None:
    """Their own tickets everywhere; other people's in a public channel that they are in."""
    place = agents.place
    await agents.asks(QUESTION)
    board = place.slack.add_channel("board", members=[agents.linh, agents.mai], private=True)
    await agents.linh.post(board, QUESTION)
    await place.settled()
    tom, eve = place.slack.add_user("tom"), place.slack.add_user("eve")
    place.orders.members.append(tom.id)
    here, linh = f"in:<#{place.orders.id}>", f"from:<@{agents.linh.id}>"

    assert "T-1002" in await told(agents, agents.linh, "find delivery")
    assert await told(agents, tom, "find delivery") == "Nothing was found."
    assert "add `in:#orders`" in await told(agents, tom, f"find delivery {linh}")
    found = await told(agents, tom, f"find delivery {here} {linh}")
    assert ("T-1001" in found, "T-1002" in found) == (True, False)
    assert await told(agents, eve, f"find delivery {here}") == "Nothing was found."
    for outside in (f"in:<#{board.id}>", f"in:<#{board.id}> {linh}"):
        assert "T-1002" not in await told(agents, tom, f"find delivery {outside}")


async def test_the_agents_verbs_are_theirs(agents: Agents, subtests: pytest.Subtests) -> None:
    """A customer is told so, and nothing changes."""
    asked = await agents.asks(COMPLAINT)
    before = await agents.ticket(asked)

    for text in (
        "queue",
        "stats",
        "why 1001",
        "take 1001",
        "assign 1001 <@UEVE>",
        "status 1001 closed",
        "priority 1001 low",
        "snooze 1001 2d",
        "merge 1001 1002",
        "reopen 1001",
        "solve 1001",
        "tag 1001 x",
        "note 1001 x",
        "resume 1001",
    ):
        with subtests.test(text):
            assert "Only the desk's agents" in await told(agents, agents.linh, text)
            assert await agents.ticket(asked) == before


async def test_an_agent_works_a_ticket_from_the_keyboard(agents: Agents) -> None:
    """Take, tag, priority, snooze, open, assign, solve, re-open: each in the audit."""
    asked = await agents.asks(COMPLAINT)
    for text, expected in (
        ("take 1001", "is yours"),
        ("tag 1001 courier", "is tagged"),
        ("priority 1001 urgent", "urgent priority"),
        ("snooze 1001 2d", "on hold until"),
        ("status 1001 open", "is open"),
        (f"assign 1001 <@{agents.duc.id}|duc>", "belongs to"),
        ("status 1001 solved", "is solved"),
        ("reopen 1001", "open again"),
    ):
        assert expected in await told(agents, agents.mai, text)
    await agents.place.running.cards.wait_idle()
    rows = await agents.place.running.store.read(audit.ticket_changes, 1001)

    ours = [(row.what, row.after) for row in rows if row.source == "command"]
    assert ("tags", "courier") in ours
    assert ("owner", agents.duc.id) in ours
    statuses = [after for what, after in ours if what == "status"]
    assert statuses == ["on_hold", "open", "solved", "open"]
    assert "urgent" in await agents.shown(asked)


async def test_a_note_typed_as_a_command_is_found_by_the_other_agents(agents: Agents) -> None:
    """It stands in the ticket as agents see it, and nowhere a customer looks."""
    await agents.asks(COMPLAINT)
    await told(agents, agents.mai, "note 1001 The courier has lost it")
    await told(agents, agents.mai, "snooze 1001 2d")

    shown = await told(agents, agents.duc, "1001")
    assert f"<@{agents.mai.id}>: The courier has lost it" in shown
    assert "on hold until <!date^" in shown
    assert "courier" not in await told(agents, agents.linh, "1001")


async def test_two_who_type_at_once_are_told_who_was_faster(agents: Agents) -> None:
    """The ticket has one owner."""
    asked = await agents.asks(COMPLAINT)
    await told(agents, agents.mai, "take 1001")

    assert f"<@{agents.mai.id}> was faster" in await told(agents, agents.duc, "take 1001")
    assert (await agents.ticket(asked)).assignee_id == agents.mai.id


async def test_each_mistake_gets_a_sentence(agents: Agents, subtests: pytest.Subtests) -> None:
    """Nobody is left with a code, and nothing is changed."""
    asked = await agents.asks(COMPLAINT)
    before = await agents.ticket(asked)

    for text, expected in (
        ("frobnicate", "I don't know `frobnicate`"),
        ("take", "Expected a ticket's number"),
        ("take me", "Expected a ticket's number"),
        ("take 9999", "There is no ticket T-9999"),
        ("why 9999", "There is no ticket T-9999"),
        ("status 1001 lost", "Expected one of open, pending"),
        ("status 1001 on_hold", "expected a span"),
        ("snooze 1001 yesterday", "expected a span"),
        ("priority 1001 hot", "Expected one of low"),
        ("assign 1001 mai", "Expected a person"),
        ("merge 1001", "Expected a ticket"),
        ("merge 1001 1001", "cannot be merged with itself"),
        ("reopen 1001", "is open already"),
        ("tag 1001", "no new tag"),
        ("find", "What should I look for"),
        ("find stauts:open", "Did you mean `status:`"),
        ("queue kettle", "use `/ticket find`"),
        ("stats 7x", "such as 7d"),
    ):
        with subtests.test(text):
            assert expected in await told(agents, agents.mai, text)
            assert await agents.ticket(asked) == before


async def test_the_queue_shows_what_waits_for_people(agents: Agents) -> None:
    """What the bot has answered waits for the customer; filters narrow the rest down."""
    await agents.asks(QUESTION)
    await agents.asks(COMPLAINT)
    await agents.asks(REFUND)
    await told(agents, agents.mai, "take 1002")

    everything = await told(agents, agents.mai, "queue")
    assert "T-1001" not in everything
    assert "T-1002" in everything
    unassigned = await told(agents, agents.mai, "queue unassigned refund_request")
    assert "T-1002" not in unassigned
    assert "T-1003" in unassigned
    assert "T-1002" in await told(agents, agents.mai, "mine")


async def test_pages_are_turned_in_place(agents: Agents) -> None:
    """Onwards and back, in the same message, and only for the one who asked."""
    for number in range(12):
        await agents.asks(f"Where is my order {number}?")
    page = await agents.place.asks(agents.linh, "find order")
    first = read(page)
    await agents.linh.click(page, "list_next")
    await agents.place.slack.until(lambda: "page 2" in page.text)
    second = read(page)
    await agents.linh.click(page, "list_back")
    await agents.place.slack.until(lambda: "page 1" in page.text)

    assert "T-1012" in first
    assert "T-1002" not in first
    assert "T-1002" in second
    assert "T-1012" not in second
    assert read(page) == first


async def test_a_forged_page_shows_nothing_that_one_may_not_see(
    agents: Agents, subtests: pytest.Subtests
) -> None:
    """What a button carries is asked for with the rights of whoever pressed it."""
    eve = agents.place.slack.add_user("eve")
    await eve.dm("My card number is 4711, please refund me")
    for number in range(11):
        await agents.asks(f"Where is my order {number}?")

    for value in ("queue 0 ", "find 0 card", "what 0 x", "find x y", ""):
        with subtests.test(value):
            before = len(agents.place.slack.ephemerals)
            assert "4711" not in read(await turned(agents, value))
            assert len(agents.place.slack.ephemerals) >= before


async def turned(agents: Agents, value: str) -> Message:
    """Linh's list, after she pressed a button on it that carries this."""
    page = await agents.place.asks(agents.linh, "mine")
    outcome = await agents.linh.click(page, "list_next", value=value)
    await agents.place.slack.until(lambda: outcome.responses or "Nothing" in page.text)
    return page


async def test_why_tells_the_whole_decision(agents: Agents) -> None:
    """Triage, route and reason, articles, prompt version, models and cost."""
    await agents.asks(QUESTION)
    shown = await told(agents, agents.mai, "why 1001")

    for part in ("track_shipping", "answered", "Delivery times", "prompts", "haiku", "$0.0"):
        assert part in shown


async def test_stats_count_what_happened(agents: Agents) -> None:
    """Opened, solved, and by whom."""
    await agents.asks(QUESTION)
    await agents.asks(COMPLAINT)
    await told(agents, agents.mai, "solve 1002")
    shown = await told(agents, agents.mai, "stats 7d")

    assert "2 opened · 1 solved" in shown
    assert f"<@{agents.mai.id}> 1" in shown


async def test_new_opens_a_form_with_what_was_typed(agents: Agents) -> None:
    """In the channel where it was asked."""
    await agents.linh.command("/ticket", "new my lamp is broken", agents.place.orders)
    await agents.place.slack.until(lambda: agents.place.slack.views(agents.linh))

    (view,) = agents.place.slack.views(agents.linh)
    assert "my lamp is broken" in agents.place.slack.render(view)


async def test_a_form_that_opens_too_late_is_excused(agents: Agents) -> None:
    """Slack gives three seconds; the person is asked to try again."""
    agents.place.slack.faults.add("views.open", "error", code="expired_trigger_id")
    answer = await agents.place.asks(agents.linh, "new")

    assert "try again" in answer.text


async def test_a_change_by_hand_is_seen_in_the_ticket(agents: Agents) -> None:
    """Agents see who changed what."""
    asked = await agents.asks(COMPLAINT)
    number = (await agents.ticket(asked)).ticket_id

    def raise_it(session: Session) -> None:
        ticket = changes.get_ticket(session, number)
        changes.change_ticket(session, ticket, ChangeBy(agents.duc.id, "modal"), priority="urgent")

    await agents.place.running.store.write(raise_it)

    assert f"<@{agents.duc.id}> · priority: " in await told(agents, agents.mai, "1001")
