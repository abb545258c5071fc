"""What opens a ticket, what does not, and why."""

import pytest

from emulator.slack import Channel
from tests.support.questions import DELIVERY, WARRANTY
from tests.support.workspace import Workspace


async def ignored(desk: Workspace) -> dict[str, int]:
    """How many messages were ignored, by reason; the books add up besides."""
    balance = await desk.balance()
    assert balance.received == balance.ticketed + sum(balance.ignored.values()) + balance.failed
    return balance.ignored


def listed(channel: Channel, mode: str = "auto") -> str:
    return f'[[channels]]\nid = "{channel.id}"\nmode = "{mode}"\n'


async def test_a_message_in_a_watched_channel_is_seen_and_answered(desk: Workspace) -> None:
    """The author sees 👀 until the answer stands in the thread; the message has a ticket."""
    asked = await desk.linh.post(desk.orders, DELIVERY)
    await desk.until(lambda: desk.slack.reactions(asked) == {"eyes": [desk.slack.bot_user_id]})
    await desk.settled()

    assert desk.slack.reactions(asked) == {}
    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert (ticket.status, ticket.requester_id) == ("pending", desk.linh.id)
    assert ticket.first_response_at is not None
    assert ticket.number == "T-1001"
    assert len(desk.replies(asked)) == 1
    assert (await desk.balance()).ticketed == 1


async def test_a_direct_message_is_answered_in_private(desk: Workspace) -> None:
    """A direct message is a ticket of its own, marked as private, wherever the desk watches."""
    asked = await desk.linh.dm(DELIVERY)
    await desk.settled()

    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert ticket.private
    assert len(desk.replies(asked)) == 1
    assert desk.cards() == []


async def test_where_channels_are_listed_only_a_mention_is_heard_elsewhere(
    place: Workspace,
) -> None:
    """A plain message outside the list is nobody's; a mention there is one ticket, one answer."""
    other = place.slack.add_channel("random", members=[place.linh])
    await place.start(listed(place.orders))

    plain = await place.linh.post(other, DELIVERY)
    called = await place.linh.post(other, f"<@{place.slack.bot_user_id}> {DELIVERY}")
    await place.settled()

    assert place.replies(plain) == []
    assert await place.ticket(plain) is None
    assert len(place.replies(called)) == 1
    assert len(await place.tickets()) == 1


async def test_a_thread_begun_by_a_mention_is_followed_without_further_mentions(
    place: Workspace,
) -> None:
    """Whoever called the bot once need not call it again in that thread."""
    other = place.slack.add_channel("random", members=[place.linh])
    await place.start(listed(place.orders))
    called = await place.linh.post(other, f"<@{place.slack.bot_user_id}> {DELIVERY}")
    await place.settled()

    await place.linh.reply(called, WARRANTY)
    await place.settled()

    assert len(place.replies(called)) == 2
    assert len(await place.tickets()) == 1


async def test_a_mention_in_a_watched_channel_is_one_message(desk: Workspace) -> None:
    """Slack sends a mention twice, as message and as mention: one ticket, one answer."""
    asked = await desk.hears(desk.linh, f"<@{desk.slack.bot_user_id}> {DELIVERY}")

    row = await desk.row(asked)
    assert row is not None
    assert row.text == DELIVERY
    assert len(desk.replies(asked)) == 1
    assert len(await desk.calls()) == 2


async def test_messages_that_are_no_request_are_counted_with_their_reason(
    desk: Workspace,
) -> None:
    """Other bots in both styles, and a message in which nobody can see anything, open no ticket."""
    deploy = desk.slack.add_bot("deploy")
    desk.orders.members.append(deploy.id)
    await deploy.post(desk.orders, "Deployed web 4.2.1")
    await deploy.post(desk.orders, "Deployed web 4.2.2", classic=True)
    await desk.linh.post(desk.orders, "\u200b\u2060")
    await desk.settled()

    assert await ignored(desk) == {"bot": 2, "empty": 1}
    assert await desk.tickets() == []
    assert desk.keys() == []
    assert desk.asked() == 0


async def test_people_who_join_and_leave_open_no_ticket(desk: Workspace) -> None:
    """Membership of a support channel is none of the desk's business."""
    tom = desk.slack.add_user("tom")
    await tom.join(desk.orders)
    await tom.leave(desk.orders)
    await desk.settled()

    assert await desk.tickets() == []
    assert desk.keys() == []


async def test_words_beside_a_broken_screenshot_are_answered_and_it_alone_goes_to_a_person(
    desk: Workspace,
) -> None:
    """A file counts as a message; when it cannot be read either, a model has nothing to read."""
    worded = await desk.linh.post(desk.orders, DELIVERY, files=["screen.png"])
    bare = await desk.linh.post(desk.orders, "", files=["screen.png"])
    await desk.settled()

    row = await desk.row(worded)
    assert row is not None
    assert [each["name"] for each in row.files] == ["screen.png"]
    assert row.outcome == "answered"
    assert "the file is damaged" in desk.replies(worded)[-1]
    decision = await desk.decision(bare)
    assert decision is not None
    assert decision.outcome == "handed_over"
    assert "without words" in decision.reason
    assert "📎 screen.png" in desk.slack.transcript(desk.agents)


async def test_the_agents_channel_is_not_watched(desk: Workspace) -> None:
    """What agents say among themselves is no ticket, even when they call the bot there."""
    await desk.mai.post(desk.agents, DELIVERY)
    await desk.mai.post(desk.agents, f"<@{desk.slack.bot_user_id}> {DELIVERY}")
    await desk.settled()

    assert await desk.tickets() == []
    assert desk.keys() == []


async def test_an_agents_own_message_outside_a_ticket_is_ignored(desk: Workspace) -> None:
    """An agent's announcement in a support channel is no request; a mention by one is."""
    await desk.hears(desk.mai, "We are open on Saturday.")
    asked = await desk.hears(desk.mai, f"<@{desk.slack.bot_user_id}> {DELIVERY}")

    assert await ignored(desk) == {"agent outside a ticket": 1}
    assert len(desk.replies(asked)) == 1


async def test_a_redelivered_event_changes_nothing(desk: Workspace) -> None:
    """Twice at once, again after the story ended, and after a restart: one answer."""
    desk.slack.faults.events("twice")
    asked = await desk.hears(desk.linh, DELIVERY)
    payload = next(
        each.payload for each in desk.slack.deliveries if each.payload["event"]["ts"] == asked.ts
    )

    desk.slack.dispatch.publish(payload)
    await desk.settled()
    await desk.stop()
    await desk.start()
    desk.slack.dispatch.publish(payload)
    await desk.settled()

    assert desk.keys() == [f"{desk.key(asked)}:answer"]
    assert len(await desk.calls()) == 2
    assert (await desk.balance()).received == 1


async def test_messages_that_come_late_or_out_of_order_are_answered_once_each(
    desk: Workspace,
) -> None:
    """Slack promises no order; nothing is lost or doubled by that."""
    desk.slack.faults.events("out_of_order", type="message")
    first = await desk.linh.post(desk.orders, DELIVERY)
    second = await desk.linh.post(desk.orders, WARRANTY)
    desk.slack.faults.events("late", type="message", seconds=0.05)
    third = await desk.linh.post(desk.orders, "How do I pay by bank transfer?")
    await desk.settled()

    assert [len(desk.replies(each)) for each in (first, second, third)] == [1, 1, 1]
    assert len(await desk.tickets()) == 3


async def test_a_follow_up_waits_for_the_answer_before_it(desk: Workspace) -> None:
    """Within a thread the answers stand in the order of the questions, however long one takes."""
    asked, fault = await desk.held(desk.linh, DELIVERY)
    await desk.linh.reply(asked, WARRANTY)
    await desk.heard()
    other = await desk.linh.post(desk.orders, DELIVERY)
    await desk.until(lambda: desk.replies(other))
    assert desk.replies(asked) == []

    fault.released.set()
    await desk.settled()

    first, second = desk.replies(asked)
    assert "working days" in first
    assert "warranty" in second


async def test_a_follow_up_that_arrives_before_its_question_joins_the_same_ticket(
    desk: Workspace,
) -> None:
    """Delivered in the wrong order, question and follow-up are still one ticket of one customer."""
    desk.slack.faults.events("out_of_order", type="message")
    asked = await desk.linh.post(desk.orders, DELIVERY)
    await desk.linh.reply(asked, WARRANTY)
    await desk.settled()

    (ticket,) = await desk.tickets()
    assert ticket.thread_ts == asked.ts
    assert len(desk.replies(asked)) == 2


@pytest.mark.parametrize(
    ("mode", "outcome", "said", "cards"),
    [("auto", "answered", 1, 0), ("draft", "drafted", 1, 1), ("shadow", "shadowed", 0, 0)],
)
async def test_a_channels_mode_says_how_far_the_bot_goes(
    place: Workspace, mode: str, outcome: str, said: int, cards: int
) -> None:
    """In auto it answers, in draft it proposes to the agents, in shadow it only keeps books."""
    await place.start(listed(place.orders, mode))
    asked = await place.hears(place.linh, DELIVERY)

    decision = await place.decision(asked)
    assert decision is not None
    assert decision.outcome == outcome
    assert decision.triage is not None
    assert len(place.replies(asked)) == said
    assert len(place.cards()) == cards
    signed = [call for call in place.slack.calls if call.method == "reactions.add"]
    assert bool(signed) is (mode != "shadow")


async def test_a_draft_shows_the_agents_what_the_bot_would_say(place: Workspace) -> None:
    """The card carries the answer and its sources; the customer hears of a person only."""
    await place.start(listed(place.orders, "draft"))
    asked = await place.hears(place.linh, DELIVERY)

    card = place.slack.transcript(place.agents)
    assert "working days" in card
    assert "Delivery times and fees" in card
    assert "working days" not in "".join(place.replies(asked))


async def test_a_channel_that_is_off_is_silent_even_when_called(place: Workspace) -> None:
    """Off is off: no ticket, no word, no call to a model."""
    await place.start(listed(place.orders, "off"))
    asked = await place.hears(place.linh, f"<@{place.slack.bot_user_id}> {DELIVERY}")

    assert place.replies(asked) == []
    assert await place.tickets() == []
    assert place.asked() == 0


async def test_what_slack_escapes_is_stored_as_it_was_typed(desk: Workspace) -> None:
    """Entities, mentions and links are readable in the books; the cards escape them again."""
    asked = await desk.hears(
        desk.linh,
        f"I want a real person: is 3 < 5 & 7 > 6, {desk.mai.mention}? https://a.b/?x=1&y=2",
    )

    row = await desk.row(asked)
    assert row is not None
    assert row.text == "I want a real person: is 3 < 5 & 7 > 6, @mai? https://a.b/?x=1&y=2"
    assert "3 < 5 & 7 > 6" in desk.slack.transcript(desk.agents)


async def test_who_joined_and_what_slack_writes_of_it_is_no_message(desk: Workspace) -> None:
    """It is nobody's word; another bot's word in the same channel is counted as ignored."""
    await desk.slack.add_user("nam").join(desk.orders)
    await desk.settled()
    assert await ignored(desk) == {}

    await desk.slack.add_bot("weather").post(desk.orders, "Rain")
    await desk.settled()
    assert await ignored(desk) == {"bot": 1}
