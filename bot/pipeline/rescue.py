"""What becomes of a message when something fails: a person, and never silence."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import uuid4

import structlog

from bot.pipeline.act import Publisher
from bot.pipeline.context import Accepted, Opened, Published
from bot.pipeline.open import open_message
from bot.pipeline.record import Recorder
from bot.runtime.workflows import RetryAtNextStart
from storage.db.database import Database

log = structlog.get_logger("story")


class Rescue:
    """Ends a story that cannot go on."""

    def __init__(self, store: Database, publisher: Publisher, recorder: Recorder) -> None:
        self._store = store
        self._publisher = publisher
        self._recorder = recorder

    async def rescue(
        self, reached: Accepted | Published, error: Exception, stage_ms: Mapping[str, int]
    ) -> Published:
        """Turn an unexpected failure into a person, or keep what was done if only the books failed.

        Raises:
            RetryAtNextStart: not even that could be written down; the story runs again then.
        """
        key = (reached.reached if isinstance(reached, Published) else reached).inbound.key
        try:
            if not isinstance(reached, Published):
                problem = f"an unexpected {type(error).__name__}"
                return await self.fail(reached, problem, stage_ms, error)
            log.error("record failed", message=key, exc_info=error)
            await self._recorder.record(reached)
        except Exception as second:
            log.critical("story put aside", message=key, exc_info=second)
            raise RetryAtNextStart from second
        return reached

    async def fail(
        self,
        reached: Accepted,
        problem: str,
        stage_ms: Mapping[str, int],
        error: Exception | None = None,
    ) -> Published:
        """Log the failure under a reference, hand the customer to a person, and record it."""
        reference = uuid4().hex[:8]
        log.error(
            "story failed",
            message=reached.inbound.key,
            reference=reference,
            problem=problem,
            exc_info=error,
        )
        if not isinstance(reached, Opened):
            reached = await open_message(self._store, reached)
        if reached.inbound.mode == "shadow":
            told = Published(
                reached=reached, outcome="failed", problem=problem, reference=reference
            )
        else:
            told = await self._publisher.apologise(reached, problem, reference)
        published = replace(told, stage_ms=stage_ms)
        await self._recorder.record(published)
        self._recorder.show(published)
        return published
