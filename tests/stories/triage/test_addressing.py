"""None of our business: what people say to each other gets no sign, no ticket and no answer."""

import pytest

from emulator.slack import Message, Person
from tests.support.questions import DELIVERY, PERSON, WARRANTY
from tests.support.workspace import Workspace


@pytest.fixture
async def tom(desk: Workspace) -> Person:
    """A colleague of Linh's in #orders, who is no agent."""
    tom = desk.slack.add_user("tom", real_name="Tom Hardy")
    await tom.join(desk.orders)
    return tom


def left_alone(desk: Workspace, message: Message) -> bool:
    """Nothing shows that the bot was there."""
    return desk.replies(message) == [] and message.reactions == {}


async def test_who_calls_somebody_else_is_left_alone_and_counted(
    desk: Workspace, tom: Person
) -> None:
    """No 👀, no ticket, no model call; the books say why."""
    said = await desk.hears(desk.linh, f"Hi {tom.mention}, how long does delivery take for you?")
    answer = await tom.reply(said, "Three days, since Monday")
    await desk.settled()

    assert left_alone(desk, said)
    assert await desk.tickets() == []
    assert desk.asked() == 0
    balance = await desk.balance()
    assert balance.ignored == {
        "addressed to somebody else": 1,
        "part of a talk between people": 1,
    }
    assert balance.received == 2
    assert left_alone(desk, answer)


async def test_a_name_in_the_question_does_not_lose_it(desk: Workspace, tom: Person) -> None:
    """The twin: Tom is told of, and the desk is asked."""
    asked = await desk.hears(desk.linh, f"{tom.mention} said I can ask here. {DELIVERY}")

    assert len(desk.replies(asked)) == 1


async def test_a_talk_in_a_tickets_thread_stays_with_the_ticket(
    desk: Workspace, tom: Person
) -> None:
    """It is kept and explained there, and the customer's next word is heard as ever."""
    asked = await desk.hears(desk.linh, DELIVERY)
    aside = await desk.linh.reply(asked, f"{tom.mention} look, three days")
    await desk.settled()
    thanks = await tom.reply(asked, "thanks!")
    await desk.settled()
    more = await desk.linh.reply(asked, f"<@{desk.slack.bot_user_id}> {WARRANTY}")
    await desk.settled()

    assert len(desk.replies(asked)) == 2
    assert [each.reactions for each in (aside, thanks, more)] == [{}, {}, {}]
    rows = [await desk.row(each) for each in (aside, thanks, more)]
    assert [row and row.outcome for row in rows] == ["left_alone", "left_alone", "answered"]
    decision = await desk.decision(aside)
    assert decision is not None
    assert decision.reason == "addressed to somebody else"
    ticket = await desk.ticket(asked)
    assert ticket is not None
    assert ticket.status == "pending"
    balance = await desk.balance()
    assert (balance.received, balance.ticketed, balance.ignored) == (4, 4, {})


async def test_thanks_for_a_colleague_who_was_faster_get_no_reply(
    desk: Workspace, tom: Person
) -> None:
    """The desk is still writing when they come; what it was asked is answered all the same."""
    asked, fault = await desk.held(desk.linh, WARRANTY)
    await tom.reply(asked, "me too, same here")
    thanks = await desk.linh.reply(asked, "thanks Tom!")
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(asked)] == [True]
    row = await desk.row(thanks)
    assert row is not None
    assert row.outcome == "left_alone"


@pytest.mark.parametrize("said", ["👍", "ok anh", "thanks!", ":+1:"])
async def test_thanks_and_okays_outside_any_thread_answer_somebody_there(
    desk: Workspace, said: str
) -> None:
    """No model is asked about them."""
    message = await desk.hears(desk.linh, said)

    assert left_alone(desk, message)
    assert await desk.tickets() == []
    assert desk.asked() == 0


@pytest.mark.parametrize("said", ["👍", "thanks!"])
async def test_in_private_they_are_for_the_desk_and_call_nobody(desk: Workspace, said: str) -> None:
    """The twin: whoever talks with the desk alone gets a word back, and no person comes for it."""
    direct = await desk.linh.dm(said)
    await desk.settled()

    assert len(desk.replies(direct)) == 1
    assert "person" not in desk.replies(direct)[0]
    assert desk.cards() == []


async def test_the_group_of_the_agents_stands_for_the_desk(place: Workspace) -> None:
    """Whoever calls all agents asks the desk; whoever calls another group does not."""
    group = place.slack.add_group("support", [place.mai])
    place.slack.add_group("designers", [place.linh])
    await place.start(f'agents = ["{group}"]\n')
    ours = await place.hears(place.linh, f"@support {DELIVERY}")
    theirs = await place.hears(place.linh, f"@designers {DELIVERY}")

    assert len(place.replies(ours)) == 1
    assert left_alone(place, theirs)


async def test_what_only_triage_can_tell_leaves_no_ticket_behind(
    desk: Workspace, tom: Person
) -> None:
    """👀 goes, the ticket was none, what triage cost stays in the books, and so does a reply."""
    fault = desk.claude.faults.add("hold")
    said = await desk.linh.post(desk.orders, "Lunch at twelve, anyone?")
    await desk.until(lambda: "eyes" in said.reactions)
    answer = await tom.reply(said, "Count me in")
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert left_alone(desk, said)
    assert left_alone(desk, answer)
    assert await desk.tickets() == []
    assert (await desk.balance()).ignored == {"part of a talk between people": 2}
    (call,) = await desk.calls()
    assert (call.purpose, call.ticket_id, call.message_key) == ("triage", None, desk.key(said))


async def test_an_aside_in_a_ticket_is_kept_there_and_costs_no_answer(
    desk: Workspace, tom: Person
) -> None:
    """A colleague's remark that triage knows for one; the ticket is as it was."""
    asked = await desk.hears(desk.linh, DELIVERY)
    aside = await tom.reply(asked, "me too, same here")
    await desk.settled()

    assert len(desk.replies(asked)) == 1
    assert aside.reactions == {}
    decision, ticket = await desk.decision(aside), await desk.ticket(asked)
    assert decision is not None
    assert (decision.outcome, decision.reason) == ("left_alone", "part of a talk between people")
    assert ticket is not None
    assert (ticket.status, ticket.requester_id) == ("pending", desk.linh.id)


async def test_a_colleagues_own_question_in_the_thread_is_answered(
    desk: Workspace, tom: Person
) -> None:
    """The twin: whoever asks is answered, also in somebody else's thread."""
    asked = await desk.hears(desk.linh, DELIVERY)
    await tom.reply(asked, WARRANTY)
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(asked)] == [False, True]


async def test_a_colleague_asks_back_and_the_customer_answers_him(
    desk: Workspace, tom: Person
) -> None:
    """The bot does not answer what the two say to each other, and hears what is for it again."""
    asked = await desk.hears(desk.linh, "My rice cooker is broken")
    talk = []
    for who, words in ((tom, "which model is it?"), (desk.linh, "the 1.8 litre one")):
        talk.append(await who.reply(asked, words))
        await desk.settled()
    assert len(desk.replies(asked)) == 1
    await desk.linh.reply(asked, f"thanks Tom! and {WARRANTY}")
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(asked)] == [False, True]
    rows = [await desk.row(each) for each in talk]
    assert [row and row.outcome for row in rows] == ["left_alone", "left_alone"]
    assert [each.reactions for each in talk] == [{}, {}]


async def test_what_is_said_to_a_colleague_reaches_the_agents_whose_turn_it_is(
    desk: Workspace, tom: Person
) -> None:
    """Nobody answers it, and whoever takes the ticket reads it under the card."""
    asked = await desk.hears(desk.linh, PERSON)
    (said,) = desk.replies(asked)
    await tom.reply(asked, "which model is it?")
    await desk.settled()
    answer = await desk.linh.reply(asked, "the big one from the shop in Hue")
    await desk.settled()

    assert desk.replies(asked) == [said]
    row = await desk.row(answer)
    assert row is not None
    assert row.outcome == "left_alone"
    (card,) = desk.cards()
    assert sum("the big one from the shop" in each.text for each in desk.slack.thread(card)) == 1


async def test_what_may_be_for_either_is_answered_if_the_articles_know_it(
    desk: Workspace,
) -> None:
    """Else the bot is silent: it asks nothing back and calls nobody."""
    known = await desk.hears(desk.linh, "Tom, how long is the warranty on a rice cooker?")
    unknown = await desk.hears(desk.linh, "Tom, which address has snowboots in stock?")

    assert ["24 months" in each for each in desk.replies(known)] == [True]
    assert left_alone(desk, unknown)
    assert await desk.ticket(unknown) is None
    assert set((await desk.balance()).ignored) == {
        "unclear whom it is for, and nothing the articles know"
    }


async def test_in_private_and_by_name_it_is_for_the_desk_whatever_triage_says(
    desk: Workspace,
) -> None:
    """Nobody else is there to be meant."""
    direct = await desk.linh.dm("Lunch at twelve, anyone?")
    await desk.settled()
    called = await desk.hears(desk.linh, f"<@{desk.slack.bot_user_id}> lunch at twelve, anyone?")

    assert len(desk.replies(direct)) == len(desk.replies(called)) == 1


UNKNOWN = "Tom, which address has snowboots in stock?"


async def test_where_the_channel_wants_it_the_author_alone_is_asked(place: Workspace) -> None:
    """«Shall I help?» stands for Linh's eyes; her yes makes a ticket of the message."""
    await place.start(f'[[channels]]\nid = "{place.orders.id}"\nnudge = true\n')
    said = await place.hears(place.linh, UNKNOWN)
    await place.until(lambda: offers(place))
    (offer,) = offers(place)
    assert offer.only_for == place.linh.id
    assert await place.tickets() == []
    await place.linh.click(offer, "offer_help")
    await place.settled()

    (ticket,) = await place.tickets()
    assert (ticket.thread_ts, ticket.requester_id) == (said.ts, place.linh.id)
    assert len(place.replies(said)) == 1
    assert offers(place) == []


async def test_elsewhere_nobody_is_asked(desk: Workspace) -> None:
    """Without `nudge` the bot is silent."""
    await desk.hears(desk.linh, UNKNOWN)

    assert offers(desk) == []


def offers(place: Workspace) -> list[Message]:
    """What one person alone sees, and may still press."""
    return [each for each in place.slack.ephemerals if not each.deleted]
