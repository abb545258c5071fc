"""The API of a desk as a client of it sees it."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx2

from bot.api.api_failure import ApiFailure, no_token
from bot.api.operations import Operation
from bot.config.settings import SettingsError, StoreSettings

# Seconds: a question takes the desk as long as its model does.
WITHIN = 180.0
CONNECT_WITHIN = 5.0


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
        sent: dict[str, Any] = {"params": rest} if operation.method == "GET" else {"json": rest}
        try:
            response = await self.client.request(
                operation.method, path, headers={"Authorization": f"Bearer {token}"}, **sent
            )
            told = response.json()
        except (httpx2.HTTPError, json.JSONDecodeError):
            raise ApiFailure(503, "not_reached", "The desk is not reached: try later.") from None
        if response.is_success and isinstance(told, dict):
            return told
        match told:
            case {"error": str(error), "sentence": str(sentence)}:
                raise ApiFailure(response.status_code, error, sentence)
            case _:
                raise ApiFailure(503, "not_reached", "What answers there is no desk.")


def _in_path(name: str, given: Mapping[str, Any]) -> str:
    """A number that goes into a path; anything else could lead elsewhere."""
    value = given.get(name)
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,10}", str(value)):
        raise ApiFailure(400, "wrong", f"{name}: expected a whole number.")
    return str(value)


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
