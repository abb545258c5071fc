"""What is asked before a listener runs; the routing table says of which."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest

from bot import metrics
from bot.text.invisible import storable
from handlers.slack.permissions import Permissions
from handlers.types import Payload

KINDS = (
    "event_callback",
    "block_actions",
    "view_submission",
    "view_closed",
    "block_suggestion",
    "message_action",
    "shortcut",
)
Middleware = Callable[..., Awaitable[Any]]


async def take_in(
    request: AsyncBoltRequest, body: Payload, next_: Callable[[], Awaitable[Any]]
) -> None:
    """Count what comes in, and what Slack sends again because nobody acknowledged it.

    Whole characters are put for halves, which could neither be stored nor sent anywhere.
    """
    kind = next((each for each in KINDS if body.get("type") == each), "other")
    kind = "command" if "command" in body else kind
    metrics.received(kind, next(iter(request.headers.get("x-slack-retry-reason", [])), None))
    for name, value in body.items():
        body[name] = storable(value)
    await next_()


def agents_only(access: Permissions) -> Middleware:
    """Let only agents through; anybody else is refused, and told so by `handlers.errors`."""

    async def check_agent(body: Payload, next_: Callable[[], Awaitable[Any]]) -> None:
        await access.require_agent(str(body["user"]["id"]))
        await next_()

    return check_agent
