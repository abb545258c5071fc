"""Taking messages in: written down, acknowledged, and only then begun.

Messages that arrive together are written down in one commit, so that a crowd is acknowledged about
as soon as a single one. Nobody is greeted while there is a crowd at the door, and no story begins
while a crowd is greeted; it is begun at the next start when the process ends before.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.crowd import Crowd
from bot.engine import Engine
from bot.errands import Errands
from bot.inbound import Inbound
from bot.lanes import Lanes
from storage import inbox
from storage.database import Database

STORY = "message"
# Seconds that a story waits before it is begun again after a failure, and that those about to begin
# are given when the process stops.
PAUSE = 1.0
GRACE = 1.0

log = structlog.get_logger("reception")


class Reception:
    """Writes messages down and begins their stories; `greet` lets the author see it."""

    def __init__(
        self,
        engine: Engine,
        store: Database,
        lanes: Lanes,
        greet: Callable[[Inbound], Awaitable[None]],
    ) -> None:
        self._engine = engine
        self._store = store
        self._lanes = lanes
        self._greet = greet
        self._coming: set[str] = set()
        self._at_the_door = Crowd()
        self._greeting = Crowd()
        self._errands = Errands()

    async def accept(self, inbound: Inbound) -> None:
        """Write a message down durably; once this returns it is not lost. Twice is a no-op."""
        if inbound.key in self._coming or self._engine.under_way(inbound.key):
            return
        self._expect(inbound)
        fresh = False
        try:
            payload = inbound.model_dump(mode="json")
            with self._at_the_door:
                fresh = await self._store.write(inbox.put, inbound.key, payload)
        finally:
            if not fresh:
                self._forget(inbound)
        if fresh:
            self._begin(inbound)

    async def resume(self) -> None:
        """Begin what an earlier process took in and did not begin."""
        for payload in await self._store.read(inbox.waiting):
            inbound = Inbound.model_validate(payload)
            if not self._engine.under_way(inbound.key):
                self._expect(inbound)
                self._begin(inbound)

    async def quiet(self) -> None:
        """Wait until every message that was taken in has its story."""
        await self._errands.quiet()

    async def stop(self) -> None:
        """Begin no more; what was taken in is begun at the next start."""
        await self._errands.stop(GRACE)

    def _expect(self, inbound: Inbound) -> None:
        self._coming.add(inbound.key)
        self._lanes.join(inbound.thread, inbound.ts)

    def _forget(self, inbound: Inbound) -> None:
        self._coming.discard(inbound.key)
        self._lanes.leave(inbound.thread, inbound.ts)

    def _begin(self, inbound: Inbound) -> None:
        self._errands.begin(self._hand_on(inbound))

    async def _hand_on(self, inbound: Inbound) -> None:
        """Begin the story, however often it takes: nobody will send the message again."""
        while True:
            try:
                await self._at_the_door.passed()
                with self._greeting:
                    await self._greet(inbound)
                await self._greeting.passed()
                payload = inbound.model_dump(mode="json")
                started = await self._engine.submit(STORY, inbound.key, payload)
                if not started:
                    await self._store.write(inbox.remove, inbound.key)
            except Exception:
                log.exception("story not begun", message=inbound.key)
                await asyncio.sleep(PAUSE)
                continue
            if started:
                self._coming.discard(inbound.key)
            else:
                self._forget(inbound)
            return
