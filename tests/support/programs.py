"""A desk that programs use: its tokens, and a program with each."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from tests.support.workspace import Workspace

# By the names that the audit knows them by.
TOKENS = {
    "reader": "reader-token-0123456789",
    "helper": "helper-token-0123456789",
    "keeper": "keeper-token-0123456789",
}
API = """
[api.reader]
token = "READER_TOKEN"

[api.helper]
token = "HELPER_TOKEN"
role = "agent"
may = ["ask", "open", "comment", "solve"]

[api.keeper]
token = "KEEPER_TOKEN"
role = "agent"
private = true
may = ["open"]
"""


@dataclass(frozen=True)
class Replied:
    """A status and the JSON with it."""

    status: int
    told: Any
    headers: Mapping[str, str]


@dataclass
class Programs:
    """The desk at its API's address."""

    place: Workspace
    session: aiohttp.ClientSession

    @property
    def url(self) -> str:
        """Where the API is."""
        return f"http://127.0.0.1:{self.place.running.api_port}"

    async def get(self, name: str | None, path: str, **query: Any) -> Replied:
        """What a program reads."""
        return await self.send(name, "GET", path, params={k: str(v) for k, v in query.items()})

    async def post(
        self, name: str | None, path: str, given: Any = None, key: str | None = None
    ) -> Replied:
        """What a program does."""
        headers = {"Idempotency-Key": key} if key is not None else {}
        return await self.send(name, "POST", path, json=given, headers=headers)

    async def send(
        self,
        name: str | None,
        method: str,
        path: str,
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> Replied:
        """Any request, with the token of a program or of nobody."""
        known = {"Authorization": f"Bearer {TOKENS[name]}"} if name else {}
        async with self.session.request(
            method, self.url + path, headers={**known, **(headers or {})}, **more
        ) as response:
            return Replied(response.status, await response.json(), response.headers)


@asynccontextmanager
async def programs(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Programs]:
    """Programs whose tokens are in the environment; the desk is started by the test."""
    for name, token in TOKENS.items():
        monkeypatch.setenv(f"{name.upper()}_TOKEN", token)
    async with aiohttp.ClientSession() as session:
        yield Programs(place, session)
