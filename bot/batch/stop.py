"""Stopping: one reason, seen by everything that is under way."""

import asyncio

from bot.llm.structured import Stopped


class StopSignal:
    """Not stopped until somebody says why; the first reason stands."""

    def __init__(self) -> None:
        self.why: str | None = None
        self._said = asyncio.Event()

    def now(self, why: str) -> None:
        """Stop: nothing new is begun, and nobody waits for what can be had later."""
        self.why = self.why or why
        self._said.set()

    async def said(self) -> str:
        """Wait until it is time to stop; answers why."""
        await self._said.wait()
        return str(self.why)

    def check(self) -> None:
        """Raise Stopped if it is time to."""
        if self.why is not None:
            raise Stopped(self.why)

    async def rest(self, seconds: float) -> None:
        """Wait, unless it is time to stop; then raise Stopped."""
        if seconds > 0 and self.why is None:
            try:
                await asyncio.wait_for(self._said.wait(), seconds)
            except TimeoutError:
                return
        self.check()
