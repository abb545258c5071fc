"""Answers that show in the customer's thread while they are being written.

A stream listens to the model: whatever part of the reply is allowed to show, a task of its own
writes into the thread, so that Slack never slows the model down nor the other way round. It ends
with a `Placeholder`: the message that stands there unfinished, and what the workflow says next
finishes it or takes its place. Nothing here decides what is said in the end.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import structlog

from bot.answers.answer import Answer
from bot.llm.streaming import Allowed
from bot.messages.inbound import IncomingMessage
from bot.values import Frozen
from bot.workspace.failures import CannotPost, StreamStopped
from bot.workspace.port import Workspace
from bot.workspace.posts import Placeholder, ReplyPlace
from storage.answers import streams
from storage.db.database import Database
from storage.tickets import tickets

# The part of a moment after which a status is worth its call: it goes by itself.
SHOWN = 0.5

log = structlog.get_logger("stream")


class StreamedAnswer(Frozen):
    """An answer, the message that was begun for it, and who stopped it ("" when nobody knows)."""

    answer: Answer
    standing: Placeholder | None = None
    stopped: str | None = None


class AnswerStream:
    """One reply and the message that shows it. A `bot.llm.streaming.ReplyListener`.

    Nothing shows in its first `patience` seconds, so that a short one is posted whole.
    `by` is who stopped it: somebody's user id, "" when Slack does not say, None when nobody did.
    """

    def __init__(
        self,
        workspace: Workspace,
        store: Database,
        inbound: IncomingMessage,
        standing: Placeholder | None,
        patience: float = 0,
    ) -> None:
        self._patience = patience
        self.place = place_of(inbound)
        self.stopped = False
        self.by: str | None = None
        self.standing = standing
        # Whether Slack may have a message of which we do not know where it stands.
        self._lost = False
        self._workspace = workspace
        self._store = store
        self.key = inbound.key
        self._after = inbound.ts
        self._halt: Callable[[], None] = _nothing
        self._allowed: Allowed = _not_a_word
        self._said: tuple[str, frozenset[str]] = ("", frozenset())
        self._text = ""
        self._over = asyncio.Event()
        self._more = asyncio.Event()

    @property
    def listens(self) -> bool:
        """Whether anything of the reply may show."""
        return self._allowed is not _not_a_word

    def show(self, allowed: Allowed) -> None:
        """From now on the reply shows as far as `allowed` says."""
        self._allowed = allowed

    def begin(self, stop: Callable[[], None]) -> None:
        """The model begins; if nobody wants it any more it need not."""
        self._halt = stop
        if self.stopped:
            stop()

    def hear(self, text: str, sources: frozenset[str]) -> None:
        """Take in what the model has said so far."""
        self._said = text, sources
        self._more.set()

    def stop(self, by: str) -> None:
        """End the reply at once: somebody pressed stop, or a person has taken over."""
        # Slack refuses the next piece with a word that names nobody; who it was may come after.
        self.by = self.by or by
        if not self.stopped:
            self.stopped = True
            self._halt()

    async def write(self) -> None:
        """Write what may show into the thread, until `end`. Never raises for what Slack does."""
        with suppress(TimeoutError):
            # An answer that is whole by then is one post.
            await asyncio.wait_for(self._over.wait(), self._patience)
        while True:
            await self._more.wait()
            self._more.clear()
            if self._over.is_set():
                return
            self._judge()
            try:
                await self._catch_up()
            except StreamStopped:
                self.stop("")
                return
            except CannotPost as error:
                log.info("not streamed", message=self.key, problem=str(error))
                return

    async def end(self, writing: asyncio.Task[None]) -> None:
        """The reply is over: let the piece under way arrive, and find what stands there."""
        self._over.set()
        self._more.set()
        await writing
        if self._lost:
            await self._find()

    def _judge(self) -> None:
        """How much of what was said may show. Judged here, so a reply posted whole never is."""
        allowed = self._allowed(*self._said)
        # What was shown stays: a check that takes a word back only ends the showing.
        if allowed.startswith(self._text) and len(allowed) > len(self._text):
            self._text = allowed

    async def _catch_up(self) -> None:
        shown = self.standing.shown if self.standing else ""
        fresh = self._text[len(shown or "") :]
        if not fresh or shown is None or self.stopped:
            return
        if self.standing is None:
            self._lost = True
            ts = await self._workspace.begin(self.place, fresh)
            self._lost = False
            self.standing = Placeholder(ts=ts, shown=fresh)
            await self._store.write(streams.stream_begun, self.key, self.place.channel, ts)
            return
        before = self.standing
        # Until Slack has said so, nobody knows whether the piece stands there.
        self.standing = Placeholder(ts=before.ts)
        await self._workspace.go_on(self.place, before.ts, fresh)
        self.standing = Placeholder(ts=before.ts, shown=self._text)

    async def _find(self) -> None:
        try:
            ts = await self._workspace.unfinished(self.place, self._after)
        except CannotPost as error:
            log.warning("not looked for", message=self.key, problem=str(error))
            return
        self.standing = Placeholder(ts=ts) if ts else None


class AnswerStreams:
    """The replies that are being written in this process, by their threads.

    What is whole within a `moment`, in seconds, needs no stream, and within half of it no status.
    """

    def __init__(self, workspace: Workspace, store: Database, moment: float = 0) -> None:
        self._moment = moment
        self._workspace = workspace
        self._store = store
        self._living: dict[tuple[str, str], AnswerStream] = {}

    @asynccontextmanager
    async def stream_for(
        self, inbound: IncomingMessage, standing: Placeholder | None, *, recovered: bool
    ) -> AsyncIterator[AnswerStream]:
        """A stream for the answer to a message; when the block ends its `standing` is known.

        What an earlier attempt began is given, or `recovered` by what was written down or in the
        thread itself. It is not continued but finished: nobody knows how far it had come.
        """
        place = place_of(inbound)
        if recovered:
            standing = await self._left(inbound)
        elif standing is not None:
            standing = Placeholder(ts=standing.ts)
        stream = AnswerStream(self._workspace, self._store, inbound, standing, self._moment)
        self._living[place.channel, place.thread_ts] = stream
        writing = asyncio.create_task(stream.write())
        try:
            yield stream
            await stream.end(writing)
        finally:
            writing.cancel()
            self._living.pop((place.channel, place.thread_ts), None)

    async def write(
        self,
        inbound: IncomingMessage,
        compose: Callable[[AnswerStream], Awaitable[Answer]],
        language: str,
        standing: Placeholder | None = None,
        *,
        recovered: bool,
    ) -> StreamedAnswer:
        """Compose an answer in the customer's sight: they see the work, and may stop it.

        What was shown by the end is returned with the answer, for the workflow to finish.
        """
        async with (
            self.stream_for(inbound, standing, recovered=recovered) as stream,
            self._status(inbound, language),
        ):
            answer = await compose(stream)
        return StreamedAnswer(answer=answer, standing=stream.standing, stopped=stream.by)

    @asynccontextmanager
    async def _status(self, inbound: IncomingMessage, language: str) -> AsyncIterator[None]:
        """Say in the pane of a direct conversation that the bot is at work, if it takes longer.

        Elsewhere nobody would see it.
        """
        over = asyncio.Event()

        async def show() -> None:
            try:
                await asyncio.wait_for(over.wait(), SHOWN * self._moment)
            except TimeoutError:
                await self._workspace.status(place_of(inbound), language, busy=True)

        showing = asyncio.create_task(show()) if inbound.direct else None
        try:
            yield
        finally:
            over.set()
            if showing is not None:
                # What is posted takes it away; one that came later would stay.
                await showing

    def stop(self, channel: str, thread_ts: str, by: str) -> bool:
        """Stop the reply in a thread, its model call included; False when there is none."""
        stream = self._living.get((channel, thread_ts))
        if stream is not None:
            stream.stop(by)
        return stream is not None

    async def heed_others(self) -> None:
        """Stop what is written where a person took over by way of another process."""
        living = {each.key: each for each in self._living.values() if not each.stopped}
        if not living:
            return
        for key in await self._store.read(tickets.taken_over, list(living)):
            living[key].stop("")

    async def _left(self, inbound: IncomingMessage) -> Placeholder | None:
        row = await self._store.read(streams.find_stream, inbound.key)
        if row is not None:
            return Placeholder(ts=row.ts)
        ts = await self._workspace.unfinished(place_of(inbound), inbound.ts)
        return Placeholder(ts=ts) if ts else None


def place_of(inbound: IncomingMessage) -> ReplyPlace:
    """Where the answer to a message is written, and for whom."""
    return ReplyPlace(
        team=inbound.user_team or inbound.team,
        channel=inbound.channel,
        thread_ts=inbound.root,
        user=inbound.user,
    )


def _nothing() -> None:
    """No call has begun."""


def _not_a_word(_text: str, _sources: frozenset[str]) -> str:
    return ""
