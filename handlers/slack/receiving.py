"""How the workspace's events come in: over a socket that we open, or as requests to our port."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from slack_bolt.async_app import AsyncApp

from bot.config.settings import Settings
from handlers.slack.request_url import PATH, serving_requests
from handlers.slack.socket_mode import connected_socket

log = structlog.get_logger("receiving")


@asynccontextmanager
async def receiving(
    app: AsyncApp, settings: Settings, address: str | None, connected: Callable[[], None]
) -> AsyncIterator[int | None]:
    """Receive until the block ends; the port, where there is one. `address` is a socket's.

    `connected` is called whenever events come from now on: what was sent before may be missed.

    Raises:
        SettingsError: the port cannot be opened.
    """
    token = settings.slack_app_token
    if address is None or token is None:
        async with serving_requests(app, settings, connected) as port:
            log.info("serving", port=port, path=PATH)
            yield port
    else:
        async with connected_socket(app, token.get_secret_value(), address, connected):
            yield None
