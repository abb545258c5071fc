"""Time at work: warnings, reminders, wake-ups, the end, and a rating asked for; each said once."""

from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from emulator.slack import Message
from storage.db.database import Session
from storage.tickets import changes
from storage.tickets.audit import ChangeBy
from storage.tickets.tables import Ticket
from tests.stories.tickets.conftest import COMPLAINT, POLICY, QUESTION, Agents
from tests.support.workspace import Workspace

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC)


async def changed(agents: Agents, asked: Message, **to: Any) -> Ticket:
    """Mai changes the ticket by hand."""
    ticket = await agents.ticket(asked)

    def change(session: Session) -> Ticket:
        current = changes.get_ticket(session, ticket.ticket_id)
        changes.change_ticket(session, current, ChangeBy(agents.mai.id, "command"), **to)
        return current

    return await agents.place.running.store.write(change)


def notes(agents: Agents, mark: str) -> list[str]:
    """What stands under cards with this mark."""
    said = agents.place.slack.messages(agents.place.agents)
    return [each.text for each in said if mark in each.text and each.thread_ts]


async def test_a_first_response_is_warned_about_and_then_late(
    agents: Agents, now: datetime
) -> None:
    """Three quarters of the time, then all of it: each told once, and the ticket is flagged."""
    asked = await agents.asks(COMPLAINT)
    await agents.place.at(now + HOUR / 30)
    due = (await agents.ticket(asked)).due_at
    assert due is not None
    for moment in (due - 0.2 * (due - now), due - HOUR / 60, due + HOUR / 60, due + HOUR):
        await agents.place.at(moment)

    assert len(notes(agents, "⏳")) == 1
    assert len(notes(agents, "🚨")) == 1
    assert (await agents.ticket(asked)).late == "first response"
    assert "late" in await agents.shown(asked)


async def test_an_agent_who_answers_in_time_hears_nothing(agents: Agents, now: datetime) -> None:
    """The first response ends its target, and the customer's turn the next one."""
    asked = await agents.asks(COMPLAINT)
    await agents.in_thread(agents.mai, asked, "I am looking into it.")
    for hours in (0, 5, 20):
        await agents.place.at(now + hours * HOUR)

    assert notes(agents, "⏳") + notes(agents, "🚨") == []
    assert (await agents.ticket(asked)).due_at is None


async def test_the_owner_is_pinged(agents: Agents, now: datetime) -> None:
    """Whose ticket it is should know first."""
    asked = await agents.asks(COMPLAINT)
    await changed(agents, asked, assignee_id=agents.duc.id)
    await agents.place.at(now + 2 * DAY)

    assert agents.duc.mention in notes(agents, "🚨")[0]


async def test_a_silent_customer_is_reminded_once_and_then_let_go(
    agents: Agents, now: datetime
) -> None:
    """After three days a word, after seven the end, both in the customer's thread."""
    asked = await agents.asks(QUESTION)
    for days in (0, 2.9, 3.1, 3.2, 5, 6.9):
        await agents.place.at(now + days * DAY)
    reminded = agents.place.replies(asked)[1:]
    await agents.place.at(now + 7.1 * DAY)
    await agents.place.at(now + 9 * DAY)

    assert ["Are you still waiting" in each for each in reminded] == [True]
    assert "closing" in agents.place.replies(asked)[-1]
    assert len(agents.place.replies(asked)) == 3
    assert (await agents.ticket(asked)).status == "closed"


async def test_a_customer_who_writes_is_not_let_go(agents: Agents, now: datetime) -> None:
    """Their word begins the days anew."""
    asked = await agents.asks(QUESTION)
    await agents.place.at(now + 2 * DAY)
    await agents.in_thread(agents.linh, asked, "And how much is it?")
    await agents.place.at(now + 2.5 * DAY)

    assert not any("Are you still" in each for each in agents.place.replies(asked))


async def test_a_closed_ticket_opens_again_at_the_customers_word(agents: Agents) -> None:
    """After the end as well."""
    asked = await agents.asks(COMPLAINT)
    await changed(agents, asked, status="closed")
    await agents.in_thread(agents.linh, asked, "It is still broken, I want a person!")

    assert (await agents.ticket(asked)).status == "open"


async def test_thanks_opens_nothing(agents: Agents, subtests: pytest.Subtests) -> None:
    """Whoever has the ticket, and whatever its end was; an answer that waited is settled by it."""
    for status, taken in product(("pending", "solved", "closed"), (False, True)):
        with subtests.test(status, taken=taken):
            asked = await agents.asks(QUESTION)
            if taken:
                await agents.in_thread(agents.mai, asked, "Two days.")
            await changed(agents, asked, status=status)
            await agents.in_thread(agents.linh, asked, "Thank you so much, that helped!")
            thanked = (await agents.ticket(asked)).status
            await agents.in_thread(agents.linh, asked, "But where is my order 4711 now?")

            assert thanked == ("solved" if status == "pending" and not taken else status)
            assert (await agents.ticket(asked)).status == ("open" if taken else "pending")


async def test_what_is_on_hold_wakes_up(agents: Agents, now: datetime) -> None:
    """At its time and not before; the owner is told."""
    asked = await agents.asks(COMPLAINT)
    await changed(agents, asked, status="on_hold", wake_at=now + 2 * HOUR)
    await agents.place.at(now + HOUR)
    asleep = (await agents.ticket(asked)).status
    await agents.place.at(now + 2 * HOUR)
    await agents.place.at(now + 3 * HOUR)

    assert (asleep, (await agents.ticket(asked)).status) == ("on_hold", "open")
    assert len(notes(agents, "⏰")) == 1


async def test_a_rating_is_asked_for_once(agents: Agents, now: datetime) -> None:
    """When a ticket is solved; not again when it was opened and solved once more."""
    asked = await agents.asks(COMPLAINT)
    for minutes in (1, 3):
        await changed(agents, asked, status="solved")
        await agents.place.at(now + minutes * HOUR / 60)
        await changed(agents, asked, status="open")

    asks = [each for each in agents.place.replies(asked) if "How did we do" in each]
    assert len(asks) == 1


async def test_nothing_is_said_in_a_channel_that_is_only_watched(
    place: Workspace, now: datetime
) -> None:
    """In shadow the customer is neither reminded nor asked, but the ticket has its end."""
    agents = Agents(place)
    await place.start(f'\n[[channels]]\nid = "{place.orders.id}"\nmode = "shadow"\n')
    asked = await agents.asks(COMPLAINT)
    await changed(agents, asked, status="solved")
    for days in (0, 4, 8):
        await place.at(now + days * DAY)

    assert place.replies(asked) == []
    assert (await agents.ticket(asked)).status == "closed"


async def test_a_moment_that_strikes_twice_is_one(agents: Agents, now: datetime) -> None:
    """The clock may fire late, twice, or after a day away."""
    asked = await agents.asks(COMPLAINT)
    await changed(agents, asked, status="solved")
    await agents.place.at(now + 10 * DAY)
    await agents.place.at(now + 10 * DAY)
    await agents.place.at(now + 11 * DAY)

    assert sum("How did we do" in each for each in agents.place.replies(asked)) == 1
    assert (await agents.ticket(asked)).status == "closed"


@pytest.mark.parametrize("code", ["is_archived", "not_in_channel", "channel_not_found"])
async def test_a_customer_who_cannot_be_reached_is_no_obstacle(
    agents: Agents, now: datetime, code: str
) -> None:
    """An archived channel, or one the bot was put out of: the agents are told, the ticket ends."""
    asked = await agents.asks(COMPLAINT)
    await changed(agents, asked, status="pending")
    agents.place.slack.faults.add("chat.postMessage", "error", code=code)
    await agents.place.at(now + 4 * DAY)
    await agents.place.at(now + 8 * DAY)

    assert len(notes(agents, "did not reach the customer")) == 1
    assert (await agents.ticket(asked)).status == "closed"


async def test_a_warning_waits_for_slack(agents: Agents, now: datetime) -> None:
    """Told to slow down, the desk says it later, once."""
    await agents.asks(COMPLAINT)
    agents.place.slack.faults.add("chat.postMessage", "ratelimited", times=2, retry_after=0)
    await agents.place.at(now + 2 * DAY)

    assert len(notes(agents, "🚨")) == 1


async def test_what_was_announced_before_a_restart_is_not_announced_again(
    agents: Agents, now: datetime
) -> None:
    """The desk looks at every living ticket when it starts, and knows what was said."""
    asked = await agents.asks(COMPLAINT)
    await agents.place.at(now + 2 * DAY)
    await agents.place.stop()
    await agents.place.start(POLICY)
    await agents.place.at(now + 2 * DAY + HOUR)

    assert len(notes(agents, "🚨")) == 1
    assert (await agents.ticket(asked)).late == "first response"
