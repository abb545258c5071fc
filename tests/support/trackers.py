"""GitHub and Jira on localhost: as much of their interfaces as an issue takes, over real HTTP."""

import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "tracker-token-0123456789"
JIRA_TOKEN = f"an@example.com:{TOKEN}"


@dataclass
class Trackers:
    """Both of them; `issues` are what was made, `asked` what was asked.

    `statuses` are answered instead of the next answers; `lost` says how many of the next issues
    are made without anybody hearing of it, `refuses` by which status GitHub makes none.
    """

    port: int = 0
    issues: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    lost: int = 0
    refuses: int = 0

    @property
    def url(self) -> str:
        """Where they are."""
        return f"http://127.0.0.1:{self.port}"

    def github(self, number: int) -> web.Response:
        """An issue as GitHub tells it."""
        issue = self.issues[number - 1]
        page = f"https://github.example.com/acme/shop/issues/{number}"
        told = {"number": number, "html_url": page, "body": issue["body"], "title": issue["title"]}
        return web.json_response({**told, "state": issue["state"], "state_reason": issue["why"]})

    def jira(self, number: int) -> dict[str, Any]:
        """An issue as Jira tells it."""
        issue = self.issues[number - 1]
        category = {"key": "done" if issue["state"] == "Done" else "new"}
        status = {"name": issue["state"], "statusCategory": category}
        return {"id": str(number), "key": f"SHOP-{number}", "fields": {"status": status}}

    def make(self, title: str, body: str, state: str) -> int:
        """Keep an issue; its number."""
        self.issues.append({"title": title, "body": body, "state": state, "why": None})
        return len(self.issues)


def _site(trackers: Trackers) -> web.Application:
    site = web.Application(middlewares=[_door(trackers)])
    github, jira = "/repos/acme/shop/issues", "/rest/api/3"

    async def make_github(request: web.Request) -> web.Response:
        if trackers.refuses:
            return web.json_response({"message": "Issues are disabled"}, status=trackers.refuses)
        sent = await request.json()
        number = trackers.make(sent["title"], sent["body"], "open")
        return _heard(trackers, request, trackers.github(number))

    async def list_github(request: web.Request) -> web.Response:
        """Pull requests stand among the issues, and a page holds no more than was asked for."""
        size, number = int(request.query["per_page"]), int(request.query.get("page", 1))
        found = [trackers.issues[at] | {"number": at + 1} for at in range(len(trackers.issues))]
        page = "https://github.example.com/acme/shop/issues/"
        told = [{**each, "html_url": f"{page}{each['number']}"} for each in reversed(found)]
        return web.json_response(told[(number - 1) * size : number * size])

    async def look_github(request: web.Request) -> web.Response:
        return trackers.github(int(request.match_info["number"]))

    async def make_jira(request: web.Request) -> web.Response:
        fields = (await request.json())["fields"]
        known = {"project", "issuetype", "summary", "labels", "description"}
        if set(fields) != known or fields["description"]["type"] != "doc":
            return web.json_response({"errorMessages": ["no"]}, status=400)
        lines = [each["content"][0]["text"] for each in fields["description"]["content"]]
        body = "\n".join([*lines, *fields["labels"]])
        number = trackers.make(fields["summary"], body, "To Do")
        return _heard(trackers, request, web.json_response({"key": f"SHOP-{number}"}, status=201))

    async def find_jira(request: web.Request) -> web.Response:
        mark = request.query["jql"].rpartition('labels = "')[2].rstrip('"')
        numbers = [at for at, each in enumerate(trackers.issues, 1) if mark in each["body"]]
        return web.json_response({"issues": [trackers.jira(each) for each in numbers]})

    async def look_jira(request: web.Request) -> web.Response:
        return web.json_response(trackers.jira(int(request.match_info["number"])))

    site.router.add_post(github, make_github)
    site.router.add_get(github, list_github)
    site.router.add_get(f"{github}/{{number}}", look_github)
    site.router.add_post(f"{jira}/issue", make_jira)
    site.router.add_get(f"{jira}/search/jql", find_jira)
    site.router.add_get(f"{jira}/issue/SHOP-{{number}}", look_jira)
    return site


def _door(trackers: Trackers) -> Any:
    basic = base64.b64encode(JIRA_TOKEN.encode()).decode()

    @web.middleware
    async def door(request: web.Request, handler: Any) -> web.StreamResponse:
        trackers.asked.append(f"{request.method} {request.path}")
        known = f"Basic {basic}" if "/rest/" in request.path else f"Bearer {TOKEN}"
        if request.headers.get("Authorization") != known:
            return web.json_response({"message": "Bad credentials"}, status=401)
        if trackers.statuses:
            return web.json_response({"message": "no"}, status=trackers.statuses.pop(0))
        answer: web.StreamResponse = await handler(request)
        return answer

    return door


def _heard(trackers: Trackers, request: web.Request, answer: web.Response) -> web.Response:
    if trackers.lost and request.transport is not None:
        trackers.lost -= 1
        request.transport.abort()
    return answer


@asynccontextmanager
async def trackers_at_work() -> AsyncIterator[Trackers]:
    """Both at a port of this machine."""
    trackers = Trackers()
    runner = web.AppRunner(_site(trackers))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    trackers.port = runner.addresses[0][1]
    yield trackers
    await runner.cleanup()
