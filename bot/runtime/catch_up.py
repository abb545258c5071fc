"""Which conversations are being read back; what is said there waits for that, in its order."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

# The longest that an event waits for what was said before it. Seconds.
PATIENCE = 10.0


class CatchUp:
    """After an interruption what was missed begins first, so that a thread keeps its order."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._reading = True
        self._round = 0
        self._read: set[str] = set()
        self._taken_in: set[str] = set()
        self._waiting: Counter[str] = Counter()
        self._changed = asyncio.Event()

    def begin(self) -> None:
        """All conversations are to be read back."""
        self._reading = True
        self._round += 1
        self._read.clear()

    @property
    def round(self) -> int:
        """Which interruption it is that is being made up for."""
        return self._round

    def done(self, channel: str, of_round: int) -> None:
        """A conversation was read back; what was missed in a later interruption is not."""
        if of_round == self._round:
            self._read.add(channel)
        self._changed.set()

    @contextmanager
    def taking_in(self, channel: str) -> Iterator[None]:
        """What was missed in a conversation is taken in inside the block, and begins after it."""
        self._taken_in.add(channel)
        try:
            yield
        finally:
            self._taken_in.discard(channel)
            self._changed.set()

    def over(self, of_round: int) -> None:
        """All were read back, as far as that could be done, unless there was one more since."""
        if of_round == self._round:
            self._reading = False
        self._changed.set()

    def waited_for(self, channel: str) -> bool:
        """Whether something waits for a conversation."""
        return self._waiting[channel] > 0

    async def passed(self, channel: str, within: float | None = None) -> None:
        """Wait until nothing of a conversation is missing, but not for ever (`within` seconds)."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience if within is None else within):
                await self._until(channel, lambda: self._complete(channel))

    async def taken_in(self, channel: str) -> None:
        """What was missed itself waits for all of it: a later word may have made it needless."""
        await self.passed(channel)
        await self._until(channel, lambda: channel not in self._taken_in)

    async def may_begin(self, channel: str, *, missed: bool) -> None:
        """Wait until a story may begin, of what was missed or of what came by event."""
        await (self.taken_in(channel) if missed else self.passed(channel))

    def _complete(self, channel: str) -> bool:
        return channel not in self._taken_in and (not self._reading or channel in self._read)

    async def _until(self, channel: str, complete: Callable[[], bool]) -> None:
        self._waiting[channel] += 1
        try:
            while not complete():
                self._changed.clear()
                await self._changed.wait()
        finally:
            self._waiting -= Counter([channel])
