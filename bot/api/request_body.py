"""The body of a request, within a time and a size, and the JSON in it."""

import asyncio
import json
from typing import Any

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError

from bot.api.api_failure import ApiFailure, sent_name
from bot.text.invisible import storable

# Bytes: the longest words in any script, as JSON may spell them.
LARGEST = 128 * 1024
BODY_WITHIN = 5.0


async def body_of(request: web.Request) -> bytes:
    """All of it.

    Raises:
        ApiFailure: it does not come in time, or is packed.
        web.HTTPRequestEntityTooLarge: it is larger than the site takes.
    """
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise ApiFailure(415, "packed", "Send the body as it is, without Content-Encoding.")
    try:
        async with asyncio.timeout(BODY_WITHIN):
            return await request.read()
    except TimeoutError:
        raise ApiFailure(408, "too_slow", "The body came too slowly.") from None
    except (ClientPayloadError, HttpProcessingError):
        raise ApiFailure(400, "no_body", "The body did not come whole.") from None


async def object_of(request: web.Request) -> dict[str, Any]:
    """The JSON object that a request brings; an empty one without a body.

    Raises:
        ApiFailure: it is none, or names something twice.
    """
    body = await body_of(request)
    if not body:
        return {}
    if request.content_type != "application/json":
        raise ApiFailure(415, "no_json", "Send JSON, with Content-Type: application/json.")
    try:
        read = json.loads(body, object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise ApiFailure(400, "no_json", "The body is no JSON.") from None
    if not isinstance(read, dict):
        raise ApiFailure(400, "wrong", "Expected a JSON object.")
    kept: dict[str, Any] = storable(read)
    return kept


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Two programs may not read the same body in two ways."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ApiFailure(400, "wrong", f"{sent_name(name)}: it stands twice.")
        found[name] = value
    return found
