"""What is attached to a message, within its story: read in time, paid for, and told of."""

from collections.abc import Sequence

from bot.attachments import Attachments
from bot.desk import Desk
from bot.engine import Engine
from bot.frontdesk import FrontDesk
from bot.inbound import File, Inbound
from bot.journal import SPOKEN, Acted, Journal
from bot.progress import Progress, Told
from bot.till import Till

# What became of a message when the customer was told something.
TOLD = SPOKEN | {"handed_over", "drafted"}


class Attending:
    """Has attachments read for a story, and the customer told about them."""

    def __init__(
        self, engine: Engine, attachments: Attachments, till: Till, desk: Desk, front: FrontDesk
    ) -> None:
        self._engine = engine
        self._attachments = attachments
        self._till = till
        self._desk = desk
        self._front = front

    def begin(self, inbound: Inbound, language: str | None) -> Progress:
        """The line about a message's files, of which nothing is said yet."""
        return Progress(self._front, self._engine, inbound, language)

    async def read(
        self, journal: Journal, text: str, files: Sequence[File], progress: Progress
    ) -> None:
        """Read what is attached and was not read in an earlier round."""
        inbound, known = journal.inbound, journal.attached

        async def afford(tokens: int) -> bool:
            if self._till.refused:
                return False
            allowed = await self._till.allowance(inbound, journal.calls)
            model = self._desk.models.triage
            self._till.expect(inbound, journal.calls, "triage", model, besides=tokens)
            return allowed.level != "stopped"

        new = await self._attachments.read(text, files, known, progress=progress, afford=afford)
        journal.attached = known.plus(new)
        journal.calls += new.calls

    async def told(self, journal: Journal, acted: Acted, progress: Progress) -> Acted:
        """Once something was said to the customer, say also what could not be read."""
        attached = journal.attached
        noteworthy = attached.unread or any(paper.parts > 1 for paper in attached.papers)
        if not noteworthy or acted.outcome not in TOLD:
            return acted
        told = await self._engine.step("files", Told, progress.end, attached, journal.language)
        posts = (*acted.posts, told.posted) if told.posted else acted.posts
        return acted.model_copy(update={"posts": posts})
