"""Every address of the emulated Slack."""

import asyncio
import json

from aiohttp import web

from emulator.slack import commands, storage, timeline
from emulator.slack.content import read_content
from emulator.slack.faults import CallFault, Faults
from emulator.slack.outcome import Outcome
from emulator.slack.sockets import Sockets
from emulator.slack.web import Tokens, WebAPI
from emulator.slack.wire import JSON, SlackError
from emulator.slack.workspace import Workspace

MOST_BYTES = 64 * 1024 * 1024


def application(
    workspace: Workspace, api: WebAPI, sockets: Sockets, tokens: Tokens
) -> web.Application:
    """The aiohttp application: Web API, Socket Mode, files, response_url."""
    app = web.Application(client_max_size=MOST_BYTES)
    responses, files = Responses(workspace), Files(workspace, tokens, api.faults)
    app.router.add_route("*", "/api/{method}", api.answer)
    app.router.add_get("/link/", sockets.serve)
    app.router.add_post("/response/{key}", responses.answer)
    app.router.add_post("/upload/{file}", files.receive)
    app.router.add_get("/files-pri/{file}/{name}", files.send)
    app.router.add_get("/files-pri/download/{file}/{name}", files.send)
    return app


class Files:
    """The upload host, and private addresses that ask for the token.

    Faults of the method `url_private` disturb downloads; `error` leads to the sign-in page by a
    redirect, as Slack does for a file that the app may not see.
    """

    def __init__(self, workspace: Workspace, tokens: Tokens, faults: Faults) -> None:
        self._workspace, self._tokens, self._faults = workspace, tokens, faults

    async def receive(self, request: web.Request) -> web.Response:
        """Take the bytes, raw or as a form's one file; no token is asked for."""
        identifier = request.match_info["file"]
        if identifier not in self._workspace.files:
            return web.Response(status=404)
        if request.content_type == "multipart/form-data":
            form = await request.post()
            part = next(v for v in form.values() if isinstance(v, web.FileField))
            content = part.file.read()
        else:
            content = await request.read()
        storage.fill(self._workspace, identifier, content)
        return web.Response(text=f"OK - {len(content)}")

    async def send(self, request: web.Request) -> web.Response:
        """The bytes; without a good token Slack's sign-in page, with status 200."""
        fault = self._faults.strike("url_private")
        if fault and (refused := await _disturbed(request, fault)):
            return refused
        identifier = request.match_info["file"].rpartition("-")[2]
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        allowed = self._tokens.taken(token) and "files:read" in self._workspace.scopes
        if not allowed:
            page = "<!DOCTYPE html><html><head><title>Sign in | Slack</title></head></html>"
            return web.Response(text=page, content_type="text/html")
        if identifier not in self._workspace.contents:
            return web.Response(status=404)
        kind = self._workspace.files[identifier]["mimetype"]
        return web.Response(body=self._workspace.contents[identifier], content_type=kind)


async def _disturbed(request: web.Request, fault: CallFault) -> web.Response | None:
    match fault.kind:
        case "delay":
            await asyncio.sleep(fault.seconds)
            return None
        case "server_error":
            return web.Response(status=fault.status, text="upstream connect error")
        case "error":
            return web.Response(status=302, headers={"Location": f"/?redir={request.path}"})
        case "ratelimited":
            headers = {"Retry-After": f"{fault.retry_after:g}"}
            return web.Response(status=429, headers=headers)
        case _:
            if isinstance(request.transport, asyncio.Transport):
                request.transport.abort()
            return web.Response()


class Responses:
    """The response_url of an act: five uses in thirty minutes."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def answer(self, request: web.Request) -> web.Response:
        """Post, replace or delete; the reply is the word "ok"."""
        outcome = self._workspace.outcomes.get(request.match_info["key"])
        try:
            self._use(outcome, json.loads(await request.text()))
        except json.JSONDecodeError:
            return web.Response(status=400, text="invalid_payload")
        except SlackError as error:
            return web.json_response(error.body(), status=404)
        return web.Response(text="ok")

    def _use(self, outcome: Outcome | None, payload: JSON) -> None:
        if outcome is None or outcome.expired():
            raise SlackError("expired_url")
        if outcome.spent():
            raise SlackError("used_url")
        outcome.uses += 1
        source = outcome.source
        if payload.get("delete_original") and source:
            self._delete(outcome)
        elif payload.get("replace_original") and source:
            content = read_content(self._workspace, payload)
            fields = {"text": content.text, "blocks": content.blocks}
            timeline.rewrite(self._workspace, source, **fields)
            outcome.responses.append(source)
        else:
            outcome.responses.append(commands.answer(self._workspace, outcome, payload))
        self._workspace.changes.touch()

    def _delete(self, outcome: Outcome) -> None:
        if outcome.source and outcome.source.only_for:
            outcome.source.deleted = True
        elif outcome.source:
            timeline.delete(self._workspace, outcome.source)
