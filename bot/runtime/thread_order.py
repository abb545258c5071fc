"""One message of a thread at a time, oldest first."""

import asyncio
import time
from bisect import insort
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import structlog

from storage.db.database import Database, StoreFailure
from storage.stories import turns
from storage.stories.turns import TurnRow, Waited

# A message that was announced but never came (its workflow was cancelled, say) must not block
# its thread for ever. Seconds.
PATIENCE = 60.0
# Among several processes an announcement of which nothing comes is taken back; this is for none
# that is known. Seconds.
STANDSTILL = 300.0
# Seconds between two looks whether another process is done with the thread, at first and at most;
# longer where many threads wait, so that one process looks no more often than that in a second.
FIRST_LOOK, LONGEST_LOOK = 0.05, 0.5
MOST_LOOKS = 100


log = structlog.get_logger("order")


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


class _Waiter:
    """A message that waits for its turn in this process, and how long its thread may stand still.

    Of a thread the oldest in a process looks, now and then; the others wait until they are it.
    """

    def __init__(self, turn: TurnRow, patience: float) -> None:
        self.turn = turn
        self.changed = asyncio.Event()
        self._patience = patience
        self._until = time.monotonic() + patience
        self._before: Sequence[Waited] = ()
        self._pause = FIRST_LOOK

    def saw(self, waited: Sequence[Waited]) -> None:
        """Others are before it; where they have moved, or are at work, it is patient again."""
        if waited != self._before or any(executor for _, executor in waited):
            self._until = time.monotonic() + self._patience
        self._before = waited

    @property
    def patient(self) -> bool:
        """Whether the thread has not stood still for too long."""
        return time.monotonic() < self._until

    async def pause(self, waiting: int) -> None:
        """Wait until something has changed in this process, or it is time to look again.

        So many threads are `waiting` in this process.
        """
        crowd = waiting / MOST_LOOKS
        with suppress(TimeoutError):
            await asyncio.wait_for(self.changed.wait(), max(self._pause, crowd))
        self.changed.clear()
        self._pause = min(2 * self._pause, LONGEST_LOOK)


class SharedOrder:
    """Keeps the order of each thread's messages among all processes on a server.

    What was announced is a row (`storage/stories/turns.py`), written with the message. The rows
    alone say whose turn it is: a turn taken within the process first could wait for one that waits
    for it.
    """

    def __init__(self, store: Database, patience: float = STANDSTILL) -> None:
        self._store = store
        self._patience = patience
        self._waiting: dict[str, list[_Waiter]] = {}

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
        waiter = _Waiter(turn, self._patience)
        queue = self._waiting.setdefault(turn.thread, [])
        insort(queue, waiter, key=lambda each: each.turn.ts)
        try:
            while not await self._taken(queue, waiter):
                await waiter.pause(len(self._waiting))
        finally:
            queue.remove(waiter)
            self._wake(turn.thread)

    async def _taken(self, queue: Sequence[_Waiter], waiter: _Waiter) -> bool:
        """Look, and take the turn where it is free: looking alone keeps nobody from writing."""
        if queue[0] is not waiter:
            return False
        own, wait = waiter.turn, waiter.patient
        try:
            waited = await self._store.read(turns.before_turn, own, wait=wait)
            if waited is None:
                waited = await self._store.write(turns.begin_turn, own, wait=wait)
        except StoreFailure as error:
            log.warning("turn not known", thread=own.thread, error=type(error).__name__)
            return False
        if waited is not None:
            waiter.saw(waited)
        return waited is None

    async def _end(self, turn: TurnRow) -> None:
        """However often it takes: what was told is not undone by a database that is away."""
        while True:
            try:
                await self._store.write(turns.end_turn, turn.thread, turn.ts)
                break
            except StoreFailure as error:
                log.warning("turn not known", thread=turn.thread, error=type(error).__name__)
                await asyncio.sleep(LONGEST_LOOK)
        self._wake(turn.thread)

    def _wake(self, thread: str) -> None:
        queue = self._waiting.get(thread)
        if queue:
            queue[0].changed.set()
        elif queue is not None:
            del self._waiting[thread]
