"""The routes of message batches."""

from aiohttp import web

from emulator.claude.batches import PATH, SUBMITTING, Batch, Batches
from emulator.claude.errors import invalid
from emulator.claude.faults import Faults
from emulator.claude.paging import page
from emulator.claude.wire import MEGABYTE, dumps, read_json, version_of

MOST_BYTES = 256 * MEGABYTE


class BatchEndpoints:
    """Handlers over one emulator's batches."""

    def __init__(self, batches: Batches, faults: Faults) -> None:
        self._batches = batches
        self._faults = faults

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Registers the routes."""
        router.add_post(PATH, self.create)
        router.add_get(PATH, self.list)
        router.add_get(PATH + "/{id}", self.retrieve)
        router.add_get(PATH + "/{id}/results", self.results)
        router.add_post(PATH + "/{id}/cancel", self.cancel)
        router.add_delete(PATH + "/{id}", self.delete)

    async def create(self, request: web.Request) -> web.StreamResponse:
        """Takes a batch in."""
        body = await read_json(request, MOST_BYTES)
        fault = self._faults.take(SUBMITTING, body)
        if fault and (refusal := fault.refusal()):
            raise refusal
        batch = self._batches.create(body, version_of(request))
        if fault and fault.kind == "drop" and request.transport is not None:
            request.transport.abort()
        return _shown(batch, request)

    async def list(self, request: web.Request) -> web.StreamResponse:
        """One page of batches, newest first."""
        rows = [batch.describe(_base(request)) for batch in self._batches.newest_first()]
        return web.json_response(page(rows, request))

    async def retrieve(self, request: web.Request) -> web.StreamResponse:
        """The state of one batch."""
        return _shown(self._named(request), request)

    async def cancel(self, request: web.Request) -> web.StreamResponse:
        """Begins to cancel one batch."""
        return _shown(self._batches.cancel(request.match_info["id"]), request)

    async def delete(self, request: web.Request) -> web.StreamResponse:
        """Forgets one batch that has ended."""
        name = request.match_info["id"]
        self._batches.delete(name)
        return web.json_response({"id": name, "type": "message_batch_deleted"})

    async def results(self, request: web.Request) -> web.StreamResponse:
        """One line of JSON for each request."""
        batch = self._named(request)
        if not batch.ended_at:
            raise invalid(f"Message batch {batch.id} is still being processed")
        lines = "".join(f"{dumps(result)}\n" for result in batch.results)
        return web.Response(text=lines, content_type="application/x-jsonl")

    def _named(self, request: web.Request) -> Batch:
        return self._batches.get(request.match_info["id"])


def _shown(batch: Batch, request: web.Request) -> web.StreamResponse:
    return web.json_response(batch.describe(_base(request)))


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"
