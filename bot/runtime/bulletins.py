"""What is wrong, and what is over, passed on in its order by a task of its own.

Not from within what met it: in a workflow another must not be begun by the way.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.runtime.tasks import BackgroundTasks

# An alarm's name, with its sentence, or with None when it is over.
TellAlarm = Callable[[str, str | None], Awaitable[None]]

log = structlog.get_logger("bulletins")


class Bulletins:
    """A queue from whoever notices something to whoever tells people of it.

    Until somebody hears it there is nothing to tell: `put` is then a no-op.
    """

    def __init__(self) -> None:
        self._queue: asyncio.Queue[tuple[str, str | None]] | None = None
        self._work = BackgroundTasks()

    def follow(self, tell: TellAlarm) -> None:
        """Tell of everything from here on."""
        self._queue = asyncio.Queue()
        self._work.begin(self._pass_on(self._queue, tell))

    def put(self, name: str, sentence: str | None) -> None:
        """An alarm stands, or with None is over."""
        if self._queue is not None:
            self._queue.put_nowait((name, sentence))

    async def stop(self) -> None:
        """Tell no more."""
        self._queue = None
        await self._work.stop()

    async def _pass_on(self, queue: asyncio.Queue[tuple[str, str | None]], tell: TellAlarm) -> None:
        while True:
            name, sentence = await queue.get()
            try:
                await tell(name, sentence)
            except Exception:
                log.exception("not told", alarm=name)
