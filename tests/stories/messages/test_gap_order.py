"""What was missed keeps its order: among itself, and before what comes by events meanwhile."""

import time

from tests.stories.messages.test_gaps import back, begun, found, gone, outcome, read_back, told
from tests.support.questions import DELIVERY, WARRANTY
from tests.support.workspace import Workspace

HISTORY, REPLIES = "conversations.history", "conversations.replies"


def slow(place: Workspace, method: str = HISTORY, seconds: float = 0.6) -> None:
    """Slack takes its time to show what was said."""
    place.slack.faults.add(method, kind="delay", times=None, seconds=seconds)


async def connected(place: Workspace) -> None:
    await place.start()
    await place.until(lambda: place.slack.sockets.connections)


async def test_what_was_missed_in_a_thread_is_answered_before_what_comes_by_event(
    place: Workspace,
) -> None:
    """The customer went on writing while the desk still read what it had missed."""
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    await gone(place)
    earlier = await place.linh.reply(asked, WARRANTY)
    slow(place)
    await connected(place)
    later = await place.linh.reply(asked, DELIVERY)
    await read_back(place)

    posted = place.keys()
    told_of = [key.rpartition(":")[0] for key in posted if place.key(asked) not in key]
    assert [await outcome(place, each) for each in (earlier, later)] == ["answered"] * 2
    assert told_of == [place.key(earlier), place.key(later)]


async def test_an_agent_who_answered_meanwhile_is_not_spoken_over(place: Workspace) -> None:
    """Their word stands far behind the question, pages later, and was missed like it."""
    await begun(place)
    await gone(place)
    asked = await place.linh.post(place.orders, DELIVERY)
    for number in range(60):
        await place.linh.post(place.orders, f"{place.mai.mention} line {number}")
    await place.mai.reply(asked, "It comes tomorrow, I looked it up.")

    await back(place)

    assert place.replies(asked) == []
    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.assignee_id == place.mai.id


async def test_a_command_typed_now_comes_after_the_one_that_was_missed(place: Workspace) -> None:
    """Otherwise the older one would undo it."""
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    await gone(place)
    await place.mai.reply(asked, "?hold 2d")
    slow(place)
    await connected(place)
    await place.mai.reply(asked, "?solve")
    await read_back(place)

    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.status == "solved"


async def test_words_typed_under_a_card_now_come_after_those_that_were_missed(
    place: Workspace,
) -> None:
    """The customer reads an agent's sentences in the order in which they were written."""
    place.cards_for = "all"
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    (card,) = place.cards()
    await gone(place)
    await place.mai.reply(card, "> First look at the label.")
    slow(place)
    await connected(place)
    await place.mai.reply(card, "> Then write its number here.")
    await read_back(place)
    await place.until(lambda: len(place.replies(asked)) == 3)

    assert ["First" in each for each in place.replies(asked)] == [False, True, False]


async def test_what_was_edited_and_taken_back_before_it_was_read_is_never_answered_as_it_was(
    place: Workspace,
) -> None:
    """The history shows the message as it reads now, or not at all."""
    await begun(place)
    await gone(place)
    edited = await place.linh.post(place.orders, DELIVERY)
    gone_again = await place.linh.post(place.orders, DELIVERY)
    await place.linh.edit(edited, WARRANTY)
    await place.linh.delete(gone_again)

    await back(place)

    (answer,) = place.replies(edited)
    assert "warranty" in answer.lower()
    assert len(await place.tickets()) == 1


async def test_an_edit_and_a_deletion_by_event_while_the_history_is_read(place: Workspace) -> None:
    """They are of messages that were missed, and come before these are known."""
    await begun(place)
    nam = place.slack.add_user("nam")
    await nam.join(place.orders)
    await gone(place)
    edited = await place.linh.post(place.orders, DELIVERY)
    deleted = await nam.post(place.orders, DELIVERY)
    slow(place)
    await connected(place)
    await place.linh.edit(edited, WARRANTY)
    await nam.delete(deleted)
    await read_back(place)

    assert "warranty" in place.replies(edited)[-1].lower()
    assert len(place.replies(edited)) == 1
    assert place.replies(deleted) == []


async def test_answers_in_old_threads_are_edited_and_taken_back_meanwhile(
    place: Workspace,
) -> None:
    """A thread that has not grown is read whole after an interruption."""
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    kept = await place.linh.reply(asked, WARRANTY)
    await place.settled()
    await gone(place)
    await place.linh.edit(kept, DELIVERY)

    await back(place)
    await gone(place)
    await back(place)

    assert len(place.replies(asked)) == 3


async def test_a_stop_in_the_middle_of_reading_loses_nothing(place: Workspace) -> None:
    """The next start reads again, and takes in what is not there yet."""
    shop = place.slack.add_channel("shop", members=[place.linh])
    await begun(place)
    await gone(place)
    here = await place.linh.post(place.orders, DELIVERY)
    there = await place.linh.post(shop, WARRANTY)
    slow(place, seconds=1.0)
    before = len(place.slack.calls)
    await connected(place)
    await place.until(lambda: any(each.method == HISTORY for each in place.slack.calls[before:]))
    await gone(place)
    place.slack.faults.clear()

    await back(place)
    await gone(place)
    await back(place)

    assert [len(place.replies(each)) for each in (here, there)] == [1, 1]
    assert await found(place) == 2


async def test_reading_back_gives_way_to_customers_at_slacks_tiers(place: Workspace) -> None:
    """Sixty threads are looked through for edits, at fifty calls a minute; nobody waits for it."""
    await begun(place)
    for number in range(60):
        person = place.slack.add_user(f"p{number}")
        await person.join(place.orders)
        await person.post(place.orders, DELIVERY)
    await place.settled()
    await gone(place)
    place.slack.rate_limits = True
    await place.start(slack_pace=1)

    begin = time.monotonic()
    asked = await place.linh.post(place.orders, WARRANTY)
    await place.until(lambda: place.replies(asked))

    assert time.monotonic() - begin < 20
    assert sum(each.method == REPLIES for each in place.slack.calls) < 60


async def test_a_line_of_a_refusal_meanwhile_is_whispered_once(place: Workspace) -> None:
    """A mistyped command that was missed is set right when it is read, and not again."""
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    await gone(place)
    await place.mai.reply(asked, "?sovle")

    await back(place)
    before = told(place, place.mai)
    place.running.gaps.begin()
    await read_back(place)

    assert len(before) == 1
    assert told(place, place.mai) == before
