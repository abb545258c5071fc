"""Arguments of a Web API call: query, form or JSON, in one dictionary."""

import json

from aiohttp import web

from emulator.slack.method import Method
from emulator.slack.wire import JSON, SlackError

FORM = ("application/x-www-form-urlencoded", "multipart/form-data")
STRUCTURED = frozenset(
    {
        "attachments",
        "blocks",
        "chunks",
        "files",
        "loading_messages",
        "metadata",
        "prompts",
        "unfurls",
        "view",
    }
)


async def read(request: web.Request, method: Method) -> JSON:
    """All arguments of the call; raises Slack's errors for bodies it cannot read.

    A method that takes no JSON ignores such a body, as Slack does.
    """
    args: JSON = dict(request.query)
    if request.method == "POST" and request.can_read_body:
        if request.content_type == "application/json":
            args |= _json(await request.text(), method)
        elif request.content_type in FORM:
            args |= {k: v for k, v in (await request.post()).items() if isinstance(v, str)}
        else:
            raise SlackError("invalid_post_type")
    return {name: _decoded(name, value) for name, value in args.items() if value is not None}


def _json(text: str, method: Method) -> JSON:
    if not method.json:
        return {}
    try:
        body = json.loads(text or "{}")
    except json.JSONDecodeError:
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _decoded(name: str, value: object) -> object:
    if name not in STRUCTURED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value
