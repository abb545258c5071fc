"""What is attached to a message, within its story: read in time, paid for, and told of."""

from collections.abc import Sequence

from bot.attachments.progress import ProgressPosted, ReadingProgress
from bot.attachments.reader import AttachmentReader
from bot.config.desk import Desk
from bot.costs.spending import SpendGuard
from bot.messages.inbound import File, IncomingMessage
from bot.messages.outcomes import SPOKEN
from bot.pipeline.record import Acted, MessageContext
from bot.runtime.workflows import Workflows
from bot.workspace.port import Workspace

# What became of a message when the customer was told something.
TOLD = SPOKEN | {"handed_over", "drafted"}


class ReadStage:
    """Has attachments read for a story, and the customer told about them."""

    def __init__(
        self,
        workflows: Workflows,
        attachments: AttachmentReader,
        spend_guard: SpendGuard,
        desk: Desk,
        workspace: Workspace,
    ) -> None:
        self._workflows = workflows
        self._attachments = attachments
        self._spend_guard = spend_guard
        self._desk = desk
        self._workspace = workspace

    def begin_progress(self, inbound: IncomingMessage, language: str | None) -> ReadingProgress:
        """The line about a message's files, of which nothing is said yet."""
        return ReadingProgress(self._workspace, self._workflows, inbound, language)

    async def read_attachments(
        self, context: MessageContext, text: str, files: Sequence[File], progress: ReadingProgress
    ) -> None:
        """Read what is attached and was not read in an earlier round."""
        inbound, known = context.inbound, context.attached

        async def afford(tokens: int) -> bool:
            if self._spend_guard.refused:
                return False
            allowed = await self._spend_guard.allowance(inbound, context.calls)
            model = self._desk.models.triage
            self._spend_guard.expect(inbound, context.calls, "triage", model, besides=tokens)
            return allowed.level != "stopped"

        new = await self._attachments.read_attachments(
            text, files, known, progress=progress, afford=afford
        )
        context.attached = known.plus(new)
        context.calls += new.calls

    async def tell_unread(
        self, context: MessageContext, acted: Acted, progress: ReadingProgress
    ) -> Acted:
        """Once something was said to the customer, say also what could not be read."""
        attached = context.attached
        noteworthy = attached.unread or any(document.parts > 1 for document in attached.papers)
        if not noteworthy or acted.outcome not in TOLD:
            return acted
        told = await self._workflows.step(
            "files", ProgressPosted, progress.end, attached, context.language
        )
        posts = (*acted.posts, told.posted) if told.posted else acted.posts
        return acted.model_copy(update={"posts": posts})
