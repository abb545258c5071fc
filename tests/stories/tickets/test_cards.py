"""The card of a ticket: one for each, redrawn in place, whatever happens to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.tickets.cards import CardKeeper
from bot.tickets.signs import SignKeeper
from handlers.connection.client import connection
from handlers.slack.card_board import CardBoard
from handlers.slack.file_copies import FileCopies
from handlers.slack.files import SlackFiles
from handlers.slack.people import People
from handlers.slack.permalinks import Permalinks
from handlers.slack.status import AgentStatus
from handlers.slack.streaming import Streamer
from handlers.slack.workspace import SlackWorkspace
from storage.cards import cards
from storage.db.database import Session
from tests.stories.tickets.conftest import COMPLAINT, POLICY, QUESTION, REFUND, Agents
from tests.support.workspace import Workspace


async def test_an_answered_ticket_has_a_short_card(agents: Agents) -> None:
    """The bot's own work shows in two lines, with the means to step in."""
    asked = await agents.asks(QUESTION)

    shown = await agents.shown(asked)
    assert "answered" in shown
    assert "Take" in shown
    assert "Reply here" not in shown


async def test_a_ticket_for_people_shows_all_they_need(agents: Agents) -> None:
    """Who, where, what, status, owner, the category preset, the draft and its source."""
    asked = await agents.asks(REFUND)

    card = await agents.card(asked)
    shown = await agents.shown(asked)
    (menu,) = [e for e in card.blocks[-2]["elements"] if e["type"] == "static_select"]
    assert menu["initial_option"]["value"] == "refund_request"
    for part in (agents.linh.mention, REFUND, "🟢 Open", "nobody yet", "Draft", "Returns and"):
        assert part in shown
    assert [e["text"]["text"] for e in card.blocks[-2]["elements"] if e["type"] == "button"] == [
        "Take",
        "Reply",
        "Send draft",
        "Edit draft",
        "Solve",
        "Not a request",
        "More…",
    ]


async def test_a_ticket_has_one_card_however_much_happens(agents: Agents) -> None:
    """A follow-up, a hand-over, a take and a solve all redraw the card that stands there."""
    asked = await agents.asks(QUESTION)
    card = await agents.card(asked)
    await agents.in_thread(agents.linh, asked, COMPLAINT)
    await agents.press(agents.mai, asked, "Take")
    await agents.press(agents.mai, asked, "Solve")

    assert agents.cards() == [card]
    assert "solved" in await agents.shown(asked)


async def test_the_first_call_for_a_person_on_an_answered_ticket_is_heard(agents: Agents) -> None:
    """A card far up in the channel is redrawn in silence, so the new words show below as well."""
    asked = await agents.asks(QUESTION)
    await agents.in_thread(agents.linh, asked, COMPLAINT)

    under = agents.place.slack.thread(await agents.card(asked))
    (note,) = [each for each in under if each.broadcast]
    assert "third time" in note.text


async def test_an_ended_ticket_collapses_to_one_line_and_opens_again(agents: Agents) -> None:
    """Solved, the card says by whom and offers to re-open; re-opened, it is whole again."""
    asked = await agents.asks(COMPLAINT)
    await agents.press(agents.mai, asked, "Solve")
    (line,) = (await agents.card(asked)).blocks

    await agents.press(agents.mai, asked, "Re-open")

    assert f"solved by {agents.mai.mention}" in line["text"]["text"]
    assert len((await agents.card(asked)).blocks) > 3
    assert (await agents.ticket(asked)).status == "open"


async def test_with_cards_for_people_only_the_bot_works_in_silence(place: Workspace) -> None:
    """`cards = "people"` keeps what the bot settled alone out of the agents' channel."""
    await place.start('[policy]\ncomplaint = "human"\n')
    await place.hears(place.linh, QUESTION)
    await place.hears(place.linh, COMPLAINT)

    (card,) = place.slack.messages(place.agents)
    assert "third time" in card.text


async def test_a_card_that_somebody_deleted_is_posted_anew(agents: Agents) -> None:
    """The ticket is not lost with its card: the next change posts it again, once."""
    asked = await agents.asks(COMPLAINT)
    first = await agents.card(asked)
    await agents.mai.delete(first)
    await agents.mai.react(asked, "eyes")
    await agents.place.settled()
    await agents.mai.react(asked, "white_check_mark")
    await agents.place.settled()

    (second,) = agents.cards()
    assert second.ts != first.ts
    assert "solved" in await agents.shown(asked)


async def test_a_card_survives_a_429_and_is_redrawn(agents: Agents) -> None:
    """Slack's refusal for the moment delays the card; nothing is lost."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.add("chat.update", "ratelimited", times=1, retry_after=0)
    await agents.press(agents.mai, asked, "Take")

    assert agents.mai.mention in await agents.shown(asked)


async def test_a_card_that_slack_refuses_is_drawn_when_it_relents(agents: Agents) -> None:
    """An archived channel keeps the card behind; the clock's next look brings it up to date."""
    asked = await agents.asks(COMPLAINT)
    agents.place.slack.faults.add("chat.update", "error", times=None, code="is_archived")
    await agents.press(agents.mai, asked, "Take")
    assert "nobody yet" in await agents.shown(asked)

    agents.place.slack.faults.clear()
    await agents.place.running.cards.retry()
    await agents.place.settled()

    assert agents.mai.mention in await agents.shown(asked)


async def test_a_card_whose_post_broke_off_is_not_doubled(agents: Agents) -> None:
    """The connection breaks once the card stands there: Slack is asked, and it is left alone."""
    agents.place.slack.faults.add("chat.postMessage", "drop_after", times=1)
    asked = await agents.asks(COMPLAINT)

    assert agents.cards() == [await agents.card(asked)]


@asynccontextmanager
async def second_keeper(place: Workspace) -> AsyncIterator[CardKeeper]:
    """The cards of another process on the same store."""
    settings, bot = place.configure(), place.running
    async with connection(settings) as slack:
        people = People(slack.client)
        workspace = SlackWorkspace(
            slack.client,
            slack.poster,
            Streamer(slack.once, slack.poster, bot.bot_user),
            AgentStatus(slack.once),
            FileCopies(slack.once, SlackFiles(slack.client, slack.session), slack.poster),
            CardBoard(
                slack.client, slack.poster, Permalinks(slack.client), people, place.agents.id
            ),
            people,
            bot_user=bot.bot_user,
        )
        yield CardKeeper(bot.store, workspace, bot.desk, SignKeeper(bot.store, workspace))


async def test_two_keepers_of_one_card_post_it_once_and_agree(agents: Agents) -> None:
    """Two processes draw at the same time: one card, and it shows the ticket as it is."""
    async with second_keeper(agents.place) as second:
        asked = await agents.asks(COMPLAINT)
        number = (await agents.ticket(asked)).ticket_id
        second.touch(number)
        await agents.mai.click(await agents.card(asked), "Take")
        second.touch(number)
        await agents.duc.click(await agents.card(asked), "Solve")
        second.touch(number)
        await agents.place.settled()
        await second.wait_idle()

    assert agents.cards() == [await agents.card(asked)]
    assert f"solved by {agents.duc.mention}" in await agents.shown(asked)


async def test_a_card_begun_by_a_process_that_died_is_found_not_doubled(agents: Agents) -> None:
    """It stands in Slack, but its place was never written down: the next start finds it there."""
    asked = await agents.asks(COMPLAINT)
    card = await agents.card(asked)
    number = (await agents.ticket(asked)).ticket_id

    def forget(session: Session) -> None:
        row = cards.card_of_ticket(session, number)
        assert row is not None
        row.ts, row.shown = None, 0

    await agents.place.running.store.write(forget)
    await agents.place.stop()
    await agents.place.start(POLICY)
    await agents.place.settled()

    assert agents.cards() == [card]
    assert await agents.card(asked) == card


async def test_the_work_on_a_ticket_is_mirrored_on_the_customers_message(agents: Agents) -> None:
    """Nothing while it waits, 👀 while a person has it, ✅ once it is solved."""
    asked = await agents.asks(COMPLAINT)
    waiting = agents.place.slack.reactions(asked)
    await agents.press(agents.mai, asked, "Take")
    taken = agents.place.slack.reactions(asked)
    await agents.press(agents.mai, asked, "Solve")

    bot = [agents.place.slack.bot_user_id]
    assert (waiting, taken) == ({}, {"eyes": bot})
    assert asked.reactions == {"white_check_mark": bot}
