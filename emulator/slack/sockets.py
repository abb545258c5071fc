"""Socket Mode: envelopes to the app's connections, acknowledgements back."""

import asyncio
import json
import secrets
from collections.abc import Callable

from aiohttp import WSMsgType, web

from emulator.slack.delivery import Connection, Delivery
from emulator.slack.dispatch import Dispatch
from emulator.slack.wire import JSON, dump

MOST_CONNECTIONS = 10
HEARTBEAT_SECONDS = 10.0
LINGER_SECONDS = 1.0
WARNING_SECONDS = 10.0


class Sockets:
    """All connections of the app; each envelope goes to one of them, in turn."""

    def __init__(self, app_id: str, dispatch: Dispatch, changed: Callable[[], None]) -> None:
        self.app_id, self._dispatch, self._changed = app_id, dispatch, changed
        self.connections: list[Connection] = []
        self._tickets: set[str] = set()
        self._turn = 0

    def ticket(self) -> str:
        """Admission for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    def carry(self, delivery: Delivery) -> bool:
        """Send an envelope; one that is told to go gets some when there is no other."""
        ready = [c for c in self.connections if not c.draining] or self.connections
        if not ready:
            return False
        self._turn += 1
        connection = ready[self._turn % len(ready)]
        connection.unacked[delivery.envelope_id] = delivery
        connection.outbox.put_nowait(delivery)
        return True

    # Receiving

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """The WebSocket endpoint; a ticket opens it once."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden(text="invalid_ticket")
        self._tickets.discard(ticket)
        ws = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, compress=False)
        await ws.prepare(request)
        transport = request.transport
        connection = Connection(ws, transport if isinstance(transport, asyncio.Transport) else None)
        if len(self.connections) >= MOST_CONNECTIONS:
            await ws.send_str(_disconnect("too_many_websockets"))
            await ws.close()
        else:
            await self._attend(connection)
        return ws

    async def _attend(self, connection: Connection) -> None:
        self.connections.append(connection)
        await connection.tell(self._hello())
        pump = asyncio.create_task(connection.pump(self._dispatch.sent))
        self._changed()
        try:
            async for message in connection.ws:
                if message.type is WSMsgType.TEXT:
                    self._acknowledge(connection, json.loads(message.data))
        finally:
            pump.cancel()
            self._forget(connection)

    def _hello(self) -> str:
        info = {"host": "applink-emulator", "build_number": 1, "approximate_connection_time": 18060}
        return dump(
            {
                "type": "hello",
                "num_connections": len(self.connections),
                "debug_info": info,
                "connection_info": {"app_id": self.app_id},
            }
        )

    def _acknowledge(self, connection: Connection, ack: JSON) -> None:
        delivery = connection.unacked.pop(str(ack.get("envelope_id")), None)
        if delivery is not None:
            self._dispatch.acknowledged(delivery, ack.get("payload") or {})

    def _forget(self, connection: Connection) -> None:
        self.connections.remove(connection)
        for delivery in connection.unacked.values():
            self._dispatch.failed(delivery, "connection_failed")
        self._changed()

    # Ending

    async def disconnect(self, reason: str) -> None:
        """Tell every connection to go, and cut those that do not.

        A `warning` leaves it ten seconds in which it still gets envelopes.
        """
        linger = WARNING_SECONDS if reason == "warning" else LINGER_SECONDS
        for connection in list(self.connections):
            await connection.tell(_disconnect(reason))
            connection.draining = reason != "warning"
            asyncio.get_running_loop().call_later(linger, connection.cut)

    async def drop(self, *, hard: bool) -> None:
        """End every connection: with a close frame, or by cutting the TCP connection."""
        for connection in list(self.connections):
            connection.draining = True
            if hard:
                connection.cut()
            else:
                await connection.ws.close(code=1001)


def _disconnect(reason: str) -> str:
    return dump(
        {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-emulator"}}
    )
