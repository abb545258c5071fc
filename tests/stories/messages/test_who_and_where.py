"""Who asks, and where: the requester is who asked, a place is a channel and a moment."""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from emulator.slack import Person
from tests.support import blocks
from tests.support.questions import DELIVERY, PERSON, WARRANTY
from tests.support.workspace import Workspace


async def test_under_an_agents_notice_the_first_who_asks_is_the_requester(
    desk: Workspace,
) -> None:
    """Her notice is no ticket, and she is no customer of it."""
    notice = await desk.hears(desk.mai, "We are moving the warehouse this week.")
    await desk.linh.reply(notice, WARRANTY)
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(notice)] == [True]
    assert [each.requester_id for each in await desk.tickets()] == [desk.linh.id]


async def test_an_agent_alone_with_the_desk_asks_it(desk: Workspace) -> None:
    """Nobody else is there to be spoken with; in a channel it takes a mention."""
    asked = await desk.mai.dm(WARRANTY)
    await desk.settled()
    await desk.mai.reply(asked, DELIVERY)
    await desk.hears(desk.mai, WARRANTY)

    said = desk.replies(asked)
    assert ["24 months" in said[0], "working days" in said[1]] == [True, True]
    assert (await desk.balance()).ignored == {"agent outside a ticket": 1}
    assert [each.requester_id for each in await desk.tickets()] == [desk.mai.id]


async def test_under_a_machines_post_too(desk: Workspace) -> None:
    """What it said is no request."""
    alert = await desk.slack.add_bot("alerts").post(desk.orders, "Payments are degraded")
    await desk.settled()
    await desk.linh.reply(alert, PERSON)
    await desk.settled()

    assert len(desk.replies(alert)) == 1
    (ticket,) = await desk.tickets()
    assert (ticket.requester_id, ticket.handed_over_at is None) == (desk.linh.id, False)


async def test_under_words_of_our_own_too(desk: Workspace) -> None:
    """Who replies to a notice of the desk speaks with the desk."""
    client = AsyncWebClient(desk.slack.bot_token, base_url=desk.slack.api_url, proxy="")
    posted = await client.chat_postMessage(channel=desk.orders.id, text="I am new here.")
    notice = desk.orders.messages[posted["ts"]]
    await desk.linh.reply(notice, WARRANTY)
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(notice)] == [False, True]
    assert [each.requester_id for each in await desk.tickets()] == [desk.linh.id]


async def test_a_ticket_made_within_an_agents_thread_is_whose_words_they_are(
    place: Workspace,
) -> None:
    """By the shortcut, where nobody listens."""
    await place.start('[[channels]]\nid = "C0ELSEWHERE"\n')
    notes = await place.mai.post(place.orders, "release notes")
    asked = await place.linh.reply(notes, PERSON)
    await place.settled()
    await place.mai.shortcut("create_ticket", asked)
    await place.settled()

    (ticket,) = await place.tickets()
    assert ticket.requester_id == place.linh.id
    assert len(place.replies(notes)) == 1


async def test_who_asked_may_press_the_buttons_under_the_answer(desk: Workspace) -> None:
    """Tom in Linh's thread, under what he was answered; under hers he may not."""
    tom = desk.slack.add_user("tom", real_name="Tom Hardy")
    await tom.join(desk.orders)
    asked = await desk.hears(desk.linh, DELIVERY)
    await tom.reply(asked, WARRANTY)
    await desk.settled()
    hers, his = [each for each in desk.slack.thread(asked) if each.user == desk.slack.bot_user_id]
    await tom.click(hers, "I need a human")
    await desk.settled()
    (ticket,) = await desk.tickets()
    assert ticket.handed_over_at is None
    await tom.click(his, "I need a human")
    await desk.settled()

    (ticket,) = await desk.tickets()
    assert ticket.handed_over_at is not None
    assert ticket.requester_id == desk.linh.id


@pytest.fixture
async def stranger(place: Workspace) -> Person:
    """Somebody of another workspace, in a channel that is shared with ours; the bot is at work."""
    stranger = place.slack.add_user("sam", team="T0OTHERTEAM")
    place.orders.host = "T0OTHERTEAM"
    await stranger.join(place.orders)
    await place.start()
    return stranger


@pytest.mark.parametrize("said", [WARRANTY, "<@BOT> " + WARRANTY])
async def test_a_channel_shared_with_others_is_one_place(
    place: Workspace, stranger: Person, said: str
) -> None:
    """However many workspaces name it: one ticket, one answer, and an agent's word silences."""
    asked = await stranger.post(place.orders, said.replace("BOT", place.slack.bot_user_id))
    await place.settled()
    assert ["24 months" in each for each in place.replies(asked)] == [True]
    await place.mai.reply(asked, "I am on it")
    await stranger.reply(asked, DELIVERY)
    await place.settled()

    assert len(place.replies(asked)) == 1
    (ticket,) = await place.tickets()
    assert (ticket.team_id, ticket.requester_id) == (place.slack.team_id, stranger.id)


async def test_the_shortcut_finds_the_ticket_of_a_shared_channel(
    place: Workspace, stranger: Person
) -> None:
    """It makes no second one."""
    asked = await stranger.post(place.orders, PERSON)
    await place.settled()
    await place.mai.shortcut("create_ticket", asked)
    await place.settled()

    assert len(await place.tickets()) == 1
    assert [each.text for each in place.slack.ephemerals] == ["This is T-1001 already."]


async def test_the_card_of_a_stranger_says_so(place: Workspace, stranger: Person) -> None:
    """Of one of our own it says nothing."""
    await stranger.post(place.orders, PERSON)
    await place.settled()
    await place.hears(place.linh, PERSON)

    strangers, ours = [blocks.shown(card.blocks) for card in place.cards()]
    assert f"{stranger.mention} (from another workspace) in" in strangers
    assert f"{place.linh.mention} in" in ours


async def test_an_event_without_a_user_is_counted_and_nothing_else(desk: Workspace) -> None:
    """Slack has such messages."""
    ts = desk.slack.workspace.clock.ts()
    desk.slack.send_event(
        {
            "type": "message",
            "text": f"<@{desk.slack.bot_user_id}> {DELIVERY}",
            "ts": ts,
            "event_ts": ts,
            "channel": desk.orders.id,
            "channel_type": "channel",
        }
    )
    await desk.settled()

    assert await desk.tickets() == []
    assert (await desk.balance()).ignored == {"nobody": 1}


async def test_in_a_group_conversation_the_desk_answers_when_it_is_called(
    desk: Workspace,
) -> None:
    """And then follows its thread; what friends say to each other there is theirs."""
    tom = desk.slack.add_user("tom", real_name="Tom Hardy")
    group = desk.slack.add_group_dm([desk.linh, tom])
    talk = await tom.post(group, DELIVERY)
    asked = await desk.linh.post(group, f"<@{desk.slack.bot_user_id}> {WARRANTY}")
    await desk.settled()
    await desk.linh.reply(asked, DELIVERY)
    await desk.settled()

    assert desk.replies(talk) == []
    assert ["working days" in each for each in desk.replies(asked)] == [False, True]
    (ticket,) = await desk.tickets()
    assert ticket.private


async def test_a_channel_that_turns_private_hides_its_tickets_at_once(desk: Workspace) -> None:
    """From whoever is not in it; the thread goes on."""
    asked = await desk.hears(desk.linh, f"order 99881 is late, {PERSON}")
    await desk.slack.make_private(desk.orders, desk.mai)
    await desk.settled()
    (ticket,) = await desk.tickets()
    assert ticket.private
    await desk.linh.reply(asked, WARRANTY)
    await desk.settled()

    assert len(desk.replies(asked)) == 2


async def test_a_customer_who_becomes_an_agent_keeps_her_ticket(desk: Workspace) -> None:
    """Her own word in it is a customer's: it is answered, and takes nothing over."""
    asked = await desk.hears(desk.linh, PERSON)
    await desk.linh.join(desk.agents)
    await desk.settled()
    await desk.linh.reply(asked, f"still waiting: {DELIVERY}")
    await desk.settled()

    assert ["working days" in each for each in desk.replies(asked)] == [False, True]
    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert ticket.human_since is None
