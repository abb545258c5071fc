"""Background tasks: work that goes on beside the workflows, followed until it ends."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Self, TypeVar

import structlog

log = structlog.get_logger("background")


class Stoppable:
    """Is stopped at the end of its `async with` block."""

    async def stop(self) -> None:
        """End what is under way; what is left is for the next start."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.stop()


class BackgroundTasks(Stoppable):
    """What is under way. A failure that nobody caught is logged here, for nobody awaits it."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin the work; it goes on when the caller does."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def wait_idle(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self, grace: float = 0) -> None:
        """Give what is under way some seconds to end, and break off the rest."""
        if self._tasks and grace:
            await asyncio.wait(self._tasks, timeout=grace)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.error("background task failed", exc_info=error)


WorkValue = TypeVar("WorkValue")


@asynccontextmanager
async def alongside(work: Coroutine[Any, Any, WorkValue]) -> AsyncIterator[asyncio.Task[WorkValue]]:
    """Begin the work; whoever needs its result awaits the task, and without anybody it is dropped.

    A failure shows where the task is awaited, and nowhere else.
    """
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
