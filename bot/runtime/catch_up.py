"""Which conversations are being read back; what comes in there by events waits for that."""

import asyncio
from contextlib import suppress

# The longest that an event waits for what was said before it. Seconds.
PATIENCE = 10.0


class CatchUp:
    """After an interruption what was missed begins first, so that a thread keeps its order."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self._patience = patience
        self._reading = True
        self._read: set[str] = set()
        self._changed = asyncio.Event()

    def begin(self) -> None:
        """All conversations are to be read back."""
        self._reading = True
        self._read.clear()

    def done(self, channel: str) -> None:
        """One of them was read back."""
        self._read.add(channel)
        self._changed.set()

    def over(self) -> None:
        """All were, as far as that could be done."""
        self._reading = False
        self._changed.set()

    async def passed(self, channel: str) -> None:
        """Wait until nothing of a conversation is missing, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while self._reading and channel not in self._read:
                    self._changed.clear()
                    await self._changed.wait()
