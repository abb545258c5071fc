"""One line in the customer's thread about what is attached: how far it is read, what was not.

The line is posted when a long document is begun, reworded while it is read, and reworded once more
when the message is answered. Without anything to tell there is none.
"""

import structlog

from bot.attached import Attached, Paper, Unread
from bot.engine import Engine
from bot.frontdesk import CannotPost, FrontDesk, Posted, Say
from bot.inbound import Frozen, Inbound
from bot.phrases import phrase, unread
from bot.prompt import one_line

log = structlog.get_logger("progress")


class Told(Frozen):
    """The line as it stands in the end, if there is one."""

    posted: Posted | None = None


class Progress:
    """Keeps the line of one message."""

    def __init__(
        self, front: FrontDesk, engine: Engine, inbound: Inbound, language: str | None
    ) -> None:
        self._front = front
        self._engine = engine
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

    async def end(self, attached: Attached, language: str | None) -> Told:
        """Say what was read and what could not be; nothing when there is nothing to tell."""
        read = [_read(paper, language) for paper in attached.papers if paper.parts > 1]
        text = " ".join([*read, *(_sentence(each, language) for each in attached.unread)])
        if not text or self._inbound.mode == "shadow":
            return Told()
        await self._put(text)
        line = self._line
        return Told(posted=line.model_copy(update={"text": text}) if line else None)

    async def _put(self, text: str) -> None:
        say = Say(
            key=f"{self._inbound.key}:files",
            kind="line",
            channel=self._inbound.channel,
            thread_ts=self._inbound.root,
            text=text,
        )
        if self._line is not None:
            await self._front.reword(say, self._line.ts)
            return
        known = self._tried or self._engine.recovered(self._inbound.key)
        self._tried = True
        try:
            self._line = await self._front.say(say, recovered=known)
        except CannotPost as error:
            log.warning("no line", message=self._inbound.key, problem=str(error))
            return
        if known:
            # What was found may be older words.
            await self._front.reword(say, self._line.ts)


def _read(paper: Paper, language: str | None) -> str:
    name = _named(paper.file.name, language)
    return phrase("read", language, file=name, parts=str(paper.parts))


def _sentence(each: Unread, language: str | None) -> str:
    return unread(each.problem, language, name=_named(each.name, language), count=each.count)


def _named(name: str, language: str | None) -> str:
    """A file's name, which is somebody's text, in one line; the message itself has none."""
    return one_line(name)[:80] if name else phrase("long_message", language)
