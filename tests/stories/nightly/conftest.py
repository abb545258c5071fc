"""A desk with an agent who solves tickets, and the nights that follow."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from emulator.slack import Message, Person
from emulator.slack.outcome import Outcome
from storage.db.database import Session
from storage.nightly import article_drafts, nights
from storage.nightly.article_drafts import ArticleDraft
from storage.tickets import tickets
from storage.tickets.tables import CallRow, Ticket
from tests.support.workspace import Workspace

ASKED = "My rice cooker smells of plastic when it heats up. Is that dangerous?"
ANSWER = (
    "The smell comes from the film on the heating plate. Peel it off, boil water once, and pour "
    "it away: after that the cooker can be used."
)
QUIET = '\n[policy]\nproduct_inquiry = "human"\ncomplaint = "human"\nother = "human"\n'


class Nights:
    """The desk at night."""

    def __init__(self, place: Workspace, folder: Path) -> None:
        self.place = place
        place.articles = folder
        self.folder = folder
        self.mai = place.mai
        self.linh = place.linh
        self.duc = place.slack.add_user("duc", real_name="Duc Pham")
        place.agents.members.append(self.duc.id)
        # Half an hour after the next run is due, which looks a day back at most.
        now = datetime.now(UTC)
        three = now.replace(hour=3, minute=0)
        waits = three - timedelta(minutes=30) > now
        self.tomorrow = three if waits else three + timedelta(days=1)

    async def start(self, more: str = "") -> None:
        """Start the bot: everything goes to people, and the folder of articles is our own."""
        await self.place.start(f"{QUIET}{more}")

    async def solved(self, text: str = ASKED, answer: str = ANSWER) -> Message:
        """Linh asks, Mai answers in the thread and solves the ticket."""
        asked = await self.place.hears(self.linh, text)
        await self.mai.reply(asked, answer)
        await self.mai.reply(asked, "?solve")
        await self.place.settled()
        return asked

    async def look(self, later: timedelta = timedelta(0)) -> None:
        """The clock looks once, after half past two."""
        await self.place.running.nightly_run.continue_night(self.tomorrow + later)
        await self.place.running.article_drafts.wait_idle()
        await self.place.settled()

    async def over(self) -> None:
        """Look until the night is over."""
        for _ in range(200):
            await self.look()
            if await self.read(nights.night_under_way) is None:
                return
        raise AssertionError("the night does not end")

    async def read(self, work: Any, *args: Any) -> Any:
        """Ask the store."""
        return await self.place.running.store.read(work, *args)

    async def night(self) -> tuple[str, str | None]:
        """How the newest night ended."""
        night = await self.read(nights.latest_night)
        return night.state, night.problem

    async def ticket(self, asked: Message) -> Ticket:
        """The ticket of a message, as it is now."""
        ticket = await self.place.ticket(asked)
        assert ticket is not None
        return ticket

    async def batched(self) -> list[CallRow]:
        """The ledger's lines that came from batches."""
        return [call for call in await self.place.calls() if call.batch]

    async def drafts(self) -> Sequence[ArticleDraft]:
        """Every draft of an article."""
        return await self.place.running.store.read(_all)

    def cards(self) -> list[Message]:
        """The drafts' cards."""
        return [
            each
            for each in self.place.slack.messages(self.place.agents)
            if each.metadata and each.metadata["event_payload"]["key"].startswith("article:")
        ]

    async def press(self, person: Person, label: str) -> Outcome:
        """Press a button of the first draft's card."""
        outcome = await person.click(self.cards()[0], label)
        await self.place.settled()
        await self.place.running.article_drafts.wait_idle()
        return outcome

    def files(self) -> list[Path]:
        """The articles that were filed."""
        return sorted(self.folder.rglob("from-tickets/*.md"))

    def told(self, person: Person) -> list[str]:
        """What only this person was told."""
        return [each.text for each in self.place.slack.ephemerals if each.only_for == person.id]

    def announced(self) -> list[str]:
        """What the agents' channel says that is no card."""
        return [each.text for each in self.place.slack.messages(self.place.agents)]


def _all(session: Session) -> list[ArticleDraft]:
    return [
        found
        for number in range(1, 20)
        if (found := article_drafts.find_article_draft(session, number)) is not None
    ]


@pytest.fixture
def night(place: Workspace, tmp_path: Path) -> Nights:
    """A desk with a folder of articles of its own, which is not started yet."""
    folder = tmp_path / "articles"
    folder.mkdir()
    return Nights(place, folder)


__all__ = ["ANSWER", "ASKED", "Nights", "night", "tickets"]
