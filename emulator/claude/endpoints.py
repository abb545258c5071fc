"""The routes of the stand-in: models, token counts, messages."""

import asyncio
import time
from contextlib import suppress

from aiohttp import web

from emulator.claude.cache import Plan
from emulator.claude.calls import Call
from emulator.claude.errors import Json, Refused
from emulator.claude.faults import Fault
from emulator.claude.messages import Reply
from emulator.claude.models import Model
from emulator.claude.paging import page
from emulator.claude.state import State
from emulator.claude.streaming import OVERLOADED, broken, encode, events, halves
from emulator.claude.tokens import total
from emulator.claude.validation import check_count, check_message, checked_model
from emulator.claude.wire import (
    MEGABYTE,
    REQUEST_ID,
    dumps,
    read_json,
    standard_headers,
    version_of,
)

GLANCE = 0.02
"""Seconds between looks whether the client of a held stream is still there."""

FIRST_TOKEN = 0.4
"""The share of a streamed reply's latency that passes before its first event."""

_LOGIN = "<!doctype html><html><title>Sign in</title><body>Please sign in.</body></html>"


class Endpoints:
    """Handlers over one emulator's state."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Registers the routes."""
        router.add_get("/v1/models", self.list_models)
        router.add_get("/v1/models/{id}", self.retrieve_model)
        router.add_post("/v1/messages/count_tokens", self.count_tokens)
        router.add_post("/v1/messages", self.create_message)

    async def list_models(self, request: web.Request) -> web.StreamResponse:
        """One page of models, newest first."""
        self._strike_plainly(request)
        rows = [model.describe() for model in self._state.models.newest_first()]
        return web.json_response(page(rows, request))

    async def retrieve_model(self, request: web.Request) -> web.StreamResponse:
        """One model by id or alias, retired ones included."""
        self._strike_plainly(request)
        name = request.match_info["id"]
        model = self._state.models.find(name)
        if model is None:
            raise Refused(404, f"model: {name}")
        return web.json_response(model.describe())

    async def count_tokens(self, request: web.Request) -> web.StreamResponse:
        """The input tokens of a request; the cache does not matter."""
        body = await read_json(request, 32 * MEGABYTE)
        self._strike_plainly(request, body)
        model = checked_model(body, self._state.models)
        check_count(body, model, version_of(request))
        return web.json_response({"input_tokens": total(body, model)})

    async def create_message(self, request: web.Request) -> web.StreamResponse:
        """One message, as JSON or as events; noted in `calls` whatever becomes of it."""
        body = await read_json(request, 32 * MEGABYTE)
        call = Call(
            str(body.get("model")),
            body,
            int(request.headers.get("x-stainless-retry-count", 0)),
            bool(body.get("stream")),
            request[REQUEST_ID],
        )
        self._state.calls.append(call)
        try:
            return await self._message(request, call)
        except Refused as refused:
            call.end(refused.status, refused.type)
            raise
        except (asyncio.CancelledError, ConnectionError):
            call.end(0, "client_gone")
            raise

    async def _message(self, request: web.Request, call: Call) -> web.StreamResponse:
        fault = self._state.faults.take("/v1/messages", call.body)
        call.fault = fault.kind if fault else None
        if fault and (refusal := fault.refusal()):
            raise refusal
        if fault and fault.kind in _BREAKING:
            return await self._break(request, fault, call)
        if fault and fault.kind == "hold":
            await fault.hold()
        model = checked_model(call.body, self._state.models)
        check_message(call.body, model, version_of(request))
        self._state.limits.check(model.id)
        said, plan = self._state.answer(call.body, model, fault)
        call.usage = said.usage
        seconds = self._state.seconds(model.id) + _extra(fault)
        headers = self._headers(request, model, said)
        if call.stream:
            return await self._stream(request, call, (said, plan), fault, seconds, headers)
        if fault and fault.kind == "stream_error":
            raise Refused(529, "Overloaded")
        if seconds:
            # What the answer took to make up is part of its latency, not on top of it.
            await asyncio.sleep(call.at + seconds - time.monotonic())
        self._state.cache.commit(plan)
        if fault and fault.kind in ("cut", "stall"):
            whole = dumps(said.body()).encode()
            response = web.StreamResponse(headers=headers | {"Content-Type": "application/json"})
            response.content_length = len(whole)
            await response.prepare(request)
            await response.write(whole[: len(whole) // 2])
            return await self._leave(request, response, fault, call)
        call.end(200)
        return web.Response(
            text=dumps(said.body()), content_type="application/json", headers=headers
        )

    async def _stream(
        self,
        request: web.Request,
        call: Call,
        outcome: tuple[Reply, Plan],
        fault: Fault | None,
        seconds: float,
        headers: dict[str, str],
    ) -> web.StreamResponse:
        said, plan = outcome
        if seconds:
            await asyncio.sleep(seconds * FIRST_TOKEN)
        self._state.cache.commit(plan)
        response = web.StreamResponse(headers=headers | {"Content-Type": "text/event-stream"})
        await response.prepare(request)
        if fault and fault.kind in ("cut", "stall"):
            return await self._stop_short(request, response, said, fault, call)
        if fault and fault.kind == "stream_hold":
            await self._hold(request, response, said, fault)
        else:
            await _send(response, _events(said, fault), seconds * (1 - FIRST_TOKEN))
        call.end(200, "overloaded_error" if call.fault == "stream_error" else None)
        return response

    async def _stop_short(
        self,
        request: web.Request,
        response: web.StreamResponse,
        said: Reply,
        fault: Fault,
        call: Call,
    ) -> web.StreamResponse:
        """Half of the events, and then no more: the connection ends, or nothing comes of it."""
        half, _rest = halves(said)
        await _send(response, half, 0)
        return await self._leave(request, response, fault, call)

    async def _leave(
        self, request: web.Request, response: web.StreamResponse, fault: Fault, call: Call
    ) -> web.StreamResponse:
        fault.struck.set()
        while fault.kind == "stall" and not self._state.closing.is_set():
            if request.transport is None or request.transport.is_closing():
                raise ConnectionResetError
            with suppress(TimeoutError):
                await asyncio.wait_for(self._state.closing.wait(), GLANCE)
        call.end(0, fault.kind)
        if request.transport is not None:
            request.transport.abort()
        return response

    async def _hold(
        self, request: web.Request, response: web.StreamResponse, said: Reply, fault: Fault
    ) -> None:
        """Half a stream, and the rest once it is released; a client that goes is noticed."""
        half, rest = halves(said)
        await _send(response, half, 0)
        fault.struck.set()
        while not fault.released.is_set():
            if request.transport is None or request.transport.is_closing():
                raise ConnectionResetError
            with suppress(TimeoutError):
                await asyncio.wait_for(fault.released.wait(), GLANCE)
        await _send(response, rest, 0)

    async def _break(self, request: web.Request, fault: Fault, call: Call) -> web.StreamResponse:
        """Answers that are no answers of the API at all."""
        if fault.kind == "html":
            call.end(200, "html")
            return web.Response(text=_LOGIN, content_type="text/html")
        if fault.kind == "hang":
            await self._state.closing.wait()
        call.end(0, fault.kind)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    def _headers(self, request: web.Request, model: Model, said: Reply) -> dict[str, str]:
        fresh = said.usage["input_tokens"] + said.usage["cache_creation_input_tokens"]
        limits = self._state.limits.headers(model.id, fresh, said.usage["output_tokens"])
        return limits | standard_headers(request)

    def _strike_plainly(self, request: web.Request, body: Json | None = None) -> None:
        """Lets error faults meant for this path strike; other kinds have no meaning here."""
        fault = self._state.faults.take(request.path, body or {})
        refusal = fault.refusal() if fault else None
        if refusal:
            raise refusal


_BREAKING = frozenset({"html", "hang", "drop"})


def _extra(fault: Fault | None) -> float:
    return float(fault.options.get("seconds", 1.0)) if fault and fault.kind == "slow" else 0.0


def _events(said: Reply, fault: Fault | None) -> list[Json]:
    if fault and fault.kind == "stream_error":
        return broken(said, OVERLOADED)
    if fault and fault.kind == "stream_cut":
        return broken(said, None)
    return events(said)


async def _send(response: web.StreamResponse, found: list[Json], seconds: float) -> None:
    """Writes the events, spread over the seconds; without latency in one piece."""
    if not seconds:
        await response.write(b"".join(map(encode, found)))
        return
    for event in found:
        await response.write(encode(event))
        await asyncio.sleep(seconds / len(found))
