"""A system behind plain HTTP: a request with JSON out, an answer in JSON in."""

import json
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import httpx2

from bot.config.tools import PLACEHOLDER, ToolConfig

# Bytes of an answer that are read: far more than the kept fields of anything.
LARGEST = 262_144
FORBIDDEN = 403
# Parts of an address that are resolved away, so that another address would be asked.
ELSEWHERE = ("", ".", "..")


class NothingThere(Exception):
    """The system knows nothing of the kind, or says that it is not this customer's."""


class SystemFailed(Exception):
    """The system was not reached, or its answer is none.

    `again` says that it may pass, `after` how many seconds it wants to be left alone before.
    """

    def __init__(self, reason: str, *, again: bool = False, after: float = 0) -> None:
        super().__init__(reason)
        self.again = again
        self.after = after


class NotTaken(SystemFailed):
    """The system does not take this question; others it may well."""


async def ask_endpoint(
    http: httpx2.AsyncClient,
    tool: ToolConfig,
    arguments: Mapping[str, Any],
    token: str,
    key: str = "",
) -> Any:
    """Ask once, and read the JSON that comes back.

    Arguments without a place in the address go into the query, or into the body of a `post`. With
    a `key` the same request happens once, and what it answers is not read: systems say «OK», or
    nothing, and how things stand is asked afterwards.

    Raises:
        NothingThere: it answered 403, 404 or 410, or an argument leads to another address.
        NotTaken: it answered 400 or 422.
        SystemFailed: for any other status, no answer, or one that is no JSON or too large.
    """
    address = tool.get or tool.post
    placed = set(PLACEHOLDER.findall(address))
    if any(_plain(arguments[name]) in ELSEWHERE for name in placed):
        raise NothingThere
    url = PLACEHOLDER.sub(lambda found: quote(_plain(arguments[found[1]]), safe=""), address)
    rest = {name: value for name, value in arguments.items() if name not in placed}
    headers = {"Accept": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if key:
        headers["Idempotency-Key"] = key
    sent: dict[str, Any] = {"json": rest} if tool.post else {"params": _query(rest)}
    method = "POST" if tool.post else "GET"
    try:
        async with http.stream(method, url, headers=headers, **sent) as response:
            _require_success(response)
            return {} if key else _read(await _body(response))
    except httpx2.HTTPError as error:
        raise SystemFailed(f"not reached ({type(error).__name__})", again=True) from None
    except (ValueError, RecursionError):
        raise SystemFailed("its answer is no JSON") from None


def _require_success(response: httpx2.Response) -> None:
    status = response.status_code
    if response.is_success:
        return
    if status in (404, 410):
        raise NothingThere
    said = f"it answered {status}"
    # What is somebody else's must not read otherwise than what is not there.
    if status == FORBIDDEN:
        raise NothingThere(said)
    if status in (400, 422):
        raise NotTaken(said)
    pause = response.headers.get("Retry-After", "")
    raise SystemFailed(
        said,
        again=status in (408, 429) or status >= 500,
        after=float(pause) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", pause) else 0,
    )


def _read(body: bytes) -> Any:
    """The JSON of an answer; None for one that is empty, as of 204."""
    return json.loads(body) if body.strip() else None


async def _body(response: httpx2.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_bytes():
        body += piece
        if len(body) > LARGEST:
            raise SystemFailed(f"its answer has more than {LARGEST:,} bytes")
    return bytes(body)


def _query(arguments: Mapping[str, Any]) -> dict[str, str]:
    return {name: _plain(value) for name, value in arguments.items()}


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
