"""Message Batches: many requests at once, answered later, in no particular order."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from emulator.claude.errors import Json, Refused, invalid
from emulator.claude.state import State
from emulator.claude.validation import check_message, checked_model

MOST_REQUESTS = 100_000
KINDS = ("succeeded", "errored", "canceled", "expired")
PATH = "/v1/messages/batches"
SUBMITTING = f"POST {PATH}"
"""The path of faults that strike a submission rather than one of its requests."""

_CUSTOM_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}\Z")
_CHUNK = 20
"""Requests answered between two looks at the event loop."""


@dataclass
class Batch:
    """One batch and what has become of it."""

    id: str
    requests: list[Json]
    version: str
    created_at: datetime
    ended_at: datetime | None = None
    cancel_initiated_at: datetime | None = None
    results: list[Json] = field(default_factory=list)
    cancelling: asyncio.Event = field(default_factory=asyncio.Event)
    finishing: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def status(self) -> str:
        if self.ended_at:
            return "ended"
        return "canceling" if self.cancel_initiated_at else "in_progress"

    def describe(self, base_url: str) -> Json:
        """The body of a retrieve; counts move only at the end, as does the results URL."""
        counts = Counter(result["result"]["type"] for result in self.results)
        done = self.ended_at is not None
        return {
            "id": self.id,
            "type": "message_batch",
            "processing_status": self.status,
            "request_counts": {"processing": 0 if done else len(self.requests)}
            | {kind: counts[kind] if done else 0 for kind in KINDS},
            "created_at": _stamp(self.created_at),
            "expires_at": _stamp(self.created_at + timedelta(hours=24)),
            "ended_at": _stamp(self.ended_at),
            "cancel_initiated_at": _stamp(self.cancel_initiated_at),
            "archived_at": None,
            "results_url": f"{base_url}{PATH}/{self.id}/results" if done else None,
        }


class Batches:
    """All batches of one emulator, each worked off by a task of its own."""

    def __init__(self, state: State, seconds: float) -> None:
        self.seconds = seconds
        self._state = state
        self._batches: dict[str, Batch] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def create(self, body: Json, version: str) -> Batch:
        """Accepts a batch; each request's `params` are looked at only when it is processed.

        Raises:
            Refused: 400 for the list itself or its custom ids.
        """
        requests = _checked(body)
        name = f"msgbatch_standin_{self._state.number()}"
        batch = self._batches[name] = Batch(name, requests, version, datetime.now(UTC))
        task = asyncio.create_task(self._process(batch))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return batch

    def get(self, name: str) -> Batch:
        """A batch by id.

        Raises:
            Refused: 404 when there is none.
        """
        if name not in self._batches:
            raise Refused(404, f"Message batch {name} not found")
        return self._batches[name]

    def newest_first(self) -> list[Batch]:
        """All batches in the order they are listed."""
        return list(reversed(self._batches.values()))

    def cancel(self, name: str) -> Batch:
        """Begins to cancel; what has been processed by now keeps its result.

        Raises:
            Refused: 400 when the batch has ended.
        """
        batch = self.get(name)
        if batch.ended_at:
            raise invalid(f"Message batch {name} has already ended")
        batch.cancel_initiated_at = batch.cancel_initiated_at or datetime.now(UTC)
        batch.cancelling.set()
        return batch

    def delete(self, name: str) -> None:
        """Forgets a batch.

        Raises:
            Refused: 400 while it is being processed.
        """
        if not self.get(name).ended_at:
            raise invalid(f"Message batch {name} is still being processed; cancel it first")
        del self._batches[name]

    async def finish(self) -> None:
        """Lets every batch end now, all of it processed."""
        for batch in self._batches.values():
            batch.finishing.set()
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Stops what is still being processed."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _process(self, batch: Batch) -> None:
        share = await self._wait(batch)
        answered = round(len(batch.requests) * share)
        for number, request in enumerate(batch.requests):
            result = (
                self._answer(request, batch.version) if number < answered else {"type": "canceled"}
            )
            batch.results.append({"custom_id": request["custom_id"], "result": result})
            if number % _CHUNK == 0:
                await asyncio.sleep(0)
        batch.results.sort(key=_shuffled)
        batch.ended_at = datetime.now(UTC)

    async def _wait(self, batch: Batch) -> float:
        """Lets the processing time pass; the share of it that passed before a cancellation."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        ends = [asyncio.ensure_future(each.wait()) for each in (batch.cancelling, batch.finishing)]
        try:
            await asyncio.wait(ends, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()
        if not batch.cancelling.is_set():
            return 1.0
        return min(1.0, (loop.time() - started) / self.seconds) if self.seconds else 0.0

    def _answer(self, request: Json, version: str) -> Json:
        body = request.get("params")
        try:
            return self._succeed(body if isinstance(body, dict) else {}, version)
        except Refused as refused:
            return {"type": "errored", "error": refused.body()}

    def _succeed(self, body: Json, version: str) -> Json:
        fault = self._state.faults.take(PATH, body)
        if fault and fault.kind == "expired":
            return {"type": "expired"}
        if fault and (refusal := fault.refusal()):
            raise refusal
        for name in ("stream", "speed"):
            if body.get(name):
                raise invalid(f"{name}: not supported in message batches")
        model = checked_model(body, self._state.models)
        check_message(body, model, version)
        if body["max_tokens"] == 0:
            raise invalid("max_tokens: 0 is not supported in message batches")
        said, plan = self._state.answer(body, model, fault)
        self._state.cache.commit(plan)
        said.usage["service_tier"] = "batch"
        return {"type": "succeeded", "message": said.body()}


def _checked(body: Json) -> list[Json]:
    requests = body.get("requests")
    if not isinstance(requests, list) or not requests:
        raise invalid("requests: at least one request is required")
    if not all(isinstance(request, dict) for request in requests):
        raise invalid("requests: Input should be a list of objects")
    if len(requests) > MOST_REQUESTS:
        raise invalid(f"requests: at most {MOST_REQUESTS} requests are allowed in a batch")
    seen: set[str] = set()
    for where, name in _custom_ids(requests):
        if not isinstance(name, str) or not _CUSTOM_ID.match(name):
            raise invalid(f"{where}: String should match pattern '^[a-zA-Z0-9_-]{{1,64}}$'")
        if name in seen:
            raise invalid(f"{where}: duplicate custom_id '{name}'")
        seen.add(name)
    return requests


def _custom_ids(requests: list[Json]) -> Iterator[tuple[str, object]]:
    for index, request in enumerate(requests):
        if "params" not in request:
            raise invalid(f"requests.{index}.params: Field required")
        yield f"requests.{index}.custom_id", request.get("custom_id")


def _shuffled(result: Json) -> bytes:
    """An order of its own, the same every time, that is not the order of the requests."""
    return blake2b(result["custom_id"].encode(), digest_size=8).digest()


def _stamp(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
