"""Socket Mode: what the workspace sends comes over a WebSocket that the desk opens."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient


@asynccontextmanager
async def connected_socket(
    app: AsyncApp, app_token: str, address: str, connected: Callable[[], None]
) -> AsyncIterator[SocketModeClient]:
    """Receive what the workspace sends to the app, until the block ends; by this client.

    `connected` is called when a connection stands, the first one and each that follows it.
    """
    socket = AsyncSocketModeHandler(app, app_token, proxy=app.client.proxy)
    socket.client.wss_uri = address

    async def hello(_client: object, message: dict[str, Any], _raw: str | None) -> None:
        if message.get("type") == "hello":
            connected()

    socket.client.message_listeners.append(hello)
    await socket.connect_async()  # type: ignore[no-untyped-call]
    try:
        yield socket.client
    finally:
        await socket.close_async()  # type: ignore[no-untyped-call]
