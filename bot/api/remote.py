"""The API of a desk as a client of it sees it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from bot.api.api_failure import ApiFailure, no_token, sent_name
from bot.api.operations import Operation
from bot.config.settings import SettingsError, StoreSettings

# Seconds: a question takes the desk as long as its model does.
WITHIN = 180.0
CONNECT_WITHIN = 5.0
# By which the desk tells what came through its MCP server.
MCP_AGENT = "deskhand-mcp"
NOT_REACHED = "The desk is not reached: try later."


@dataclass
class DeskApi:
    """Asks a desk for operations, each time with the token of whoever wants them."""

    client: httpx2.AsyncClient

    async def ask(
        self, operation: Operation, given: Mapping[str, Any], token: str
    ) -> dict[str, Any]:
        """What the operation tells.

        Raises:
            ApiFailure: the desk refused it, or is not reached; the sentence says which.
        """
        if not token:
            raise no_token()
        path = operation.path
        for name in operation.in_path:
            path = path.replace(f"{{{name}}}", _in_path(name, given))
        # Some models spell out what they leave out.
        rest = {
            name: value
            for name, value in given.items()
            if value is not None and name not in operation.in_path
        }
        headers = {"Authorization": f"Bearer {token}", "User-Agent": MCP_AGENT}
        try:
            request = self.client.build_request(
                operation.method, path, headers=headers, **_sent(operation, rest)
            )
        except ValueError:
            raise ApiFailure(400, "wrong", "It holds what no JSON can hold.") from None
        try:
            response = await self.client.send(request)
            told = response.json()
        except (httpx2.ConnectError, httpx2.ConnectTimeout, json.JSONDecodeError):
            raise ApiFailure(503, "not_reached", NOT_REACHED) from None
        except httpx2.HTTPError:
            raise ApiFailure(503, "not_reached", _in_doubt(operation)) from None
        if response.is_success and isinstance(told, dict):
            return told
        match told:
            case {"error": str(error), "sentence": str(sentence)}:
                raise ApiFailure(response.status_code, error, sentence)
            case _:
                raise ApiFailure(503, "not_reached", "What answers there is no desk.")


def _sent(operation: Operation, given: Mapping[str, Any]) -> dict[str, Any]:
    """Where the arguments go; raises ApiFailure for one that no address can hold."""
    if operation.method == "POST":
        return {"json": dict(given)}
    for name, value in given.items():
        if not isinstance(value, str | int | float):
            raise ApiFailure(400, "wrong", f"{sent_name(name)}: expected one plain value.")
    return {"params": dict(given)}


def _in_doubt(operation: Operation) -> str:
    """What is said where a request has gone out and nothing came back."""
    if operation.reads:
        return NOT_REACHED
    return "The desk has not answered. It may be done all the same: look before you try again."


def _in_path(name: str, given: Mapping[str, Any]) -> str:
    """A number that goes into a path; anything else could lead elsewhere."""
    value = given.get(name)
    written = str(value)[:20] if isinstance(value, str | int) else ""
    # A ticket is read as T-12 everywhere else.
    if isinstance(value, bool) or not re.fullmatch(r"(T-)?[0-9]{1,10}", written):
        raise ApiFailure(400, "wrong", f"{name}: expected a whole number.")
    return written.removeprefix("T-")


def desk_api(settings: StoreSettings) -> DeskApi:
    """The API that the settings name; the client has to be closed.

    Raises:
        SettingsError: they name none.
    """
    url = settings.api_url
    if not url and settings.api_port:
        host = settings.api_host
        url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{settings.api_port}"  # noqa: S104
    if not url:
        raise SettingsError("API_URL is not set: the address of the desk's API, see docs/mcp.md")
    timeout = httpx2.Timeout(WITHIN, connect=CONNECT_WITHIN)
    return DeskApi(httpx2.AsyncClient(base_url=url, timeout=timeout, trust_env=False))
