"""The stand-in's HTTP side: a server on loopback that the real client is pointed at."""

import secrets
import time
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from emulator.claude.batch_endpoints import BatchEndpoints
from emulator.claude.batches import Batches
from emulator.claude.endpoints import Endpoints
from emulator.claude.errors import Refused, invalid
from emulator.claude.limits import Limits
from emulator.claude.state import State
from emulator.claude.wire import MEGABYTE, REQUEST_ID, standard_headers

VERSIONS = ("2026-10-21", "2023-06-01")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class ClaudeEmulator(State):
    """A stand-in for the Claude API; an async context manager.

    Args:
        latency: seconds to the whole reply by model id; `"*"` is for all others, default 0.
        port: TCP port on 127.0.0.1; 0 takes a free one.
        batch_seconds: how long a message batch is in progress.
        clock: seconds that only grow; what prompt-cache lifetimes are measured with.
        limits: what the rate-limit headers say, and whether it is enforced.
    """

    def __init__(
        self,
        *,
        latency: dict[str, float] | None = None,
        port: int = 0,
        batch_seconds: float = 0.0,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(latency, clock, limits)
        self.api_key = f"sk-ant-standin-{secrets.token_hex(16)}"
        self.batches = Batches(self, batch_seconds)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """The base URL for the client, without a trailing path.

        Raises:
            RuntimeError: the emulator is not running.
        """
        if self._runner is None:
            raise RuntimeError("the emulator is not running; use it in `async with`")
        host, port = self._runner.addresses[0][:2]
        return f"http://{host}:{port}"

    async def __aenter__(self) -> Self:
        app = web.Application(middlewares=[self._at_the_door], client_max_size=257 * MEGABYTE)
        Endpoints(self).add_to(app.router)
        BatchEndpoints(self.batches, self.faults).add_to(app.router)
        runner = web.AppRunner(
            app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5
        )
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", self._port, backlog=1024).start()
        self._runner = runner
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.closing.set()
        await self.batches.close()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    @web.middleware
    async def _at_the_door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        request_id = f"req_standin_{self.number()}"
        request[REQUEST_ID] = request_id
        try:
            self._authenticate(request)
            response = await handler(request)
        except Refused as refused:
            response = web.json_response(refused.body(request_id), status=refused.status)
            response.headers.update(refused.headers)
        except web.HTTPNotFound:
            response = web.json_response(Refused(404, "Not found").body(request_id), status=404)
        if not response.prepared:
            response.headers.update(standard_headers(request))
        return response

    def _authenticate(self, request: web.Request) -> None:
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if self.api_key not in (bearer, request.headers.get("x-api-key")):
            raise Refused(401, "invalid x-api-key")
        version = request.headers.get("anthropic-version")
        if version is None:
            raise invalid("anthropic-version: header is required")
        if version not in VERSIONS:
            raise invalid(f'anthropic-version: "{version}" is not a valid version')
