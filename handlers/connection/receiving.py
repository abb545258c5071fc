"""How the workspace's events come in: over a socket that we open, or as requests to our port."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import structlog
from slack_bolt.async_app import AsyncApp

from bot.config.settings import Settings
from handlers.connection.request_url import PATH, serving_requests
from handlers.connection.socket_mode import connected_socket

log = structlog.get_logger("receiving")


@dataclass(frozen=True)
class Reception:
    """Where events come in: at a `port`, or over a socket; and whether they can, now."""

    open: Callable[[], Awaitable[bool]]
    port: int | None = None


@asynccontextmanager
async def receiving(
    app: AsyncApp, settings: Settings, address: str | None, connected: Callable[[], None]
) -> AsyncIterator[Reception]:
    """Receive until the block ends. `address` is a socket's; without one requests are taken.

    `connected` is called whenever events come from now on: what was sent before may be missed.

    Raises:
        SettingsError: the port cannot be opened.
    """
    token = settings.slack_app_token
    if address is None or token is None:
        async with serving_requests(app, settings, connected) as port:
            log.info("serving", port=port, path=PATH)
            yield Reception(_open, port)
    else:
        async with connected_socket(app, token.get_secret_value(), address, connected) as socket:
            yield Reception(socket.is_connected)


async def _open() -> bool:
    """A port that was opened stays so."""
    return True
