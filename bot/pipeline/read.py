"""What a message says: with its thread, and with what is attached, read in time and paid for."""

from dataclasses import fields, replace
from typing import Any

from bot.attachments.contents import NOTHING
from bot.attachments.progress import ProgressPosted, ReadingProgress
from bot.attachments.reader import AttachmentReader
from bot.config.desk import Desk
from bot.costs.spending import SpendGuard
from bot.messages.bursts import Request, request_of
from bot.messages.inbound import IncomingMessage
from bot.messages.outcomes import SPOKEN
from bot.messages.thread import Thread, thread_of
from bot.pipeline.context import Accepted, Assessed, Opened, Published, Read
from bot.pipeline.open import open_message
from bot.runtime.workflows import Workflows
from bot.workspace.port import Workspace
from storage.db.database import Database
from storage.tickets.messages import messages_before

# What became of a message when the customer was told something.
TOLD = SPOKEN | {"handed_over", "drafted"}


class ReadStage:
    """Reads a message's thread and attachments, and has the customer told about the latter."""

    def __init__(
        self,
        *,
        workflows: Workflows,
        store: Database,
        attachments: AttachmentReader,
        spend_guard: SpendGuard,
        desk: Desk,
        workspace: Workspace,
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._attachments = attachments
        self._spend_guard = spend_guard
        self._desk = desk
        self._workspace = workspace

    def begin_progress(self, opened: Opened) -> ReadingProgress:
        """The line about a message's files, of which nothing is said yet."""
        return ReadingProgress(self._workspace, self._workflows, opened.inbound, opened.language)

    async def read_thread(self, opened: Opened) -> Read:
        """What a message says in its thread, without a look at its files."""
        alone = opened.inbound.alone
        said = [] if alone else await self._store.read(messages_before, opened.inbound.key)
        thread = thread_of(said, opened.inbound.user) if said else Thread()
        heard = request_of(opened.ticket.heard)
        return Read(**vars(opened), heard=heard, thread=thread, attached=NOTHING, calls=())

    async def read(self, opened: Opened, progress: ReadingProgress) -> Read:
        """The message as it came in: a re-run has to begin with what the first run found."""
        read = await self.read_thread(opened)
        return await self._with_files(read, opened.inbound, progress)

    async def read_again(self, before: Assessed, heard: Request, progress: ReadingProgress) -> Read:
        """The message as its author has changed it since the round before, or added to it."""
        read = Read(
            **opened_of(before),
            heard=heard,
            thread=before.thread,
            attached=before.attached,
            calls=before.calls,
            standing=before.standing,
            judged=before.assessment,
        )
        return await self._with_files(read, heard, progress)

    async def apart(self, before: Assessed) -> Read:
        """The message without what is another matter; in its own ticket where it is that itself."""
        inbound, known = before.inbound, opened_of(before)
        heard, thread = before.heard, before.thread
        if before.assessment.apart[0] == inbound.key:
            accepted = Accepted(inbound=inbound.in_burst(None), recovered=before.recovered)
            opened = await open_message(self._store, accepted)
            known, heard, thread = vars(opened), request_of(opened.ticket.heard), Thread()
        return Read(
            **known,
            heard=heard,
            thread=thread,
            attached=before.attached,
            calls=before.calls,
            standing=before.standing,
            judged=before.assessment,
        )

    async def _with_files(
        self, read: Read, said: IncomingMessage | Request, progress: ReadingProgress
    ) -> Read:
        """Read what is attached and was not read in an earlier round."""
        inbound = read.inbound

        async def afford(tokens: int) -> bool:
            if self._spend_guard.refused:
                return False
            allowed = await self._spend_guard.allowance(inbound, read.calls)
            model = self._desk.models.triage
            self._spend_guard.expect(inbound, read.calls, "triage", model, besides=tokens)
            return allowed.level != "stopped"

        new = await self._attachments.read_attachments(
            said.text, said.files, read.attached, progress=progress, afford=afford
        )
        calls = (*read.calls, *new.calls)
        return replace(read, attached=read.attached.plus(new), calls=calls)

    async def tell_unread(
        self, read: Read, published: Published, progress: ReadingProgress
    ) -> Published:
        """Once something was said to the customer, say also what could not be read."""
        attached = read.attached
        noteworthy = attached.unread or any(document.parts > 1 for document in attached.papers)
        if not noteworthy or published.outcome not in TOLD:
            return published
        told = await self._workflows.step(
            "files", ProgressPosted, progress.end, attached, read.language
        )
        posts = (*published.posts, told.posted) if told.posted else published.posts
        return replace(published, posts=posts)


def opened_of(reached: Opened) -> dict[str, Any]:
    """What is known of a message since it was opened, without what later stages found."""
    return {each.name: getattr(reached, each.name) for each in fields(Opened)}
