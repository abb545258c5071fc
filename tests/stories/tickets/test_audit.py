"""Every change of a ticket is in the audit, whatever becomes of a message and whatever people do.

The audit is played again from each ticket's opening: it has to end at the ticket as it stands.
"""

import asyncio
import inspect
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from bot.messages.outcomes import Outcome
from bot.tickets.actions import TicketActions
from bot.tickets.feedback import AnswerFeedback
from emulator.slack import Channel, Message, Person
from handlers.views.ids import ActionId, FieldId
from storage.db.database import Session
from storage.tickets import changes
from tests.stories.tickets.conftest import COMPLAINT, POLICY, QUESTION, REFUND, Agents
from tests.stories.tickets.test_access import forged
from tests.stories.tickets.test_answer_feedback import PERSON, SOLVED, answer, pressed
from tests.stories.tickets.test_incidents import AGAIN, DOWN, asked_by_many
from tests.support.audit import unaudited_columns
from tests.support.workspace import PATIENCE, Workspace

VAGUE = "How much does it cost?"
WORLD = "What is the capital of France?"
THANKS = "Thank you so much, that helped!"


class Outcomes:
    """What can become of a message: each a scene in which it does, with a customer of its own."""

    def __init__(self, place: Workspace, quiet: Channel) -> None:
        self.place = place
        self.quiet = quiet

    async def customer(self) -> Person:
        person = self.place.slack.add_user(f"customer{len(self.place.orders.members)}")
        await person.join(self.place.orders)
        return person

    async def asks(self, text: str) -> Message:
        return await self.place.hears(await self.customer(), text)

    @asynccontextmanager
    async def asking(self, text: str) -> AsyncIterator[tuple[Person, Message]]:
        """The message while the model is held, until the end of the block."""
        person = await self.customer()
        fault = self.place.claude.faults.add("hold", after=1)
        asked = await person.post(self.place.orders, text)
        async with asyncio.timeout(PATIENCE):
            await fault.struck.wait()
        yield person, asked
        await self.place.heard()
        fault.released.set()
        await self.place.settled()

    async def answered(self) -> Message:
        return await self.asks(QUESTION)

    async def asked(self) -> Message:
        return await self.asks(VAGUE)

    async def declined(self) -> Message:
        return await self.asks(WORLD)

    async def handed_over(self) -> Message:
        return await self.asks(COMPLAINT)

    async def drafted(self) -> Message:
        return await self.asks(REFUND)

    async def replied(self) -> Message:
        person = await self.customer()
        asked = await self.place.hears(person, QUESTION)
        thanks = await person.reply(asked, THANKS)
        await self.place.settled()
        return thanks

    async def noted(self) -> Message:
        person = await self.customer()
        asked = await self.place.hears(person, COMPLAINT)
        await self.place.mai.reply(asked, "I am looking into it.")
        await self.place.settled()
        more = await person.reply(asked, "It is order 4711.")
        await self.place.settled()
        return more

    async def shadowed(self) -> Message:
        asked = await self.place.linh.post(self.quiet, QUESTION)
        await self.place.settled()
        return asked

    async def joined(self) -> Message:
        async with self.asking(QUESTION) as (person, _asked):
            return await person.post(self.place.orders, "I mean: how long does it take?")

    async def cancelled(self) -> Message:
        async with self.asking(QUESTION) as (person, asked):
            await person.delete(asked)
        return asked

    async def left_alone(self) -> Message:
        person = await self.customer()
        asked = await self.place.hears(person, QUESTION)
        aside = await person.reply(asked, f"{self.place.linh.mention} look at this")
        await self.place.settled()
        return aside

    async def stopped(self) -> Message:
        async with self.asking(QUESTION) as (person, asked):
            event = {
                "type": "agent_session_stopped",
                "user": person.id,
                "channel": asked.channel,
                "thread_ts": asked.ts,
                "streaming_message_ts": [],
                "event_ts": asked.ts,
            }
            self.place.slack.workspace.announce(event, self.place.orders)
        return asked

    async def failed(self) -> Message:
        # The last of the scenes: from here on nothing can be posted.
        faults = self.place.slack.faults
        faults.add("chat.postMessage", "error", code="is_archived", times=None)
        return await self.asks(COMPLAINT)


class Verbs:
    """What people do to a ticket, each as they do it in Slack; `asked` is a drafted refund."""

    def __init__(self, agents: Agents, asked: Message) -> None:
        self.agents = agents
        self.asked = asked

    async def type(self, text: str) -> None:
        await self.agents.under_card(self.agents.mai, self.asked, text)

    async def form(self, label: str, fields: dict[Any, str]) -> None:
        await self.agents.press(self.agents.mai, self.asked, label)
        form = self.agents.place.slack.views(self.agents.mai)[-1]
        await self.agents.mai.submit(form, fields)
        await self.agents.place.settled()

    async def take(self) -> None:
        await self.agents.press(self.agents.mai, self.asked, "Take")

    async def resume(self) -> None:
        await self.take()
        await self.type("?resume")

    async def solve(self) -> None:
        await self.type("?solve")

    async def reopen(self) -> None:
        await self.solve()
        await self.type("?reopen")

    async def hold(self) -> None:
        await self.type("?hold 2d")

    async def edit(self) -> None:
        owner = {FieldId.OWNER: self.agents.duc.id, FieldId.PRIORITY: "urgent"}
        await self.form("More…", {**owner, FieldId.LINK: "https://tracker.example.com/7"})

    async def tag(self) -> None:
        await self.type("?tag broken urgent")

    async def note(self) -> None:
        await self.type("?note She called as well.")

    async def reply(self) -> None:
        await self.type("> It is on its way.")

    async def send_draft(self) -> None:
        await self.agents.press(self.agents.mai, self.asked, "Send draft")

    async def dismiss(self) -> None:
        await self.form("Not a request", {FieldId.REASON: "chatter", FieldId.COMMENT: ""})

    async def recategorise(self) -> None:
        card = await self.agents.card(self.asked)
        await self.agents.mai.click(card, ActionId.CATEGORY, value="track_shipping")
        await self.agents.place.settled()

    async def merge(self) -> None:
        other = await self.agents.ticket(await self.agents.asks(COMPLAINT))
        await self.type(f"?merge {other.number}")

    async def rate(self) -> None:
        number = (await self.agents.ticket(self.asked)).ticket_id
        await forged(self.agents, self.agents.linh, self.asked, ActionId.RATE_GOOD, str(number))

    async def tell_all(self) -> None:
        parent, *_ = await asked_by_many(self.agents.place, DOWN, *AGAIN)
        await self.agents.under_card(self.agents.mai, parent, "?tellall It works again.")

    async def solved(self) -> None:
        await pressed(self.agents, await self.agents.asks(QUESTION), SOLVED)

    async def person(self) -> None:
        await pressed(self.agents, await self.agents.asks(QUESTION), PERSON)

    async def opinion(self) -> None:
        said = answer(self.agents, await self.agents.asks(QUESTION))
        await self.agents.linh.click(said, ActionId.FEEDBACK, value="Good answer")
        await self.agents.place.settled()


async def gaps(place: Workspace) -> list[str]:
    """What the audit does not tell of the tickets."""
    return await place.running.store.read(unaudited_columns)


async def test_whatever_becomes_of_a_message_is_in_the_audit(
    place: Workspace, subtests: pytest.Subtests
) -> None:
    """Each outcome that there is: the status, the labels, the hand-over, the first response."""
    quiet = place.slack.add_channel("quiet", members=[place.linh])
    modes = "".join(
        f'[[channels]]\nid = "{channel.id}"\nmode = "{mode}"\n'
        for channel, mode in ((place.orders, "auto"), (quiet, "shadow"))
    )
    await place.start(f"{POLICY}\n[bursts]\nseconds = 60\n{modes}")
    scenes = Outcomes(place, quiet)
    for outcome in get_args(Outcome):
        with subtests.test(outcome):
            row = await place.row(await getattr(scenes, outcome)())

            assert row is not None
            assert row.outcome == outcome
            assert await gaps(place) == []


async def test_whatever_people_do_is_in_the_audit(
    agents: Agents, subtests: pytest.Subtests
) -> None:
    """Each verb that there is, and what time does to the ticket afterwards."""
    acts = [
        name
        for actions in (TicketActions, AnswerFeedback)
        for name, _ in inspect.getmembers(actions, inspect.iscoroutinefunction)
        if not name.startswith("_") and name not in {"revise_note", "answered"}
    ]
    for name in acts:
        with subtests.test(name):
            asked = await agents.asks(REFUND)
            before = await agents.ticket(asked)
            await getattr(Verbs(agents, asked), name)()

            tickets = await agents.place.tickets()
            assert any(each.ticket_id > before.ticket_id for each in tickets) or (
                (await agents.ticket(asked)).version > before.version
            )
            assert await gaps(agents.place) == []
    now = datetime.now(UTC)
    for days in (0, 1, 2.1, 4, 8, 16):
        await agents.place.at(now + timedelta(days=days))
        assert await gaps(agents.place) == []


async def test_the_audit_is_missed_where_it_was_left_out(agents: Agents) -> None:
    """Or the tests above would hold nothing."""
    asked = await agents.asks(COMPLAINT)
    number = (await agents.ticket(asked)).ticket_id

    def assign(session: Session) -> None:
        ticket = changes.get_ticket(session, number)
        ticket.assignee_id, ticket.handed_over_at = agents.mai.id, None

    await agents.place.running.store.write(assign)

    assert [each.split(" is ")[0] for each in await gaps(agents.place)] == [
        f"T-{number}: owner",
        f"T-{number}: handed over",
    ]
