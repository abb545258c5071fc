"""While many messages are at one stage, later stages give way to them."""

import asyncio
from contextlib import suppress
from types import TracebackType

# More than this many are waited for.
FEW = 4
# Seconds for which work that has ended still counts: more may follow right behind.
BEAT = 0.05
# Seconds after which those who give way look again: a process that was held up has more to read.
LOOK = 0.01
# The longest that anybody gives way for. Seconds.
PATIENCE = 0.5


class Backpressure:
    """Those who are inside `with crowd:`, or were so within `beat` seconds.

    Nobody gives way to them for longer than `patience` seconds.
    """

    def __init__(self, beat: float = BEAT, patience: float = PATIENCE) -> None:
        self._beat = beat
        self._patience = patience
        self._here = 0
        self._few = asyncio.Event()
        self._few.set()

    def __enter__(self) -> None:
        self._count(1)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.get_running_loop().call_later(self._beat, self._count, -1)

    async def passed(self) -> None:
        """Wait until there are few, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._patience):
                while self._here > FEW:
                    await self._few.wait()
                    await asyncio.sleep(LOOK)

    def _count(self, more: int) -> None:
        self._here += more
        if self._here > FEW:
            self._few.clear()
        else:
            self._few.set()
