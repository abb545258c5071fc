"""The Web API's front door: tokens, scopes, rate limits, faults, and the list of calls."""

import asyncio
import secrets
import time
from dataclasses import dataclass, field

from aiohttp import web

from emulator.slack import arguments
from emulator.slack.faults import CallFault, Faults
from emulator.slack.method import BOT, Method
from emulator.slack.methods import TABLE
from emulator.slack.rates import RateLimited, Rates
from emulator.slack.wire import JSON, SlackError, dump
from emulator.slack.workspace import Workspace


@dataclass(eq=False)
class Call:
    """One call of a method: what was asked and how it ended; `at` is monotonic seconds."""

    method: str
    args: JSON
    token_kind: str
    at: float
    status: int = 200
    error: str | None = None
    ms: float = 0.0


@dataclass
class Tokens:
    """The two tokens of the installed app."""

    bot: str = field(default_factory=lambda: f"xoxb-emulator-{secrets.token_hex(8)}")
    app: str = field(default_factory=lambda: f"xapp-1-emulator-{secrets.token_hex(8)}")
    # The word with which the workspace refuses the bot's token, while it does.
    refusal: str | None = None

    def taken(self, token: str) -> bool:
        """Whether it is the bot's token, and the workspace takes it."""
        return token == self.bot and self.refusal is None

    def kind(self, token: str) -> str:
        """`bot`, `app`, `none` or `unknown`."""
        return {self.bot: "bot", self.app: "app", "": "none"}.get(token, "unknown")


class WebAPI:
    """Answers `/api/{method}`."""

    def __init__(self, workspace: Workspace, faults: Faults, tokens: Tokens) -> None:
        self._workspace, self.faults, self._tokens = workspace, faults, tokens
        self.rates = Rates()
        self.limited = False
        self.calls: list[Call] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Handle one request; every request is recorded, with the error the caller saw."""
        name = request.match_info["method"]
        channel = (await _peek(request, name)).get("channel") if self.faults.choosy else None
        fault = self.faults.strike(name, channel)
        call = Call(name, {}, "none", time.monotonic())
        try:
            response = await self._disturbed(request, call, fault)
        finally:
            call.ms = (time.monotonic() - call.at) * 1000
            self.calls.append(call)
            self._workspace.changes.touch()
        return response

    async def _disturbed(
        self, request: web.Request, call: Call, fault: CallFault | None
    ) -> web.StreamResponse:
        kind = fault.kind if fault else None
        if fault and kind == "delay":
            await asyncio.sleep(fault.seconds)
        if fault and kind in ("ratelimited", "server_error", "error", "drop_before"):
            call.args = await _peek(request, call.method)
            await asyncio.sleep(fault.seconds)
            return _refused(request, call, fault)
        response = await self._worked(request, call)
        if fault and kind == "delay_after":
            await asyncio.sleep(fault.seconds)
        if kind == "drop_after":
            call.status, call.error = 0, "drop_after"
            _cut(request)
        return response

    async def _worked(self, request: web.Request, call: Call) -> web.Response:
        try:
            body = await self._run(request, call)
        except SlackError as error:
            call.error = error.code
            body = error.body()
        except RateLimited as limited:
            return _too_many(call, limited.seconds)
        return self._reply(call, body)

    async def _run(self, request: web.Request, call: Call) -> JSON:
        method = TABLE.get(call.method)
        if method is None:
            raise SlackError("unknown_method", req_method=call.method)
        args = await arguments.read(request, method)
        token = _token(request, args)
        call.args, call.token_kind = args, self._tokens.kind(token)
        _check_token(call.token_kind, method)
        if self._tokens.refusal is not None and call.token_kind == BOT:
            raise SlackError(self._tokens.refusal)
        if self.limited:
            self.rates.check(method.name, method.tier, args)
        self._check_scope(method)
        return {"ok": True, **method.handler(self._workspace, args)}

    def _check_scope(self, method: Method) -> None:
        granted = self._workspace.scopes
        if method.needs == BOT and method.scopes and granted.isdisjoint(method.scopes):
            raise missing_scope(granted, method.scopes)

    def _reply(self, call: Call, body: JSON) -> web.Response:
        method = TABLE.get(call.method)
        headers = {"x-slack-req-id": secrets.token_hex(16)}
        if call.token_kind == BOT and method:
            headers["x-oauth-scopes"] = ",".join(sorted(self._workspace.scopes))
            headers["x-accepted-oauth-scopes"] = ",".join(method.scopes)
        return web.Response(text=dump(body), content_type="application/json", headers=headers)


def missing_scope(granted: set[str], needed: tuple[str, ...]) -> SlackError:
    """Slack's error for a token that lacks a scope."""
    return SlackError("missing_scope", needed=",".join(needed), provided=",".join(sorted(granted)))


def _token(request: web.Request, args: JSON) -> str:
    in_body = str(args.pop("token", ""))
    header = request.headers.get("Authorization", "")
    if header.casefold().startswith("bearer "):
        return header[7:].strip()
    return "" if in_body.startswith("xapp-") else in_body


def _check_token(kind: str, method: Method) -> None:
    if kind == "none":
        raise SlackError("not_authed")
    if kind == "unknown":
        raise SlackError("invalid_auth")
    if kind != method.needs and method.name != "auth.test":
        raise SlackError("not_allowed_token_type")


async def _peek(request: web.Request, name: str) -> JSON:
    try:
        args = await arguments.read(request, TABLE[name])
    except (SlackError, KeyError):
        return {}
    args.pop("token", None)
    return args


def _refused(request: web.Request, call: Call, fault: CallFault) -> web.Response:
    match fault.kind:
        case "ratelimited":
            return _too_many(call, fault.retry_after)
        case "server_error":
            call.status, call.error = fault.status, "server_error"
            return web.Response(status=fault.status, text="upstream connect error")
        case "error":
            call.error = fault.code
            body = dump({"ok": False, "error": fault.code})
            limited = fault.code in ("ratelimited", "rate_limited")
            headers = {"Retry-After": _pause(fault.retry_after)} if limited else {}
            return web.Response(text=body, content_type="application/json", headers=headers)
        case _:
            call.status, call.error = 0, fault.kind
            _cut(request)
            return web.Response()


def _pause(seconds: float | str) -> str:
    return seconds if isinstance(seconds, str) else f"{seconds:g}"


def _too_many(call: Call, seconds: float | str) -> web.Response:
    call.status, call.error = 429, "ratelimited"
    return web.Response(
        status=429,
        text=dump({"ok": False, "error": "ratelimited"}),
        content_type="application/json",
        headers={"Retry-After": _pause(seconds)},
    )


def _cut(request: web.Request) -> None:
    if isinstance(request.transport, asyncio.Transport):
        request.transport.abort()
