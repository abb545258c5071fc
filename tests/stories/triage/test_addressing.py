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
    known = await desk.hears(
        desk.linh, "Tom, do you know how long the warranty on a rice cooker is?"
    )
    unknown = await desk.hears(desk.linh, UNKNOWN)

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


UNKNOWN = "Tom, which shelf has snowboots in stock?"


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


async def test_a_question_to_the_desk_in_a_talk_that_was_left_alone_is_heard(
    desk: Workspace, tom: Person
) -> None:
    """Nobody need call it by name; the talk above it is known, and no sign shows before."""
    talk = await desk.hears(desk.linh, f"{tom.mention} are you at your desk?")
    await tom.reply(talk, "in five minutes")
    await tom.reply(talk, f"by the way, {DELIVERY}")
    await desk.settled()

    assert ["working days" in each for each in desk.replies(talk)] == [True]
    ticket = await desk.ticket(talk)
    assert ticket is not None
    assert ticket.requester_id == tom.id


async def test_what_is_asked_within_the_talk_stays_there(desk: Workspace, tom: Person) -> None:
    """The twin: it costs a look of triage, and leaves neither sign nor ticket."""
    talk = await desk.hears(desk.linh, f"{tom.mention} lunch at twelve?")
    more = await tom.reply(talk, "which place, the noodle bar?")
    await desk.settled()

    assert left_alone(desk, talk)
    assert more.reactions == {}
    assert await desk.tickets() == []
    assert (await desk.balance()).ignored == {
        "addressed to somebody else": 1,
        "part of a talk between people": 1,
    }


async def test_a_colleagues_file_in_a_ticket_is_no_word_of_the_customers(
    desk: Workspace, tom: Person
) -> None:
    """The agents see its name under the card; the customer is told nothing."""
    asked = await desk.hears(desk.linh, PERSON)
    (said,) = desk.replies(asked)
    await tom.reply(asked, "", files=[("drawing.dwg", b"AC1027")])
    await desk.settled()

    assert desk.replies(asked) == [said]
    (card,) = desk.cards()
    assert sum("drawing.dwg" in each.text for each in desk.slack.thread(card)) == 1


async def test_the_customers_own_file_is(desk: Workspace) -> None:
    """The twin."""
    asked = await desk.hears(desk.linh, PERSON)
    await desk.linh.reply(asked, "", files=[("drawing.dwg", b"AC1027")])
    await desk.settled()

    assert "added this" in desk.replies(asked)[1]


@pytest.mark.parametrize("to", ["@tom how long does delivery take?", "@tom lunch?", "ok thanks!"])
async def test_a_question_edited_into_talk_before_its_answer_gets_none(
    desk: Workspace, tom: Person, to: str
) -> None:
    """What it says now is for somebody else: sign, ticket and answer go."""
    asked, fault = await desk.held(desk.linh, WARRANTY)
    await desk.linh.edit(asked, to.replace("@tom", tom.mention))
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert left_alone(desk, asked)
    assert await desk.tickets() == []
    assert sum((await desk.balance()).ignored.values()) == 1


async def test_an_edit_into_talk_takes_back_what_was_begun(place: Workspace) -> None:
    """Words that stand there half written go as well."""
    place.streams = ("track_shipping",)
    tom = place.slack.add_user("tom", real_name="Tom Hardy")
    await tom.join(place.orders)
    await place.start()
    text = (
        "Delivery takes 1 to 2 working days within Ho Chi Minh City and Hanoi. "
        "It takes 3 to 5 working days everywhere else in Vietnam. "
        "Orders placed before 14:00 leave our warehouse the same day. "
        "Express delivery within 4 hours is offered in Ho Chi Minh City and Hanoi."
    )
    fault = place.claude.faults.add("stream_hold", text=text, cited=True, after=1)
    asked = await place.linh.post(place.orders, DELIVERY)
    await place.until(lambda: place.replies(asked))
    await place.linh.edit(asked, f"{tom.mention} {DELIVERY}")
    await place.heard()
    fault.released.set()
    await place.settled()

    assert place.replies(asked) == []
    assert await place.tickets() == []


async def test_an_answered_question_edited_into_talk_is_not_answered_again(
    desk: Workspace, tom: Person
) -> None:
    """What was said stands, and that is all."""
    asked = await desk.hears(desk.linh, DELIVERY)
    before = desk.replies(asked)
    await desk.linh.edit(asked, f"{tom.mention} {WARRANTY}")
    await desk.settled()

    assert desk.replies(asked) == before


async def test_talk_edited_into_a_question_is_one(desk: Workspace, tom: Person) -> None:
    """Where it had opened nothing, and in a ticket's thread."""
    talk = await desk.hears(desk.linh, f"{tom.mention} {WARRANTY}")
    await desk.linh.edit(talk, WARRANTY)
    await desk.settled()
    assert ["24 months" in each for each in desk.replies(talk)] == [True]

    aside = await desk.linh.reply(talk, f"{tom.mention} see?")
    await desk.settled()
    await desk.linh.edit(aside, DELIVERY)
    await desk.settled()
    assert ["working days" in each for each in desk.replies(talk)] == [False, True]


async def test_an_aside_that_is_edited_is_judged_anew(desk: Workspace, tom: Person) -> None:
    """The twin: other words to the same colleague are still for him."""
    asked = await desk.hears(desk.linh, DELIVERY)
    before = desk.replies(asked)
    aside = await desk.linh.reply(asked, f"{tom.mention} look, three days")
    await desk.settled()
    await desk.linh.edit(aside, f"{tom.mention} look, five days, and how long for you?")
    await desk.settled()

    assert desk.replies(asked) == before
    row = await desk.row(aside)
    assert row is not None
    assert row.outcome == "left_alone"


@pytest.mark.parametrize("to_talk", [True, False])
async def test_an_edit_that_overtakes_its_message_says_for_whom_it_is(
    desk: Workspace, tom: Person, to_talk: bool
) -> None:
    """Slack promises no order; what the message said first counts no more."""
    said = [WARRANTY, f"{tom.mention} {WARRANTY}"]
    first, then = said if to_talk else reversed(said)
    desk.slack.faults.events("out_of_order", times=1, type="message")
    message = await desk.linh.post(desk.orders, first)
    await desk.linh.edit(message, then)
    await desk.settled()

    assert len(desk.replies(message)) == (0 if to_talk else 1)
    assert len(await desk.tickets()) == (0 if to_talk else 1)
    assert (await desk.balance()).received == 1


@pytest.mark.parametrize("words", ["🙏", "thanks", "same here"])
async def test_a_courtesy_with_a_file_is_no_mere_courtesy(desk: Workspace, words: str) -> None:
    """What is sent along is what they want; without it they answer somebody there."""
    alone = await desk.hears(desk.linh, words)
    sent = await desk.hears(desk.linh, words, files=[("notes.txt", DELIVERY.encode())])

    assert left_alone(desk, alone)
    assert len(desk.replies(sent)) == 1
