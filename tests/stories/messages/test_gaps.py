"""What was written while no event came is found in the history and taken in once."""

from datetime import UTC, datetime, timedelta

from bot.checks.database import check_history
from emulator.slack import Message, Person
from storage.intake import missed
from tests.support.questions import DELIVERY, DELIVERY_VI, WARRANTY
from tests.support.workspace import Workspace


async def begun(place: Workspace, desk_toml: str = "") -> None:
    """The bot runs for the first time, so that the desk has a beginning."""
    await place.start(desk_toml)
    await place.running.gaps.wait_idle()


async def gone(place: Workspace) -> None:
    """The bot stops, and Slack keeps nothing for it."""
    await place.stop()
    await place.until(lambda: not place.slack.sockets.connections)


async def back(place: Workspace, desk_toml: str = "") -> None:
    """It starts again, and has read back what it missed."""
    await place.start(desk_toml)
    await read_back(place)


async def read_back(place: Workspace) -> None:
    await place.running.gaps.wait_idle()
    await place.settled()


async def found(place: Workspace) -> int:
    now = datetime.now(UTC)
    return await place.running.store.read(
        missed.count_missed, now - timedelta(days=1), now + timedelta(days=1)
    )


async def checked(place: Workspace) -> str:
    """What `deskhand check` says of the history."""
    return " ".join(each.sentence for each in await check_history(place.configure()))


def told(place: Workspace, person: Person) -> list[str]:
    """What only this person was shown."""
    return [each.text for each in place.slack.ephemerals if each.only_for == person.id]


async def outcome(place: Workspace, message: Message) -> str | None:
    row = await place.row(message)
    return row.outcome if row else None


async def test_what_was_written_while_the_bot_was_away_is_answered_once(place: Workspace) -> None:
    """No event comes for it any more; another start finds nothing new."""
    await begun(place)
    before = await place.hears(place.linh, DELIVERY)
    await gone(place)
    asked = await place.linh.post(place.orders, WARRANTY)
    direct = await place.slack.add_user("nam").dm(DELIVERY)

    await back(place)
    await gone(place)
    await back(place)

    assert [len(place.replies(each)) for each in (before, asked, direct)] == [1, 1, 1]
    assert await found(place) == 2
    assert place.slack.dispatch.dropped
    assert "2 messages of a week" in await checked(place)


async def test_a_desk_that_begins_today_leaves_yesterday_alone(place: Workspace) -> None:
    """What stood in the channel before is people's talk, at the first start and later."""
    old = await place.linh.post(place.orders, DELIVERY)
    await begun(place)
    await gone(place)
    await back(place)

    assert place.replies(old) == []
    assert await place.tickets() == []


async def test_what_is_too_old_for_an_answer_goes_to_people(place: Workspace) -> None:
    """The customer reads why nobody answered, the agents have the card."""
    never = '[life]\nanswer_late = "0m"\n'
    await begun(place, never)
    await gone(place)
    asked = await place.linh.post(place.orders, DELIVERY)

    await back(place, never)

    (said,) = place.replies(asked)
    assert "lúc bạn nhắn" in said or "away when you wrote" in said
    assert await outcome(place, asked) == "handed_over"
    assert len(place.cards()) == 1


async def test_a_dropped_socket_costs_nothing(desk: Workspace) -> None:
    """What happens before the next connection stands is read when it does."""
    await desk.running.gaps.wait_idle()
    await desk.slack.drop_sockets()
    await desk.until(lambda: not desk.slack.sockets.connections)
    asked = await desk.linh.post(desk.orders, DELIVERY)
    assert desk.slack.dispatch.dropped

    await desk.until(lambda: desk.replies(asked))
    await read_back(desk)

    assert len(desk.replies(asked)) == 1
    assert await found(desk) == 1


async def test_a_thread_is_read_with_what_was_shown_in_the_channel_too(place: Workspace) -> None:
    """Answers in an old ticket's thread, one of them sent to the channel as well."""
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    await gone(place)
    more = await place.linh.reply(asked, WARRANTY)
    shown = await place.linh.reply(asked, DELIVERY_VI, broadcast=True)

    await back(place)

    assert [await outcome(place, each) for each in (more, shown)] == ["answered"] * 2
    assert len(await place.tickets()) == 1


async def test_many_pages_are_read_in_order(place: Workspace) -> None:
    """More than Slack hands out at once; what people said to each other stays theirs."""
    await begun(place)
    await gone(place)
    for number in range(230):
        await place.linh.post(place.orders, f"{place.mai.mention} line {number}")
    asked = await place.linh.post(place.orders, DELIVERY)

    await back(place)

    assert len(place.replies(asked)) == 1
    assert await found(place) == 1
    assert (await place.balance()).received == 231


async def test_an_edit_and_a_deletion_meanwhile_are_heeded(place: Workspace) -> None:
    """The edited question is answered anew; the one taken back closes its ticket."""
    await begun(place)
    nam = place.slack.add_user("nam")
    await nam.join(place.orders)
    edited = await place.hears(place.linh, DELIVERY)
    deleted = await place.hears(nam, DELIVERY)
    other = await place.hears(place.linh, WARRANTY)
    await gone(place)
    await place.linh.edit(edited, WARRANTY)
    await nam.delete(deleted)

    await back(place)
    await gone(place)
    await back(place)

    assert len(place.replies(edited)) == 2
    assert len(place.replies(other)) == 1
    ticket = await place.ticket(deleted)
    assert ticket is not None
    assert ticket.status == "closed"


async def test_agents_words_meanwhile_reach_the_customer(place: Workspace) -> None:
    """A reply under the card goes out once, a word in the thread takes the ticket over."""
    place.cards_for = "all"
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    taken = await place.hears(place.linh, WARRANTY)
    first, _second = place.cards()
    await gone(place)
    await place.mai.reply(first, "> It comes tomorrow.")
    await place.mai.reply(taken, "I am on it.")

    await back(place)
    await place.until(lambda: len(place.replies(asked)) == 2)
    await gone(place)
    await back(place)

    assert "It comes tomorrow." in place.replies(asked)[1]
    assert len(place.replies(asked)) == 2
    ticket = await place.ticket(taken)
    assert ticket is not None
    assert ticket.assignee_id == place.mai.id


async def test_a_channel_joined_meanwhile_counts_from_when_the_bot_joined(
    place: Workspace,
) -> None:
    """What was said there before is none of the desk's business."""
    shop = place.slack.add_channel("shop", members=[place.linh], bot=False)
    await begun(place)
    await gone(place)
    before = await place.linh.post(shop, DELIVERY)
    await place.linh.invite(shop, place.slack.bot_user_id)
    after = await place.linh.post(shop, WARRANTY)

    await back(place)

    assert [len(place.replies(each)) for each in (before, after)] == [0, 1]


async def test_what_comes_both_ways_is_taken_in_once(desk: Workspace) -> None:
    """The history on the clock shows what the events brought."""
    await desk.running.gaps.wait_idle()
    asked = await desk.linh.post(desk.orders, DELIVERY)
    desk.running.gaps.begin()
    await desk.settled()
    await read_back(desk)
    desk.running.gaps.begin()
    await read_back(desk)

    assert len(desk.replies(asked)) == 1
    assert await found(desk) == 0
    assert (await desk.balance()).received == 1


async def test_a_conversation_that_slack_does_not_show_holds_up_no_other(
    place: Workspace,
) -> None:
    """It is read in the next pass."""
    shop = place.slack.add_channel("shop", members=[place.linh])
    await begun(place)
    await gone(place)
    here = await place.linh.post(place.orders, DELIVERY)
    there = await place.linh.post(shop, WARRANTY)
    fault = place.slack.faults.add("conversations.history", kind="error", code="fatal_error")
    fault.channel = place.orders.id

    await back(place)
    assert [len(place.replies(each)) for each in (here, there)] == [0, 1]
    place.running.gaps.begin()
    await read_back(place)

    assert [len(place.replies(each)) for each in (here, there)] == [1, 1]


async def test_thread_commands_meanwhile_are_carried_out_once(place: Workspace) -> None:
    """In the customer's thread and under the card; a mistyped one is set right once."""
    place.cards_for = "all"
    await begun(place)
    solved = await place.hears(place.linh, DELIVERY)
    held = await place.hears(place.linh, WARRANTY)
    _, card = place.cards()
    await gone(place)
    await place.mai.reply(solved, "?solve")
    await place.mai.reply(card, "?hold 2d")
    await place.mai.reply(card, "?sovle")

    await back(place)
    await gone(place)
    await back(place)

    tickets = [await place.ticket(each) for each in (solved, held)]
    assert [each.status for each in tickets if each] == ["solved", "on_hold"]
    assert [each.split()[0] for each in told(place, place.mai)] == ["T-1001", "T-1002", "I"]


async def test_a_command_that_came_by_event_is_not_answered_again(place: Workspace) -> None:
    """Though nothing came of it, so that nothing else tells that it was heard."""
    place.cards_for = "all"
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    (card,) = place.cards()
    for typed in ("?sovle", "?hold soon", "> " + "too long " * 2_000):
        await place.mai.reply(card, typed)
    await place.mai.reply(asked, "?prioritty high")
    await place.settled()
    answered = told(place, place.mai)
    assert len(answered) == 4

    for _ in range(2):
        place.running.gaps.begin()
        await read_back(place)

    assert told(place, place.mai) == answered


async def test_a_command_set_right_by_an_edit_is_carried_out(place: Workspace) -> None:
    """Its message was answered before, as it read then."""
    await begun(place)
    asked = await place.hears(place.linh, DELIVERY)
    typed = await place.mai.reply(asked, "?sovle")
    await place.settled()
    await place.mai.edit(typed, "?solve")
    await place.settled()

    ticket = await place.ticket(asked)
    assert ticket is not None
    assert ticket.status == "solved"
    assert len(told(place, place.mai)) == 2
