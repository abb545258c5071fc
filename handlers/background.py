"""Work that goes on after Slack has its acknowledgement.

Bolt sends the acknowledgement when a listener ends, and a person waits three seconds for it at
most. What may take longer, or wait for a busy database, is started here instead.
"""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import structlog

from bot.runtime.tasks import BackgroundTasks

Tell = Callable[[str], Awaitable[Any]]

log = structlog.get_logger("later")


class ListenerTasks:
    """Keeps track of what is under way; each failure is logged and told to the one who asked."""

    def __init__(self) -> None:
        self._background = BackgroundTasks()

    def start(self, work: Awaitable[Any], tell: Tell) -> None:
        """Begin the work; `tell` says a sentence to the person when it breaks off."""
        self._background.begin(_done(work, tell))

    async def wait_idle(self) -> None:
        """Wait until nothing is under way."""
        await self._background.wait_idle()

    async def stop(self) -> None:
        """Break off what is under way: nothing here has been promised to anybody."""
        await self._background.stop()


async def _done(work: Awaitable[Any], tell: Tell) -> None:
    try:
        await work
    except Exception:
        reference = uuid4().hex[:8]
        log.exception("broken off", reference=reference)
        sentence = f"Something went wrong on our side (reference {reference})."
        await tell(f"{sentence} Please try again.")
