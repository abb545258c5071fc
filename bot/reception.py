"""Taking messages in: written down, acknowledged, and only then begun.

Messages that arrive together are written down in one commit, so that a crowd is acknowledged about
as soon as a single one. A story that has not begun gives way to a crowd at the door; it is begun
again at the next start when the process ends before.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from bot.engine import Engine
from bot.errands import Errands
from bot.inbound import Inbound
from bot.lanes import Lanes
from storage import inbox
from storage.database import Database

STORY = "message"
# More than this many arriving at once are a crowd.
CROWD = 4
# Seconds that a story gives way for, that one waits before it is begun again after a failure, and
# that those about to begin are given when the process stops.
PATIENCE = 1.0
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
        self._arriving = 0
        self._clear = asyncio.Event()
        self._clear.set()
        self._errands = Errands()

    async def accept(self, inbound: Inbound) -> None:
        """Write a message down durably; once this returns it is not lost. Twice is a no-op."""
        if inbound.key in self._coming or self._engine.under_way(inbound.key):
            return
        self._expect(inbound)
        self._count(1)
        fresh = False
        try:
            payload = inbound.model_dump(mode="json")
            fresh = await self._store.write(inbox.put, inbound.key, payload)
        finally:
            self._count(-1)
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

    def _count(self, more: int) -> None:
        self._arriving += more
        if self._arriving > CROWD:
            self._clear.clear()
        else:
            self._clear.set()

    def _begin(self, inbound: Inbound) -> None:
        self._errands.begin(self._hand_on(inbound))

    async def _hand_on(self, inbound: Inbound) -> None:
        """Begin the story, however often it takes: nobody will send the message again."""
        while True:
            try:
                await self._greet(inbound)
                with suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE):
                        await self._clear.wait()
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
