"""The order of messages within their threads: in this process, or among several.

A message is expected from when it is taken in until its story is over, so that one which comes
later cannot overtake it, and so that whoever asks meanwhile knows that its thread becomes a ticket.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from bot.messages.inbound import IncomingMessage
from bot.runtime.tasks import BackgroundTasks
from bot.runtime.thread_order import SharedOrder, ThreadOrder
from bot.runtime.workflows import Workflows
from storage.db.database import Database
from storage.stories import turns
from storage.stories.turns import TurnRow

# Seconds between two looks whether a story that was begun elsewhere is over: at first, and at most,
# for after a crash there may be hundreds of them that only wait for their turn.
LOOK, LONGEST_LOOK = 1.0, 30.0


class MessageOrder:
    """As one process remembers it."""

    def __init__(self) -> None:
        self._threads = ThreadOrder()
        # Who asks something in a talk that was left alone, by the talk's thread.
        self._overheard: defaultdict[str, set[str]] = defaultdict(set)

    def row(self, inbound: IncomingMessage) -> TurnRow | None:  # noqa: ARG002 - others have one
        """What is written down with a message, for other processes."""
        return None

    async def announced(self, inbound: IncomingMessage) -> bool:  # noqa: ARG002 - nobody else is there
        """Announce what is in the inbox already; False where another process has."""
        return True

    def expect(self, inbound: IncomingMessage) -> None:
        """It is about to be begun here."""
        if inbound.pulled == "overheard":
            self._overheard[inbound.thread].add(inbound.key)
        self._threads.join(inbound.thread, inbound.said_ts)

    def forget(self, inbound: IncomingMessage) -> None:
        """Nothing comes of it here."""
        self._heard_out(inbound)
        self._threads.leave(inbound.thread, inbound.said_ts)

    async def begun_before(self, inbound: IncomingMessage) -> None:
        """Its story was begun before, here or elsewhere, or is over."""
        self.forget(inbound)

    async def expects(self, thread: str) -> bool:
        """Whether any message of a thread waits or is being handled."""
        return self._threads.occupied(thread)

    async def overhears(self, thread: str) -> bool:
        """Whether a thread is a ticket only until it is known whether the desk was meant there."""
        return thread in self._overheard

    @asynccontextmanager
    async def turn(self, inbound: IncomingMessage) -> AsyncIterator[None]:
        """The messages of a thread have their turns, oldest first."""
        async with self._threads.turn(inbound.thread, inbound.said_ts):
            yield

    async def part(self, thread: str, ts: str) -> None:
        """A message is to be in a thread of its own; who replies to it waits for its story."""
        self._threads.join(thread, ts)

    def done(self, inbound: IncomingMessage) -> None:
        """Its story is over: who replies to it waits no longer."""
        self._heard_out(inbound)
        self._threads.leave(inbound.key, inbound.ts)

    async def take_over(self, dead: str) -> Sequence[TurnRow]:  # noqa: ARG002 - nobody else is there
        """What a process that died had taken in and not begun is this one's from now on."""
        return ()

    async def stop(self) -> None:
        """Look after nothing more."""

    def _heard_out(self, inbound: IncomingMessage) -> None:
        waiting = self._overheard.get(inbound.thread, set())
        waiting.discard(inbound.key)
        if not waiting:
            self._overheard.pop(inbound.thread, None)


class SharedMessageOrder(MessageOrder):
    """As all processes on a server see it: a row for each message that is expected."""

    def __init__(self, store: Database, workflows: Workflows) -> None:
        super().__init__()
        self._store = store
        self._workflows = workflows
        self._shared = SharedOrder(store)
        self._looking = BackgroundTasks()

    def row(self, inbound: IncomingMessage) -> TurnRow:
        return TurnRow(
            thread=inbound.thread,
            ts=inbound.said_ts,
            story=inbound.story,
            executor=self._workflows.replicas.executor,
            overheard=inbound.pulled == "overheard",
        )

    async def announced(self, inbound: IncomingMessage) -> bool:
        return await self._store.write(turns.join_turn, self.row(inbound))

    def expect(self, inbound: IncomingMessage) -> None:
        """The row was written with the message."""

    def forget(self, inbound: IncomingMessage) -> None:
        """The row goes with its story, or was never written."""

    async def begun_before(self, inbound: IncomingMessage) -> None:
        self._looking.begin(self._follow(self.row(inbound)))

    async def expects(self, thread: str) -> bool:
        return await self._shared.expects(thread)

    async def overhears(self, thread: str) -> bool:
        return await self._store.read(turns.overheard_in, thread)

    @asynccontextmanager
    async def turn(self, inbound: IncomingMessage) -> AsyncIterator[None]:
        async with self._shared.turn(self.row(inbound)):
            yield
            if inbound.burst_ts:
                # It may have been parted, and has been waited for in a thread of its own.
                await self._store.write(turns.end_turn, inbound.key, inbound.ts)

    async def part(self, thread: str, ts: str) -> None:
        executor = self._workflows.replicas.executor
        row = TurnRow(thread=thread, ts=ts, story=thread, executor=executor)
        await self._store.write(turns.join_turn, row)

    def done(self, inbound: IncomingMessage) -> None:
        """The row goes at the end of the turn."""

    async def take_over(self, dead: str) -> Sequence[TurnRow]:
        executor = self._workflows.replicas.executor
        rows = await self._store.write(turns.take_over_turns, dead, executor)
        for each in rows:
            self._looking.begin(self._follow(each))
        return rows

    async def stop(self) -> None:
        await self._looking.stop()

    async def _follow(self, row: TurnRow) -> None:
        """Take back an announcement whose story is over: it was over before it was announced."""
        pause = LOOK
        while True:
            standing = await self._store.read(turns.find_turn, row.thread, row.ts)
            if standing is None or standing.begun:
                return
            if await self._workflows.over(row.story):
                await self._store.write(turns.end_turn, row.thread, row.ts, begun=False)
                return
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_LOOK)
