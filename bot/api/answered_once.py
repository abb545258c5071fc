"""Answers that cost something, by the key of their request: the same request gets the same one."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine
from typing import Any

from pydantic import BaseModel

# Answers of this process that are remembered; the oldest go first.
MOST = 500


class AnsweredOnce:
    """A request that is sent again while it is answered, or soon after, waits for that answer."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, asyncio.Task[BaseModel]] = OrderedDict()

    async def answer(
        self, key: str, work: Callable[[], Coroutine[Any, Any, BaseModel]]
    ) -> BaseModel:
        """What `work` tells, the first time; a failure is not remembered."""
        task = self._answers.get(key)
        if task is None:
            task = asyncio.create_task(work())
            self._answers[key] = task
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        try:
            return await asyncio.shield(task)
        except BaseException:
            if task.done():
                self._answers.pop(key, None)
            raise
