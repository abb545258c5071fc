"""The shop's MCP server over streamable HTTP, behind a bearer token, on loopback.

It takes uvicorn, which comes with `mcp`.
"""

import asyncio
import contextlib
import secrets
import socket
from collections.abc import Iterator
from typing import Any, Self

import uvicorn

from shop.mcp_server import mcp_server
from shop.orders import OrderBook


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are for the process that it is a part of."""
        yield


class McpShop:
    """A running server; an async context manager. `requests` counts those that had the token.

    `changed` has the tool for an order want an argument more, as after a release of the shop's.
    """

    def __init__(
        self,
        book: OrderBook | None = None,
        *,
        port: int = 0,
        token: str = "",
        changed: bool = False,
    ) -> None:
        self.token = token or f"shop-{secrets.token_hex(12)}"
        self.requests = 0
        self.refused = 0
        self._app: Any = mcp_server(book or OrderBook(), changed=changed).streamable_http_app()
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", port))
        self._port = int(self._socket.getsockname()[1])
        config = uvicorn.Config(
            self._at_the_door,
            interface="asgi3",
            log_config=None,
            access_log=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Quiet(config)
        self._serving: asyncio.Task[None] | None = None

    @property
    def port(self) -> int:
        """The port on 127.0.0.1."""
        return self._port

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}/mcp"

    async def __aenter__(self) -> Self:
        # Connections wait in the socket until it serves.
        self._socket.listen()
        self._serving = asyncio.create_task(self._server.serve([self._socket]))
        return self

    async def __aexit__(self, *_error: object) -> None:
        self._server.should_exit = True
        if self._serving is not None:
            await asyncio.wait([self._serving])
        self._socket.close()

    async def _at_the_door(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            wanted = (b"authorization", f"Bearer {self.token}".encode())
            if wanted not in scope["headers"]:
                self.refused += 1
                await send({"type": "http.response.start", "status": 401, "headers": []})
                await send({"type": "http.response.body", "body": b"unauthorized"})
                return
            self.requests += 1
        await self._app(scope, receive, send)
