"""One line in the customer's thread about what is attached: how far it is read, what was not.

The line is posted when a long document is begun, reworded while it is read, and reworded once more
when the message is answered. Without anything to tell there is none.
"""

import structlog

from bot.attachments.contents import MESSAGE, AttachmentContents, DocumentContents, UnreadFile
from bot.llm.prompts import one_line
from bot.messages.inbound import IncomingMessage
from bot.runtime.workflows import Workflows
from bot.text.phrases import phrase, unread
from bot.values import Frozen
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from bot.workspace.posts import Posted, Reply

log = structlog.get_logger("progress")


class ProgressPosted(Frozen):
    """The line as it stands in the end, if there is one."""

    posted: Posted | None = None


class ReadingProgress:
    """Keeps the line of one message."""

    def __init__(
        self,
        workspace: Workspace,
        workflows: Workflows,
        inbound: IncomingMessage,
        language: str | None,
    ) -> None:
        self._workspace = workspace
        self._workflows = workflows
        self._inbound = inbound
        self._language = language
        self._line: Posted | None = None
        self._tried = False

    async def __call__(self, name: str, done: int, parts: int) -> None:
        """Say how many parts of a document are read. Never raises, and never in shadow."""
        if self._inbound.mode == "shadow":
            return
        named = _named(name, self._language)
        text = phrase("reading", self._language, file=named, done=str(done), parts=str(parts))
        await self._put(text)

    async def end(self, attached: AttachmentContents, language: str | None) -> ProgressPosted:
        """Say what was read and what could not be; nothing when there is nothing to tell."""
        read = [_read(document, language) for document in attached.papers if document.parts > 1]
        text = " ".join([*read, *(_sentence(each, language) for each in attached.unread)])
        if not text or self._inbound.mode == "shadow":
            return ProgressPosted()
        await self._put(text)
        line = self._line
        return ProgressPosted(posted=line.model_copy(update={"text": text}) if line else None)

    async def _put(self, text: str) -> None:
        say = Reply(
            key=f"{self._inbound.key}:files",
            kind="line",
            channel=self._inbound.channel,
            thread_ts=self._inbound.root,
            text=text,
        )
        if self._line is not None:
            await self._workspace.reword(say, self._line.ts)
            return
        known = self._tried or self._workflows.recovered(self._inbound.story)
        self._tried = True
        try:
            self._line = await self._workspace.say(say, recovered=known)
        except CannotPost as error:
            log.warning("no line", message=self._inbound.key, problem=str(error))
            return
        if known:
            # What was found may be older words.
            await self._workspace.reword(say, self._line.ts)


def _read(document: DocumentContents, language: str | None) -> str:
    name = _named(document.file.name, language)
    return phrase("read", language, file=name, parts=str(document.parts))


def _sentence(each: UnreadFile, language: str | None) -> str:
    return unread(each.problem, language, name=_unread_name(each, language), count=each.count)


def _unread_name(each: UnreadFile, language: str | None) -> str:
    nameless = not each.name and each.id != MESSAGE
    return phrase("a_file", language) if nameless else _named(each.name, language)


def _named(name: str, language: str | None) -> str:
    """A file's name, which is somebody's text, in one line; the message itself has none."""
    return one_line(name)[:80] if name else phrase("long_message", language)
