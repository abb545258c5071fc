"""The agents' desk with two agents, a customer's complaint and a drafted refund on it."""

from datetime import datetime

import pytest

from bot.tickets.act_rules import Actor
from emulator.slack import Message, Person
from emulator.slack.outcome import Outcome
from storage.cards import cards
from storage.db.columns import utc_now
from storage.db.database import Session
from storage.intake import notes
from storage.intake.notes import NoteRow
from storage.tickets import corrections, messages
from storage.tickets.tables import Ticket
from tests.support import blocks
from tests.support.workspace import Workspace

COMPLAINT = "This is the third time my parcel came late. I am very disappointed!"
REFUND = "How many days do I have to return a rice cooker for a full refund?"
QUESTION = "How long does delivery take?"
POLICY = '\n[policy]\nrefund_request = "draft"\ncomplaint = "human"\n'


def exported(session: Session, moment: datetime) -> list[dict[str, object]]:
    """Every correction from a moment on."""
    return list(corrections.corrections_since(session, moment))


class Agents:
    """Mai and Duc at work: their tickets, cards and what they are told."""

    def __init__(self, place: Workspace) -> None:
        self.place = place
        place.cards_for = "all"
        self.mai = place.mai
        self.linh = place.linh
        self.duc = place.slack.add_user("duc", real_name="Duc Pham")
        for channel in (place.agents, place.orders):
            channel.members.append(self.duc.id)

    async def asks(self, text: str) -> Message:
        """Linh asks in #orders."""
        return await self.place.hears(self.linh, text)

    async def card(self, asked: Message) -> Message:
        """The card of the ticket that this message opened."""
        ticket = await self.ticket(asked)
        row = await self.place.running.store.read(cards.card_of_ticket, ticket.ticket_id)
        assert row is not None, "the ticket has no card"
        standing = self.place.slack.messages(self.place.agents)
        return next(each for each in standing if each.ts == row.ts)

    def cards(self) -> list[Message]:
        """Every card that stands in the agents' channel."""
        return [
            each
            for each in self.place.slack.messages(self.place.agents)
            if each.metadata and each.metadata["event_payload"]["key"].startswith("card:")
        ]

    async def shown(self, asked: Message) -> str:
        """The card as people read it, without what stands under it."""
        return blocks.shown((await self.card(asked)).blocks)

    async def press(self, person: Person, asked: Message, label: str) -> Outcome:
        """Press a button of a ticket's card and wait until all is done."""
        outcome = await person.click(await self.card(asked), label)
        await self.place.settled()
        return outcome

    async def under_card(self, person: Person, asked: Message, text: str) -> Message:
        """Write under a ticket's card."""
        message = await person.reply(await self.card(asked), text)
        await self.place.settled()
        return message

    async def in_thread(self, person: Person, asked: Message, text: str) -> Message:
        """Write in the customer's thread."""
        message = await person.reply(asked, text)
        await self.place.settled()
        return message

    async def ticket(self, asked: Message) -> Ticket:
        """The ticket that this message opened, as it is now."""
        ticket = await self.place.ticket(asked)
        assert ticket is not None
        return ticket

    async def notes(self, asked: Message) -> list[NoteRow]:
        """What agents noted."""
        number = (await self.ticket(asked)).ticket_id
        return list(await self.place.running.store.read(notes.notes_of_ticket, number))

    async def said(self, asked: Message) -> list[tuple[str, str]]:
        """Author and text of everything said in the ticket, as the store has it."""
        number = (await self.ticket(asked)).ticket_id
        return [
            (each.author, each.text)
            for each in await self.place.running.store.read(messages.messages_of_ticket, number)
        ]

    async def corrections(self) -> list[dict[str, object]]:
        """Every correction, as it is exported."""
        start = utc_now().replace(year=2000)
        return await self.place.running.store.read(exported, start)

    def told(self, person: Person) -> list[str]:
        """What only this person was told, in the order it was said."""
        return [each.text for each in self.place.slack.ephemerals if each.only_for == person.id]


def actor(person: Person, key: str) -> Actor:
    """A person acting from a card."""
    return Actor(person.id, "card", key)


@pytest.fixture
async def agents(place: Workspace) -> Agents:
    """The desk at work: complaints go to people, refunds are drafted, the rest is answered."""
    agents = Agents(place)
    await place.start(POLICY)
    return agents
