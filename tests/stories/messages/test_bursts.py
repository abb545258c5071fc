"""Several messages in a row by one author: one ticket, one answer, and nothing lost."""

import pytest

from emulator.drawing import screenshot
from emulator.slack import Message
from tests.support import blocks
from tests.support.questions import COMPLAINT, DELIVERY, NOWHERE, WARRANTY
from tests.support.workspace import Workspace

TOGETHER = "[bursts]\nseconds = 60\n"


@pytest.fixture
async def desk(place: Workspace) -> Workspace:
    """A desk that takes messages in a row for one request."""
    await place.start(TOGETHER)
    return place


async def outcomes(desk: Workspace, *messages: Message) -> list[str | None]:
    rows = [await desk.row(each) for each in messages]
    return [row.outcome if row else "lost" for row in rows]


async def test_what_comes_before_the_answer_joins_it(desk: Workspace) -> None:
    """A greeting, the question, a detail: one ticket, one answer in the first one's thread."""
    hi, fault = await desk.held(desk.linh, "I have a question")
    question = await desk.linh.post(desk.orders, WARRANTY)
    detail = await desk.linh.post(desk.orders, "It is for my mother.")
    await desk.heard()
    await desk.until(lambda: all("eyes" in each.reactions for each in (hi, question, detail)))
    fault.released.set()
    await desk.settled()

    (answer,) = desk.replies(hi)
    assert "24 months" in answer
    assert desk.replies(question) == desk.replies(detail) == []
    (ticket,) = await desk.tickets()
    assert (ticket.thread_ts, ticket.status) == (hi.ts, "pending")
    assert await outcomes(desk, hi, question, detail) == ["answered", "joined", "joined"]
    assert [each.reactions for each in (hi, question, detail)] == [{}, {}, {}]
    balance = await desk.balance()
    assert (balance.received, balance.ticketed, balance.failed) == (3, 3, 0)


async def test_the_first_is_not_kept_waiting_and_the_next_is_a_follow_up(desk: Workspace) -> None:
    """Within the time after the answer; it is answered in the first one's thread."""
    first = await desk.hears(desk.linh, WARRANTY)
    more = await desk.hears(desk.linh, "Does the warranty on it cover a broken lid?")

    warranty, lid = desk.replies(first)
    assert "24 months" in warranty
    assert lid
    assert desk.replies(more) == []
    assert len(await desk.tickets()) == 1
    assert await outcomes(desk, first, more) == ["answered", "answered"]


async def test_another_person_and_another_place_are_another_matter(desk: Workspace) -> None:
    """Who and where count, not only when."""
    tom = desk.slack.add_user("tom")
    await tom.join(desk.orders)
    first = await desk.hears(desk.linh, DELIVERY)
    other = await desk.hears(tom, WARRANTY)
    direct = await desk.linh.dm(WARRANTY)
    await desk.settled()

    assert [len(desk.replies(each)) for each in (first, other, direct)] == [1, 1, 1]
    assert len(await desk.tickets()) == 3


async def test_a_part_that_is_edited_or_deleted_in_time_is_heeded(desk: Workspace) -> None:
    """Each as it reads when the answer goes out."""
    first, fault = await desk.held(desk.linh, "I have a question")
    wrong = await desk.linh.post(desk.orders, DELIVERY)
    gone = await desk.linh.post(desk.orders, COMPLAINT)
    await desk.linh.edit(wrong, WARRANTY)
    await desk.linh.delete(gone)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    (answer,) = desk.replies(first)
    assert "24 months" in answer
    assert await outcomes(desk, first, wrong, gone) == ["answered", "joined", "cancelled"]
    (ticket,) = await desk.tickets()
    assert ticket.status == "pending"


async def test_when_the_first_is_deleted_the_others_are_answered_below_the_next(
    desk: Workspace,
) -> None:
    """Nothing is posted into a thread that is gone, and nothing is forgotten."""
    first, fault = await desk.held(desk.linh, DELIVERY)
    second = await desk.linh.post(desk.orders, WARRANTY)
    await desk.linh.delete(first)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert desk.replies(first) == []
    assert ["24 months" in each for each in desk.replies(second)] == [True]
    assert await outcomes(desk, first, second) == ["cancelled", "answered"]
    reply = await desk.linh.reply(second, DELIVERY)
    await desk.settled()
    assert len(await desk.tickets()) == 1
    assert len(desk.replies(second)) == 2
    assert await outcomes(desk, reply) == ["answered"]


async def test_a_screenshot_that_follows_the_question_is_looked_at(desk: Workspace) -> None:
    """Files of every part count."""
    first, fault = await desk.held(desk.linh, "I have a question about this")
    shot = await desk.linh.post(desk.orders, "", files=[("shot.png", screenshot(WARRANTY))])
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(first)] == [True]
    assert await outcomes(desk, first, shot) == ["answered", "joined"]


async def test_what_agents_see_holds_all_of_it(desk: Workspace) -> None:
    """The card quotes the messages together; a follow-up is shown under it."""
    first, fault = await desk.held(desk.linh, NOWHERE)
    second = await desk.linh.post(desk.orders, "It is for the ninth of March.")
    await desk.heard()
    fault.released.set()
    await desk.settled()

    (card,) = desk.cards()
    quoted = [f">{NOWHERE}", ">It is for the ninth of March."]
    assert blocks.block_saying(card.blocks, quoted[0])["text"]["text"].split("\n") == quoted
    assert len(desk.replies(first)) == 1
    third = await desk.hears(desk.linh, "And please hurry.")
    assert await outcomes(desk, second, third) == ["joined", "handed_over"]
    assert len(desk.cards()) == 1


async def test_redelivered_out_of_order_and_after_a_restart_it_is_still_one(
    place: Workspace,
) -> None:
    """Killed with both under way: the first is answered with both, once, in one ticket."""
    await place.start(TOGETHER, stop_grace=0)
    place.slack.faults.events("twice", times=2)
    first, _ = await place.held(place.linh, "I have a question")
    second = await place.linh.post(place.orders, WARRANTY)
    await place.heard()
    await place.stop()
    await place.start(TOGETHER)
    await place.resumed()
    third = await place.hears(place.linh, "And how long is the warranty on a bamboo fan?")

    assert len(await place.tickets()) == 1
    assert len(place.keys()) == len(set(place.keys()))
    answers = place.replies(first)
    assert len(answers) == 2
    assert "24 months" in answers[0]
    assert answers[1]
    assert await outcomes(place, first, second, third) == ["answered", "joined", "answered"]


async def test_switched_off_each_message_stands_for_itself(place: Workspace) -> None:
    """`seconds = 0`."""
    await place.start()
    first = await place.hears(place.linh, DELIVERY)
    second = await place.hears(place.linh, WARRANTY)

    assert len(await place.tickets()) == 2
    assert [len(place.replies(each)) for each in (first, second)] == [1, 1]


CANCEL = "And another thing: I want to cancel order 88121"


async def triages(desk: Workspace) -> int:
    return sum(call.purpose == "triage" for call in await desk.calls())


async def test_another_matter_that_comes_before_the_answer_is_a_ticket_of_its_own(
    desk: Workspace,
) -> None:
    """Two questions, two answers, each in its thread; each message is judged once."""
    first, fault = await desk.held(desk.linh, DELIVERY)
    second = await desk.linh.post(desk.orders, CANCEL)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert ["working days" in each for each in desk.replies(first)] == [True]
    assert len(desk.replies(second)) == 1
    assert [ticket.thread_ts for ticket in await desk.tickets()] == [first.ts, second.ts]
    assert await triages(desk) == 2
    decisions = [await desk.decision(each) for each in (first, second)]
    assert [(each.triage or {})["intent"] for each in decisions if each] == [
        "track_shipping",
        "cancel_order",
    ]
    assert [each.reactions for each in (first, second)] == [{}, {}]
    balance = await desk.balance()
    assert (balance.received, balance.ticketed) == (2, 2)
    reply = await desk.linh.reply(second, "Order 88121, as I said")
    await desk.settled()
    assert len(await desk.tickets()) == 2
    assert len(desk.replies(second)) == 2
    assert (await desk.row(reply)) is not None


async def test_another_matter_shortly_after_the_answer_is_a_ticket_of_its_own(
    desk: Workspace,
) -> None:
    """It is answered below itself, and what follows on it belongs to it."""
    first = await desk.hears(desk.linh, DELIVERY)
    second = await desk.hears(desk.linh, WARRANTY)
    third = await desk.hears(desk.linh, "Does that warranty cover a broken lid?")

    assert len(desk.replies(first)) == 1
    assert ["24 months" in each for each in desk.replies(second)][:1] == [True]
    assert len(desk.replies(second)) == 2
    assert desk.replies(third) == []
    assert [ticket.thread_ts for ticket in await desk.tickets()] == [first.ts, second.ts]
    assert await triages(desk) == 3


async def test_what_comes_with_the_other_matter_goes_with_it(desk: Workspace) -> None:
    """Three messages before the first answer: the third is about the second."""
    first, fault = await desk.held(desk.linh, DELIVERY)
    second = await desk.linh.post(desk.orders, CANCEL)
    third = await desk.linh.post(desk.orders, "please hurry")
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert ["working days" in each for each in desk.replies(first)] == [True]
    assert len(desk.replies(second)) == 1
    assert desk.replies(third) == []
    assert (await outcomes(desk, third)) == ["joined"]
    assert len(await desk.tickets()) == 2


async def test_talk_among_people_takes_no_question_with_it(desk: Workspace) -> None:
    """An aside in a row with a question: one is left alone, the other answered."""
    first, fault = await desk.held(desk.linh, "Pizza for lunch today, anyone?")
    second = await desk.linh.post(desk.orders, WARRANTY)
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert desk.replies(first) == []
    assert ["24 months" in each for each in desk.replies(second)] == [True]
    assert [ticket.thread_ts for ticket in await desk.tickets()] == [second.ts]
    balance = await desk.balance()
    assert (balance.received, balance.ticketed) == (2, 1)


async def test_two_matters_are_still_two_after_a_restart(place: Workspace) -> None:
    """Killed while both are under way: nothing is doubled, nothing lost."""
    await place.start(TOGETHER, stop_grace=0)
    first, _ = await place.held(place.linh, DELIVERY)
    second = await place.linh.post(place.orders, CANCEL)
    await place.heard()
    await place.stop()
    await place.start(TOGETHER)
    await place.resumed()

    assert [len(place.replies(each)) for each in (first, second)] == [1, 1]
    assert len(await place.tickets()) == 2
    assert len(place.keys()) == len(set(place.keys()))


async def test_words_that_follow_a_forwarded_message_are_about_it(desk: Workspace) -> None:
    """They ask nothing themselves."""
    tom = desk.slack.add_user("tom")
    lounge = desk.slack.add_channel("lounge", [tom, desk.linh])
    asked = await tom.post(lounge, WARRANTY)
    await desk.settled()
    forwarded = await desk.linh.forward(asked, desk.orders)
    await desk.heard()
    await desk.linh.post(desk.orders, "could you check this please?")
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(forwarded)][:1] == [True]
    assert len([each for each in await desk.tickets() if each.channel_id == desk.orders.id]) == 1


@pytest.mark.parametrize("said", ["thanks!", "ok", "cảm ơn shop"])
async def test_thanks_shortly_after_the_answer_join_its_ticket(desk: Workspace, said: str) -> None:
    """They are kept there, and nothing is said to them."""
    asked = await desk.hears(desk.linh, WARRANTY)
    thanks = await desk.hears(desk.linh, said)

    assert len(desk.replies(asked)) == 1
    assert (desk.replies(thanks), thanks.reactions) == ([], {})
    assert len(await desk.tickets()) == 1
    assert await outcomes(desk, asked, thanks) == ["answered", "joined"]
    balance = await desk.balance()
    assert (balance.received, balance.ticketed, balance.ignored) == (2, 2, {})


async def test_an_okay_before_the_answer_is_no_part_of_the_question(desk: Workspace) -> None:
    """It joins at once; the answer is not held up and not another one."""
    asked, fault = await desk.held(desk.linh, WARRANTY)
    okay = await desk.linh.post(desk.orders, "ok thanks")
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert ["24 months" in each for each in desk.replies(asked)] == [True]
    assert await outcomes(desk, asked, okay) == ["answered", "joined"]


async def test_thanks_after_talk_leave_no_ticket_behind(desk: Workspace) -> None:
    """The twin: what they join was none of the desk's business."""
    talk, fault = await desk.held(desk.linh, "Lunch at twelve, anyone?")
    await desk.linh.post(desk.orders, "thanks!")
    await desk.heard()
    fault.released.set()
    await desk.settled()

    assert desk.replies(talk) == []
    assert await desk.tickets() == []
    balance = await desk.balance()
    assert (balance.received, sum(balance.ignored.values())) == (2, 2)
