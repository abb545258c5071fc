"""One message of a thread at a time, oldest first."""

import asyncio
import time
from bisect import insort
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from storage.db.database import Database
from storage.stories import turns
from storage.stories.turns import TurnRow

# A message that was announced but never came (its workflow was cancelled, say) must not block
# its thread for ever. Seconds.
PATIENCE = 60.0
# Seconds between two looks whether another process is done with the thread.
LOOK = 0.1


@dataclass
class _ThreadQueue:
    waiting: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    busy: bool = False


class ThreadOrder:
    """Keeps the order of each thread's messages within this process.

    A message joins the queue of its thread when it is accepted, so that one which arrives later
    cannot overtake it; the turn goes to the smallest `ts` that has joined and is not finished.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._thread_order: dict[str, _ThreadQueue] = {}
        self._patience = patience

    def join(self, thread: str, ts: str) -> None:
        """Announce a message; announcing it twice changes nothing."""
        queue = self._thread_order.setdefault(thread, _ThreadQueue())
        if ts not in queue.waiting:
            insort(queue.waiting, ts)

    def leave(self, thread: str, ts: str) -> None:
        """Take back an announcement: nothing will come of it."""
        queue = self._thread_order.get(thread)
        if queue is not None:
            self._leave(thread, queue, ts)

    def occupied(self, thread: str) -> bool:
        """Whether any message of the thread is waiting or being handled."""
        return thread in self._thread_order

    async def expects(self, thread: str) -> bool:
        """The same, as far as anybody knows."""
        return self.occupied(thread)

    @asynccontextmanager
    async def turn(self, thread: str, ts: str) -> AsyncIterator[None]:
        """Wait for the message's turn and hold the thread until the block ends."""
        self.join(thread, ts)
        queue = self._thread_order[thread]
        try:
            await self._reach(queue, ts)
            queue.busy = True
            try:
                yield
            finally:
                queue.busy = False
        finally:
            self._leave(thread, queue, ts)

    async def _reach(self, queue: _ThreadQueue, ts: str) -> None:
        while queue.busy or queue.waiting[0] != ts:
            queue.changed.clear()
            try:
                async with asyncio.timeout(self._patience):
                    await queue.changed.wait()
            except TimeoutError:
                if not queue.busy:
                    return

    def _leave(self, thread: str, queue: _ThreadQueue, ts: str) -> None:
        if ts in queue.waiting:
            queue.waiting.remove(ts)
        queue.changed.set()
        if not queue.waiting and not queue.busy:
            self._thread_order.pop(thread, None)


class _Patience:
    """How long a thread may stand still."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self.renew()

    def renew(self) -> None:
        """Something has moved."""
        self._until = time.monotonic() + self._seconds

    @property
    def over(self) -> bool:
        """Whether it has stood still for too long."""
        return time.monotonic() > self._until


class SharedOrder:
    """Keeps the order of each thread's messages among all processes on a server.

    What was announced is a row (`storage/stories/turns.py`), written with the message, so there is
    nothing to be joined or left here. The rows alone say whose turn it is: a turn taken within the
    process first could wait for one that waits for it.
    """

    def __init__(self, store: Database, patience: float = PATIENCE) -> None:
        self._store = store
        self._patience = patience
        self._waiting: dict[str, set[asyncio.Event]] = {}

    async def expects(self, thread: str) -> bool:
        """Whether any message of the thread is waiting or being handled, in whatever process."""
        return await self._store.read(turns.turns_in, thread)

    @asynccontextmanager
    async def turn(self, turn: TurnRow) -> AsyncIterator[None]:
        """Wait for the message's turn and hold the thread until the block ends.

        A turn that is broken off stays taken: the story will be told by another process.
        """
        await self._take(turn)
        try:
            yield
        except Exception:
            await self._end(turn)
            raise
        await self._end(turn)

    async def _take(self, turn: TurnRow) -> None:
        thread, ended = turn.thread, asyncio.Event()
        self._waiting.setdefault(thread, set()).add(ended)
        patience, before = _Patience(self._patience), None
        try:
            while waited := await self._store.write(turns.begin_turn, turn, wait=not patience.over):
                at_work = any(executor for _, executor in waited)
                if at_work or waited != before:
                    patience.renew()
                before = waited
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), LOOK)
                ended.clear()
        finally:
            self._waiting[thread].discard(ended)
            if not self._waiting[thread]:
                del self._waiting[thread]

    async def _end(self, turn: TurnRow) -> None:
        await self._store.write(turns.end_turn, turn.thread, turn.ts)
        for each in self._waiting.get(turn.thread, ()):
            each.set()
