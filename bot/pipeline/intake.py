"""Taking messages in: written down, acknowledged, and only then begun.

Messages that arrive together are written down in one commit, so that a crowd is acknowledged about
as soon as a single one. Nobody is greeted while there is a crowd at the door, and no story begins
while a crowd is greeted; it is begun at the next start when the process ends before.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.messages.inbound import IncomingMessage
from bot.runtime.backpressure import Backpressure
from bot.runtime.tasks import BackgroundTasks
from bot.runtime.thread_order import ThreadOrder
from bot.runtime.workflows import Workflows
from storage.db.database import Database
from storage.tickets import inbox

WORKFLOW = "message"
# Seconds that a story waits before it is begun again after a failure, and that those about to begin
# are given when the process stops.
PAUSE = 1.0
GRACE = 1.0

log = structlog.get_logger("reception")


class Intake:
    """Writes messages down and begins their stories; `greet` lets the author see it."""

    def __init__(
        self,
        workflows: Workflows,
        store: Database,
        thread_order: ThreadOrder,
        greet: Callable[[IncomingMessage], Awaitable[None]],
        *,
        crowd: Callable[[], Backpressure] = Backpressure,
        pause: float = PAUSE,
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._thread_order = thread_order
        self._greet = greet
        self._coming: set[str] = set()
        self._backpressure = crowd()
        self._greeting = crowd()
        self._pause = pause
        self._background = BackgroundTasks()

    async def accept(self, inbound: IncomingMessage) -> None:
        """Write a message down durably; once this returns it is not lost. Twice is a no-op."""
        if inbound.key in self._coming or self._workflows.under_way(inbound.key):
            return
        self._expect(inbound)
        fresh = False
        try:
            payload = inbound.model_dump(mode="json")
            with self._backpressure:
                fresh = await self._store.write(inbox.put_message, inbound.key, payload)
        finally:
            if not fresh:
                self._forget(inbound)
        if fresh:
            self._begin(inbound)

    async def resume(self) -> None:
        """Begin what an earlier process took in and did not begin."""
        for payload in await self._store.read(inbox.waiting_messages):
            inbound = IncomingMessage.model_validate(payload)
            if not self._workflows.under_way(inbound.key):
                self._expect(inbound)
                self._begin(inbound)

    async def wait_idle(self) -> None:
        """Wait until every message that was taken in has its story."""
        await self._background.wait_idle()

    async def stop(self, grace: float = GRACE) -> None:
        """Begin no more after `grace` seconds; what was taken in is begun at the next start."""
        await self._background.stop(grace)

    def _expect(self, inbound: IncomingMessage) -> None:
        self._coming.add(inbound.key)
        self._thread_order.join(inbound.thread, inbound.ts)

    def _forget(self, inbound: IncomingMessage) -> None:
        self._coming.discard(inbound.key)
        self._thread_order.leave(inbound.thread, inbound.ts)

    def _begin(self, inbound: IncomingMessage) -> None:
        self._background.begin(self._hand_on(inbound))

    async def _hand_on(self, inbound: IncomingMessage) -> None:
        """Begin the story, however often it takes: nobody will send the message again."""
        while True:
            try:
                await self._backpressure.passed()
                with self._greeting:
                    await self._greet(inbound)
                await self._greeting.passed()
                payload = inbound.model_dump(mode="json")
                started = await self._workflows.submit(WORKFLOW, inbound.key, payload)
                if not started:
                    await self._store.write(inbox.remove_message, inbound.key)
            except Exception:
                log.exception("story not begun", message=inbound.key)
                await asyncio.sleep(self._pause)
                continue
            if started:
                self._coming.discard(inbound.key)
            else:
                self._forget(inbound)
            return
