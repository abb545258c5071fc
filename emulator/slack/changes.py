"""Waiting for the workspace to reach a state, woken by changes instead of polling."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """Whoever changes the workspace calls `touch`; whoever waits is woken and looks again."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    def touch(self) -> None:
        """Something a person, a bot or a test could see has changed."""
        for event in self._waiting:
            event.set()

    async def until(self, predicate: Callable[[], T], patience: float) -> T:
        """The first truthy value of the predicate; TimeoutError after `patience` seconds."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(patience):
                while not (found := predicate()):
                    event.clear()
                    await event.wait()
                return found
        finally:
            self._waiting.discard(event)
