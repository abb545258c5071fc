"""The desk is called into a thread: it reads what stands there before it asks anything."""

import pytest

from emulator.slack import Channel, Person
from tests.support.questions import DELIVERY, WARRANTY
from tests.support.workspace import Workspace


@pytest.fixture
async def tom(place: Workspace) -> Person:
    """A colleague of Linh's."""
    return place.slack.add_user("tom", real_name="Tom Hardy")


@pytest.fixture
async def random(place: Workspace, tom: Person) -> Channel:
    """A channel that the desk is in and does not watch; the bot is at work."""
    random = place.slack.add_channel("random", members=[place.linh, place.mai, tom])
    await place.start(f'[[channels]]\nid = "{place.orders.id}"\n')
    return random


def desk_mention(place: Workspace) -> str:
    return f"<@{place.slack.bot_user_id}>"


@pytest.mark.parametrize("call", ["{desk}", "{desk} can you answer this?", "{desk} giúp với ạ"])
async def test_a_bare_call_answers_what_was_asked_above(
    place: Workspace, random: Channel, tom: Person, call: str
) -> None:
    """The ticket is whose question it is, with the thread as its history."""
    asked = await place.linh.post(random, WARRANTY)
    guess = await tom.reply(asked, "no idea, let us see what the desk says")
    called = await tom.reply(asked, call.format(desk=desk_mention(place)))
    await place.settled()

    (answer,) = place.replies(asked)
    assert "24 months" in answer
    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.requester_id == place.linh.id
    rows = [await place.row(each) for each in (asked, guess, called)]
    assert [(row.author_id, row.outcome) for row in rows if row] == [
        (place.linh.id, "history"),
        (tom.id, "history"),
        (tom.id, "answered"),
    ]
    assert (await place.balance()).received == 1


async def test_a_call_with_a_question_of_its_own_is_the_callers(
    place: Workspace, random: Channel, tom: Person
) -> None:
    """What stands above is what was said before, not what is asked."""
    asked = await place.linh.post(random, "Tom, have you seen the new fan?")
    await tom.reply(asked, f"{desk_mention(place)} {DELIVERY}")
    await place.settled()

    (answer,) = place.replies(asked)
    assert "working days" in answer
    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.requester_id == tom.id


async def test_an_agent_may_call_the_desk_for_a_customer(place: Workspace, random: Channel) -> None:
    """Her call is no word of a person that silences the bot, as long as there is no ticket."""
    asked = await place.linh.post(random, WARRANTY)
    await place.mai.reply(asked, f"{desk_mention(place)} please")
    await place.settled()

    assert ["24 months" in each for each in place.replies(asked)] == [True]
    ticket = await place.ticket(asked)
    assert ticket is not None
    assert (ticket.requester_id, ticket.human_since) == (place.linh.id, None)


async def test_a_talk_that_was_left_alone_can_be_pulled_in_by_name(
    place: Workspace, tom: Person
) -> None:
    """What was counted as ignored stays counted once; who talks on is part of the ticket."""
    await tom.join(place.orders)
    await place.start()
    asked = await place.hears(place.linh, f"{tom.mention} {WARRANTY}")
    await tom.reply(asked, "not sure")
    await place.settled()
    assert place.replies(asked) == []
    await tom.reply(asked, desk_mention(place))
    await place.settled()

    assert ["24 months" in each for each in place.replies(asked)] == [True]
    balance = await place.balance()
    assert (balance.received, balance.ticketed) == (3, 1)
    more = await place.linh.reply(asked, DELIVERY)
    await place.settled()
    assert len(place.replies(asked)) == 2
    assert (await place.row(more)) is not None


async def test_the_name_alone_asks_what_is_wanted(desk: Workspace) -> None:
    """Nothing stands above: a person is not called for it, and the answer is heard."""
    called = await desk.hears(desk.linh, desk_mention(desk))
    (said,) = desk.replies(called)
    assert "help you with" in said
    await desk.linh.reply(called, WARRANTY)
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(called)] == [False, True]
    assert desk.cards() == []
    ticket = await desk.ticket(called)
    assert ticket is not None
    assert ticket.status == "pending"


async def test_a_thread_that_cannot_be_read_loses_no_call(
    place: Workspace, random: Channel, tom: Person
) -> None:
    """The twin: Slack does not tell, so the desk asks; nothing is lost."""
    place.slack.faults.add("conversations.replies", "error", times=50)
    asked = await place.linh.post(random, WARRANTY)
    await tom.reply(asked, desk_mention(place))
    await place.settled()

    (said,) = place.replies(asked)
    assert "help you with" in said


async def test_a_long_thread_is_read_within_limits(
    place: Workspace, random: Channel, tom: Person
) -> None:
    """Its first message and its latest; the question at its beginning is still the one."""
    asked = await place.linh.post(random, WARRANTY)
    for number in range(260):
        await tom.reply(asked, f"remark {number}")
    await tom.reply(asked, desk_mention(place))
    await place.settled()

    assert ["24 months" in each for each in place.replies(asked)] == [True]
    assert len([call for call in place.slack.calls if call.method == "conversations.replies"]) == 2
