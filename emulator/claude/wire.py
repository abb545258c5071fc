"""JSON and headers the way the API reads and writes them."""

import json

from aiohttp import web

from emulator.claude.errors import Json, Refused, invalid

MEGABYTE = 1024 * 1024
REQUEST_ID = web.RequestKey("request_id", str)

_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dumps(value: object) -> str:
    """Compact JSON, letters beyond ASCII as they are."""
    return _ENCODER.encode(value)


def standard_headers(request: web.Request) -> dict[str, str]:
    """Headers every reply carries."""
    return {"request-id": request[REQUEST_ID], "x-deskhand-standin": "true"}


async def read_json(request: web.Request, limit: int) -> Json:
    """The request body.

    Raises:
        Refused: 413 beyond `limit` bytes, 400 when it is not a JSON object.
    """
    if (request.content_length or 0) > limit:
        raise Refused(413, "Request exceeds the maximum size")
    try:
        body = json.loads(await request.read())
    except ValueError as error:
        raise invalid(f"The request body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise invalid("Input should be a valid dictionary")
    return body


def version_of(request: web.Request) -> str:
    """The API version the client asked for; present once the request is authenticated."""
    return request.headers["anthropic-version"]
