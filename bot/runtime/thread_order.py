"""One message of a thread at a time, oldest first."""

import asyncio
from bisect import insort
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

# A message that was announced but never came (its workflow was cancelled, say) must not block
# its thread for ever. Seconds.
PATIENCE = 60.0


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
