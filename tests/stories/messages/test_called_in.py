"""The desk is called into a thread: it reads what stands there before it asks anything."""

import pytest

from emulator.slack import Channel, Message, Person
from tests.support.questions import DELIVERY, DELIVERY_VI, WARRANTY
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


@pytest.fixture
async def asked(place: Workspace, tom: Person) -> Message:
    """What Linh asks Tom in #orders, where the bot is at work and leaves it alone."""
    await tom.join(place.orders)
    await place.start()
    return await place.hears(place.linh, f"{tom.mention} my parcel is late")


def desk_mention(place: Workspace) -> str:
    return f"<@{place.slack.bot_user_id}>"


@pytest.mark.parametrize(
    "call",
    ["{desk}", "{desk} can you answer this?", "cc {desk}", "{desk} giúp với ạ",
     "{desk} nhờ bạn trả lời câu này"],
)  # fmt: skip
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


async def test_a_plain_word_waits_for_the_question_that_is_judged_amid_talk(
    place: Workspace, tom: Person, asked: Message
) -> None:
    """Whether the thread is a ticket decides about it; a talk that goes on is none."""
    fault = place.claude.faults.add("hold")
    await tom.reply(asked, "which order?")
    await fault.struck.wait()
    detail = await place.linh.reply(asked, "the one of Monday")
    aside = await place.linh.reply(asked, f"{tom.mention} ask the courier")
    await place.heard()
    fault.released.set()
    await place.settled()

    assert await place.tickets() == []
    assert place.replies(asked) == []
    assert [each.reactions for each in (asked, detail, aside)] == [{}, {}, {}]
    balance = await place.balance()
    assert balance.ignored == {
        "addressed to somebody else": 2,
        "part of a talk between people": 2,
    }
    assert balance.received == 4


async def test_a_plain_word_after_a_question_to_the_desk_amid_talk_is_heard(
    place: Workspace, tom: Person, asked: Message
) -> None:
    """The twin: the thread has become a ticket by its turn, and an aside in it stays there."""
    fault = place.claude.faults.add("hold")
    question = await place.linh.reply(asked, DELIVERY)
    await fault.struck.wait()
    detail = await place.linh.reply(asked, "it is order 8812")
    aside = await place.linh.reply(asked, f"{tom.mention} thanks anyway")
    await place.heard()
    fault.released.set()
    await place.settled()

    assert "working days" in place.replies(asked)[0]
    rows = [await place.row(each) for each in (question, detail, aside)]
    assert [row is not None for row in rows] == [True, True, True]
    assert [row and row.outcome for row in rows][::2] == ["answered", "left_alone"]


async def test_an_agents_ticket_reaction_makes_a_ticket_of_a_talk(
    place: Workspace, tom: Person, asked: Message
) -> None:
    """🎫 on the first message: it is handled like one that comes in, with what followed it."""
    await tom.reply(asked, "which order?")
    detail = await place.linh.reply(asked, "the one of Monday")
    await place.settled()
    assert await place.tickets() == []
    await place.mai.react(asked, "ticket")
    await place.settled()

    assert len(place.replies(asked)) == 1
    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.requester_id == place.linh.id
    row = await place.row(detail)
    assert row is not None
    assert row.outcome == "history"


async def test_what_was_answered_amid_a_talk_is_not_answered_again_by_a_ticket_reaction(
    place: Workspace, tom: Person, asked: Message
) -> None:
    """The question in the talk was heard, and made the thread a ticket; 🎫 makes no second one."""
    await tom.reply(asked, "which order?")
    await place.linh.reply(asked, f"I mean: {DELIVERY}")
    await place.settled()
    await place.mai.react(asked, "ticket")
    await place.settled()

    assert ["working days" in each for each in place.replies(asked)] == [True]
    (ticket,) = await place.tickets()
    assert ticket.requester_id == place.linh.id


async def test_only_agents_make_tickets_of_others_words(place: Workspace, tom: Person) -> None:
    """A colleague's 🎫 is a reaction like any other; one's own word may be pulled in by oneself."""
    await tom.join(place.orders)
    await place.start('ticket_emoji = "sos"\n')
    asked = await place.hears(place.linh, f"{tom.mention} {WARRANTY}")
    await tom.react(asked, "sos")
    await place.linh.react(asked, "ticket")
    await place.settled()
    assert await place.tickets() == []
    await place.linh.react(asked, "sos::skin-tone-4")
    await place.settled()

    assert ["24 months" in each for each in place.replies(asked)] == [True]
    balance = await place.balance()
    assert (balance.received, balance.ticketed) == (1, 1)


async def test_an_aside_in_a_ticket_can_be_pulled_in_later(desk: Workspace) -> None:
    """It was left alone, and its story is told after all; the books say so."""
    tom = desk.slack.add_user("tom")
    await tom.join(desk.orders)
    asked = await desk.hears(desk.linh, DELIVERY)
    aside = await desk.linh.reply(asked, f"{tom.mention} {WARRANTY}")
    await desk.settled()
    assert len(desk.replies(asked)) == 1
    await desk.mai.react(aside, "ticket")
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(asked)] == [False, True]
    decision = await desk.decision(aside)
    assert decision is not None
    assert decision.outcome == "answered"
    assert (await desk.balance()).ticketed == 2


async def test_what_triage_left_alone_can_be_pulled_in_too(desk: Workspace) -> None:
    """Its first story ended; the second one is paid for and recorded as well."""
    said = await desk.hears(desk.linh, "Lunch anyone? Coffee and cake are in the kitchen")
    assert await desk.tickets() == []
    await desk.mai.react(said, "ticket")
    await desk.settled()

    assert len(desk.replies(said)) == 1
    assert len(await desk.tickets()) == 1
    assert len({call.key for call in await desk.calls()}) >= 2


def link_to(message: Message) -> str:
    """What «Copy link» gives."""
    return f"https://emulated.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"


async def test_a_link_to_a_message_is_followed(place: Workspace, random: Channel) -> None:
    """It is read like a forwarded one, where the whole workspace may read it."""
    asked = await place.linh.post(random, WARRANTY)
    pointed = await place.hears(place.linh, f"Could you check this? {link_to(asked)}")

    assert ["24 months" in each for each in place.replies(pointed)] == [True]
    row = await place.row(pointed)
    assert row is not None
    assert WARRANTY in row.text


@pytest.mark.parametrize("trouble", [False, True], ids=["private", "unknown"])
async def test_what_stands_in_a_private_channel_goes_nowhere(
    place: Workspace, random: Channel, *, trouble: bool
) -> None:
    """The twin: the bot could read it, others may not; what Slack does not tell is private."""
    hidden = random
    if trouble:
        place.slack.faults.add("conversations.info", "error", times=None)
    else:
        hidden = place.slack.add_channel("board", members=[place.linh, place.mai], private=True)
    said = await place.linh.post(hidden, "The merger is called Bluebird, 24 months from now.")
    pointed = await place.hears(place.linh, f"How long is the warranty? See {link_to(said)}")

    row = await place.row(pointed)
    assert row is not None
    assert "Bluebird" not in row.text
    assert "Bluebird" not in str([call.body for call in place.claude.calls])
    assert len(place.replies(pointed)) == 1


@pytest.mark.parametrize(
    ("question", "again"), [(DELIVERY, "What is still missing?"), (DELIVERY_VI, "cần gì thêm")]
)
async def test_a_bare_call_below_an_answer_asks_what_is_missing(
    place: Workspace, question: str, again: str
) -> None:
    """In the language of the ticket; nobody is greeted who was answered a moment ago."""
    await place.start()
    asked = await place.hears(place.linh, question)
    await place.linh.reply(asked, desk_mention(place))
    await place.settled()

    first, second = place.replies(asked)
    assert again in second
    assert first not in second


async def test_a_bare_call_that_begins_a_thread_is_greeted(place: Workspace) -> None:
    """The twin: nothing stands above it."""
    await place.start()
    called = await place.hears(place.linh, desk_mention(place))

    (greeting,) = place.replies(called)
    assert "What can I help you with?" in greeting or "Mình giúp gì được" in greeting
