"""What is asked before a listener runs; the routing table says of which."""

from collections.abc import Awaitable, Callable
from typing import Any

from handlers.slack.permissions import Permissions
from handlers.types import Payload

Middleware = Callable[..., Awaitable[Any]]


def agents_only(access: Permissions) -> Middleware:
    """Let only agents through; anybody else is refused, and told so by `handlers.errors`."""

    async def check_agent(body: Payload, next_: Callable[[], Awaitable[Any]]) -> None:
        await access.require_agent(str(body["user"]["id"]))
        await next_()

    return check_agent
