"""Work that goes on beside other work, and ends with it."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

Value = TypeVar("Value")


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, Value]) -> AsyncIterator[asyncio.Task[Value]]:
    """Begin the work; whoever needs its result awaits the task, and without anybody it is dropped.

    A failure shows where the task is awaited, and nowhere else.
    """
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
