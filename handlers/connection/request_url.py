"""HTTP mode: the address that Slack sends events, commands and presses to, each request signed.

What comes in goes through the same app as over Socket Mode: a listener that has not written an
event down raises, which is answered by 500, and Slack sends it again.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qs

import structlog
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.config.settings import Settings, SettingsError
from bot.runtime.http_port import open_port

PATH = "/slack/events"
# Bytes of a request. A long message in a form is its text three times over, and each letter of
# another script eight bytes of it.
LARGEST = 4 * 1024 * 1024
# Seconds for a request's body: Slack waits three for the answer.
BODY_WITHIN = 3.0
# Seconds that a connection may say nothing, or be at its headers: longer than the balancers of the
# large clouds keep one open (60), for one that is closed on them is an error to their client.
IDLE = 75.0
# Seconds for the requests under way to be answered when the desk stops.
GRACE = 3.0
# Slack does not send again what will not be better the next time.
NO_RETRY = {"x-slack-no-retry": "1"}

log = structlog.get_logger("http")


@asynccontextmanager
async def serving_requests(
    app: AsyncApp, settings: Settings, connected: Callable[[], None]
) -> AsyncIterator[int]:
    """Take what Slack sends until the block ends; the port, as one may be chosen by the system.

    `connected` is called when it is open: what was sent before may have been missed.

    Raises:
        SettingsError: the port cannot be opened.
    """
    secret = settings.slack_signing_secret
    if secret is None or settings.slack_http_port is None:
        raise SettingsError("SLACK_HTTP_PORT and SLACK_SIGNING_SECRET belong together")
    door = RequestURL(app, SignatureVerifier(secret.get_secret_value()))
    site = web.Application(client_max_size=LARGEST)
    site.router.add_post(PATH, door.answer)
    host, port = settings.slack_http_host, settings.slack_http_port
    async with open_port(site, host, port, "SLACK_HTTP_PORT", idle=IDLE, grace=GRACE) as opened:
        connected()
        yield opened


class RequestURL:
    """Answers what Slack sends. Whatever is not signed by it is refused before it is read as any.

    A signature older than five minutes is none (`SignatureVerifier`), so that a request which
    somebody has overheard cannot be sent again later.
    """

    def __init__(self, app: AsyncApp, verifier: SignatureVerifier) -> None:
        self._app = app
        self._verifier = verifier

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """The answer to one request."""
        try:
            async with asyncio.timeout(BODY_WITHIN):
                body = (await request.read()).decode()
        except TimeoutError:
            return _closed(web.Response(status=408, text="too slow"))
        except web.HTTPRequestEntityTooLarge:
            log.warning("request too large", most=LARGEST)
            return _closed(web.Response(status=413, text="too large", headers=NO_RETRY))
        except UnicodeDecodeError:
            return web.Response(status=400, text="not UTF-8", headers=NO_RETRY)
        except ConnectionError:  # gone in the middle of it: nobody reads what is answered
            return _closed(web.Response(status=400, text="no body"))
        if not self._signed(request, body):
            log.warning("request refused", why="not signed by Slack, or long ago")
            return web.Response(status=401, text="invalid signature")
        return await self._taken(request, body)

    def _signed(self, request: web.Request, body: str) -> bool:
        try:
            return self._verifier.is_valid_request(body, dict(request.headers))
        except (ValueError, TypeError, OverflowError):  # no moment, or a signature in no ASCII
            return False

    async def _taken(self, request: web.Request, body: str) -> web.StreamResponse:
        try:
            event = _event(request, body)
        except ValueError:
            return web.Response(status=400, text="no event", headers=NO_RETRY)
        match event:
            case {"type": "url_verification", "challenge": str(challenge)}:
                return web.Response(text=challenge)
            case {"type": "app_rate_limited"}:
                log.warning("Slack holds events back")
                return web.Response()
        if event is None and "ssl_check" in parse_qs(body):
            return web.Response()
        again = request.headers.get("x-slack-retry-num")
        if again:
            reason = request.headers.get("x-slack-retry-reason")
            log.info("sent again", attempt=again, reason=reason)
        headers: dict[str, str | Sequence[str]] = dict(request.headers)
        asked = AsyncBoltRequest(body=body, query=request.query_string, headers=headers)
        answer = await self._app.async_dispatch(asked)
        if answer.status == 404 and event is not None:
            # Nobody listens to events of its kind: it is not missed, and need not come again.
            return web.Response()
        return await to_aiohttp_response(answer)


def _event(request: web.Request, body: str) -> dict[str, Any] | None:
    """What is sent as JSON: events. Commands and presses come as forms.

    Raises:
        ValueError: it is no JSON object.
    """
    if request.content_type != "application/json":
        return None
    match json.loads(body):
        case dict(read):
            return read
        case _:
            raise ValueError("not an object")


def _closed(response: web.Response) -> web.Response:
    """An answer after which the connection ends, as the rest of the request was not read."""
    response.force_close()
    return response
