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
class _Lane:
    waiting: list[str] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    busy: bool = False


class Lanes:
    """Keeps the order of each thread's messages within this process.

    A message joins its lane when it is accepted, so that one which arrives later cannot overtake
    it; the turn is granted to the smallest `ts` that has joined and is not finished.
    """

    def __init__(self, patience: float = PATIENCE) -> None:
        self._lanes: dict[str, _Lane] = {}
        self._patience = patience

    def join(self, thread: str, ts: str) -> None:
        """Announce a message; announcing it twice changes nothing."""
        lane = self._lanes.setdefault(thread, _Lane())
        if ts not in lane.waiting:
            insort(lane.waiting, ts)

    def leave(self, thread: str, ts: str) -> None:
        """Take back an announcement: nothing will come of it."""
        lane = self._lanes.get(thread)
        if lane is not None:
            self._leave(thread, lane, ts)

    def occupied(self, thread: str) -> bool:
        """Whether any message of the thread is waiting or being handled."""
        return thread in self._lanes

    @asynccontextmanager
    async def turn(self, thread: str, ts: str) -> AsyncIterator[None]:
        """Wait for the message's turn and hold the thread until the block ends."""
        self.join(thread, ts)
        lane = self._lanes[thread]
        try:
            await self._reach(lane, ts)
            lane.busy = True
            try:
                yield
            finally:
                lane.busy = False
        finally:
            self._leave(thread, lane, ts)

    async def _reach(self, lane: _Lane, ts: str) -> None:
        while lane.busy or lane.waiting[0] != ts:
            lane.changed.clear()
            try:
                async with asyncio.timeout(self._patience):
                    await lane.changed.wait()
            except TimeoutError:
                if not lane.busy:
                    return

    def _leave(self, thread: str, lane: _Lane, ts: str) -> None:
        if ts in lane.waiting:
            lane.waiting.remove(ts)
        lane.changed.set()
        if not lane.waiting and not lane.busy:
            self._lanes.pop(thread, None)
