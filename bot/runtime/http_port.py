"""A port at which the process answers HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web

from bot.config.settings import SettingsError

# What is answered to bytes that are no request, by the status that says what is wrong with them.
UnreadAnswer = Callable[[int], web.Response]

log = structlog.get_logger("http")


def plain_refusal(status: int) -> web.Response:
    """A sentence, without a word of what was sent."""
    return web.Response(status=status, text="This is no request that can be read.")


@asynccontextmanager
async def open_port(
    site: web.Application,
    host: str,
    port: int,
    named: str,
    *,
    idle: float,
    grace: float,
    refusal: UnreadAnswer = plain_refusal,
) -> AsyncIterator[int]:
    """Answer until the block ends, and what is under way for `grace` seconds more.

    The port is told, as 0 lets the system choose one; `named` is the setting that says which. A
    connection that says nothing, or is at its headers, for `idle` seconds is closed. What is no
    request is answered by `refusal`.

    Raises:
        SettingsError: the port cannot be opened.
    """
    runner = _Runner(
        site, access_log=None, keepalive_timeout=idle, lingering_time=1.0, shutdown_timeout=grace
    )
    runner.refusal = refusal
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise SettingsError(f"{named}: {host}:{port}: {error.strerror}") from None
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


class _Runner(web.AppRunner):
    refusal: UnreadAnswer

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        server = _Server(made.request_handler, request_factory=made.request_factory, **self._kwargs)
        server.refusal = self.refusal
        return server


class _Server(web.Server):
    refusal: UnreadAnswer

    def __call__(self) -> web.RequestHandler:
        connection = _Connection(self, loop=self._loop, **self._kwargs)
        connection.refusal = self.refusal
        return connection


class _Connection(web.RequestHandler):
    """A connection on which nobody is told what the parser thinks, nor their own bytes."""

    __slots__ = ("refusal",)
    refusal: UnreadAnswer

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what could not be read; a failure of ours is told as ever."""
        if status >= 500 or request.writer.output_size > 0:
            return super().handle_error(request, status, exc, message)
        log.info("request not read", status=status)
        answer = self.refusal(status)
        answer.force_close()
        return answer
