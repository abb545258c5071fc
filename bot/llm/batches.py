"""The Message Batches side of the API: many questions at half price, answered within a day."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from bot.llm import sdk
from bot.llm.calls import Completion, Question
from bot.llm.client import Claude
from bot.llm.connection import failure
from bot.llm.request import request_body

# What the API takes in one batch.
MOST_REQUESTS = 100_000
MOST_BYTES = 256 * 1024 * 1024
# Seconds for the upload of a batch, and for looking at one.
UPLOAD = 600.0
LOOK = 30.0

Fate = Literal["errored", "expired", "canceled"]


class BatchFailure(Exception):
    """The API did not do what was asked. `unclear` says that it may have done it all the same."""

    def __init__(self, reason: str, said: str) -> None:
        super().__init__(f"{reason}: {said}")
        self.reason = reason
        self.unclear = reason in {"timeout", "connection", "api_error", "timeout_error"}


@dataclass(frozen=True)
class Batch:
    """A message batch as the API tells of it; `requests` counts all of them."""

    id: str
    created_at: datetime
    ended: bool
    requests: int


@dataclass(frozen=True)
class Unanswered:
    """A request of a batch without a reply, none of which is paid, and the error's type."""

    fate: Fate
    reason: str


class Batches:
    """Submits questions under ids of ours and fetches the answers, priced as batched."""

    def __init__(self, claude: Claude) -> None:
        self._claude = claude
        self._api = claude.client.messages.batches

    async def submit(self, questions: Sequence[tuple[str, Question]]) -> str:
        """Hand in a batch and answer its id. Its prompts stay in the cache for an hour.

        Raises:
            BatchFailure: with `unclear` when the batch may have been taken in.
        """
        requests: Any = [
            {"custom_id": name, "params": request_body(question, "1h")}
            for name, question in questions
        ]
        try:
            # Repeated by us: a repeat after an unclear failure could pay for everything twice.
            client = self._claude.client.with_options(max_retries=0, timeout=UPLOAD)
            made = await client.messages.batches.create(requests=requests)
        except sdk.APIError as error:
            raise _failed(error) from error
        return made.id

    async def batch_state(self, batch: str) -> Batch:
        """The state of a batch; raises BatchFailure."""
        try:
            return _batch(await self._api.retrieve(batch, timeout=LOOK))
        except sdk.APIError as error:
            raise _failed(error) from error

    async def since(self, moment: datetime) -> list[Batch]:
        """The batches of the workspace created since a moment, newest first."""
        found: list[Batch] = []
        try:
            async for each in self._api.list(limit=100, timeout=LOOK):
                if each.created_at < moment:
                    break
                found.append(_batch(each))
        except sdk.APIError as error:
            raise _failed(error) from error
        return found

    async def ids(self, batch: str) -> set[str]:
        """The ids of the requests of a batch that has ended."""
        try:
            return {each.custom_id async for each in await self._api.results(batch)}
        except sdk.APIError as error:
            raise _failed(error) from error

    async def results(
        self, batch: Batch, questions: Mapping[str, Question], latency_ms: int
    ) -> AsyncIterator[tuple[str, Completion | Unanswered]]:
        """What became of each request of a batch that has ended, in no particular order.

        Requests that `questions` does not know are left out. Raises BatchFailure.
        """
        try:
            async for each in await self._api.results(batch.id):
                question = questions.get(each.custom_id)
                if question is None:
                    continue
                result = each.result
                if result.type == "succeeded":
                    yield (
                        each.custom_id,
                        self._claude.meter.completion(
                            question, result.message, latency_ms, batch=True
                        ),
                    )
                else:
                    reason = result.error.error.type if result.type == "errored" else result.type
                    yield each.custom_id, Unanswered(result.type, reason)
        except sdk.APIError as error:
            raise _failed(error) from error

    async def cancel(self, batch: str) -> None:
        """Begin to cancel a batch; one that has ended stays as it is. Raises BatchFailure."""
        try:
            await self._api.cancel(batch, timeout=LOOK)
        except sdk.APIError as error:
            if not (await self.batch_state(batch)).ended:
                raise _failed(error) from error


def _batch(raw: Any) -> Batch:
    counts = raw.request_counts
    requests = sum(
        getattr(counts, kind)
        for kind in ("processing", "succeeded", "errored", "canceled", "expired")
    )
    return Batch(raw.id, raw.created_at, raw.processing_status == "ended", requests)


def _failed(error: "sdk.APIError") -> BatchFailure:
    return BatchFailure(failure(error), str(error.message)[:300])
