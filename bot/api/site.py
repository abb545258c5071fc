"""The REST API at a port of its own: tokens, limits, shapes; whatever is wrong is a sentence."""

import json
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any
from uuid import uuid4

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from bot import metrics
from bot.api import connecting
from bot.api.api_failure import ApiFailure, no_token, sent_name
from bot.api.callers import Caller, Callers
from bot.api.connecting import ConnectionPage
from bot.api.openapi import openapi_document
from bot.api.operations import OPERATIONS, Operation
from bot.api.remote import MCP_AGENT
from bot.api.request_body import LARGEST, object_of
from bot.api.service import ApiRequest, DeskOperations
from bot.api.shapes import FailureTold
from bot.config.settings import StoreSettings
from bot.runtime.http_port import open_port
from bot.text.invisible import storable

# Seconds that a connection may say nothing, and for answers under way when the desk stops.
IDLE = 75.0
GRACE = 3.0
IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,100}")
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
WORDS = {404: "not_found", 405: "no_such_method", 413: "too_large"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

log = structlog.get_logger("api")


class ApiSite:
    """Answers programs."""

    def __init__(
        self,
        desk: DeskOperations,
        callers: Callers,
        name: str,
        categories: Sequence[str],
        page: ConnectionPage | None = None,
    ) -> None:
        self._page = page
        self._desk = desk
        self._callers = callers
        self._document = json.dumps(openapi_document(name, version("deskhand"), categories))

    def application(self) -> web.Application:
        """The site: each operation at its path, and the document that describes them."""
        site = web.Application(client_max_size=LARGEST, middlewares=[_counting, _answering])
        site.router.add_route("GET", "/openapi.json", self._describe, expect_handler=_expected)
        for each in OPERATIONS:
            path = each.path.replace("{number}", "{number:[0-9]{1,10}}")
            site.router.add_route(each.method, path, self._handler(each), expect_handler=_expected)
        if self._page is not None:
            for method, page in (("GET", self._page.ask), ("POST", self._page.connect)):
                site.router.add_route(method, connecting.PATH, page, expect_handler=_expected)
        return site

    async def _describe(self, _request: web.Request) -> web.Response:
        return _json(200, self._document)

    def _handler(self, operation: Operation) -> Handler:
        async def answer(request: web.Request) -> web.StreamResponse:
            caller = self._known(request)
            status = operation.status
            try:
                given = _shaped(operation.takes, await _given(request, operation))
                key = _key_of(request)
                asked = ApiRequest(caller, operation, given, key or uuid4().hex, once=bool(key))
                told = await self._desk.carry_out(asked)
            except ApiFailure as failure:
                status = failure.status
                raise
            finally:
                log.info(
                    "program asked", token=caller.name, operation=operation.name, status=status
                )
            return _json(operation.status, told.model_dump_json())

        return answer

    def _known(self, request: web.Request) -> Caller:
        caller = self._callers.find(request.headers.get("Authorization", ""))
        if caller is None:
            log.info("token not known")
            raise no_token()
        return caller


@asynccontextmanager
async def serving_api(settings: StoreSettings, site: ApiSite | None) -> AsyncIterator[int | None]:
    """Answer at API_PORT until the block ends; the port, or None without the setting.

    Raises:
        SettingsError: the port cannot be opened.
    """
    if site is None or settings.api_port is None:
        yield None
        return
    host, port = settings.api_host, settings.api_port
    application = site.application()
    async with open_port(
        application, host, port, "API_PORT", idle=IDLE, grace=GRACE, refusal=_unread
    ) as opened:
        log.info("api open", port=opened)
        yield opened


@web.middleware
async def _counting(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Count a request by what was asked, and not by what stood in the address."""
    began = time.monotonic()
    answer = await handler(request)
    resource = request.match_info.route.resource
    by = "mcp" if request.headers.get("User-Agent", "").startswith(MCP_AGENT) else "rest"
    route = resource.canonical if resource is not None else "none"
    metrics.program_answered(by, route, str(answer.status), time.monotonic() - began)
    return answer


@web.middleware
async def _answering(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Make an answer of whatever happens; an exception's own text is for the log."""
    try:
        return await handler(request)
    except ApiFailure as failure:
        return _failed(failure.status, failure.error, failure.sentence)
    except web.HTTPException as error:
        return _failed(
            error.status,
            WORDS.get(error.status, "refused"),
            f"{error.reason}.",
            {name: error.headers[name] for name in ("Allow",) if name in error.headers},
        )
    except ConnectionError:
        return _failed(400, "no_body", "The body did not come whole.")
    except Exception:  # the one place that keeps what it was for the log
        reference = uuid4().hex[:8]
        log.exception("operation failed", reference=reference)
        return _failed(500, "failed", f"The desk has failed. Its log has more under {reference}.")


async def _expected(request: web.Request) -> web.Response | None:
    """Let a body come that waits to be asked for; nothing else can be expected here."""
    if request.headers["Expect"].lower() != "100-continue":
        return _failed(417, "refused", "Expectation Failed.")
    await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    request.writer.output_size = 0
    return None


def _unread(status: int) -> web.Response:
    metrics.program_answered("rest", "none", str(status), 0)
    return _failed(status, "no_request", "This is no request that can be read.")


def _json(status: int, text: str, headers: Mapping[str, str] | None = None) -> web.Response:
    return web.Response(
        status=status,
        text=text,
        content_type="application/json",
        headers={**HEADERS, **(headers or {})},
    )


def _failed(
    status: int, error: str, sentence: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    told = FailureTold(error=error, sentence=sentence).model_dump_json()
    more = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    answer = _json(status, told, {**more, **(headers or {})})
    if status in (408, 413) or error in ("no_body", "packed"):
        # The rest of the request was not read.
        answer.force_close()
    return answer


def _key_of(request: web.Request) -> str | None:
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return None
    if not IDEMPOTENCY_KEY.fullmatch(given):
        raise ApiFailure(400, "wrong", "Idempotency-Key: expected 1 to 100 visible characters.")
    return given


async def _given(request: web.Request, operation: Operation) -> dict[str, Any]:
    """All that was sent, by name: what stands in the path, in the query and in the body."""
    sent = _query(request)
    if operation.method == "POST":
        if sent:
            raise ApiFailure(400, "wrong", "Send it in the body, and not in the address.")
        sent = await object_of(request)
    in_path = dict(request.match_info)
    if twice := sorted(in_path.keys() & sent.keys()):
        raise ApiFailure(400, "wrong", f"{twice[0]}: it stands in the address already.")
    return {**sent, **in_path}


def _query(request: web.Request) -> dict[str, Any]:
    if twice := [name for name in request.query if len(request.query.getall(name)) > 1]:
        raise ApiFailure(400, "wrong", f"{sent_name(twice[0])}: it stands twice.")
    found: dict[str, Any] = storable(dict(request.query))
    return found


def _shaped(shape: type[BaseModel], given: Mapping[str, Any]) -> BaseModel:
    try:
        return shape.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        place = ".".join(sent_name(str(each)) for each in first["loc"]) or "body"
        raise ApiFailure(400, "wrong", f"{place}: {first['msg']}.") from None
