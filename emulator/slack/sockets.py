"""Socket Mode: envelopes to the app's connections, acknowledgements back."""

import asyncio
import json
import secrets
import time
from collections import deque
from collections.abc import Callable, Sequence

from aiohttp import WSMsgType, web

from emulator.slack.delivery import Connection, Delivery
from emulator.slack.faults import EventFault, Faults
from emulator.slack.outcome import NotAcknowledged
from emulator.slack.wire import JSON, dump

MOST_CONNECTIONS = 10
HEARTBEAT_SECONDS = 10.0
LINGER_SECONDS = 1.0
WARNING_SECONDS = 10.0


class Sockets:
    """All connections of the app, and every delivery there has been."""

    def __init__(
        self,
        app_id: str,
        faults: Faults,
        changed: Callable[[], None],
        ack_timeout: float,
        retry_delays: Sequence[float],
    ) -> None:
        self.app_id, self.faults, self._changed = app_id, faults, changed
        self.ack_timeout, self.retry_delays = ack_timeout, tuple(retry_delays)
        self.deliveries: list[Delivery] = []
        self.acks: list[Delivery] = []
        self.given_up: list[Delivery] = []
        self.connections: list[Connection] = []
        self._kept: deque[Delivery] = deque()
        self._tickets: set[str] = set()
        self._held: list[JSON] = []
        self._late: dict[str, Delivery] = {}
        self._scheduled: set[Delivery] = set()
        self._turn = 0

    def ticket(self) -> str:
        """Admission for one connection."""
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    @property
    def quiet(self) -> bool:
        """Whether no envelope is kept back, on its way, or without an acknowledgement."""
        on_the_way = any(connection.unacked for connection in self.connections)
        return not (self._kept or self._held or self._scheduled or on_the_way)

    # Sending

    def publish(self, payload: JSON) -> None:
        """Deliver an event, unless a fault has other plans for it."""
        fault = self.faults.strike_event(payload["event"]["type"])
        if fault:
            self._disturb(payload, fault)
            return
        self._send(Delivery("events_api", payload))
        self._release()

    def _disturb(self, payload: JSON, fault: EventFault) -> None:
        match fault.kind:
            case "twice":
                self._send(Delivery("events_api", payload))
                self._send(Delivery("events_api", payload))
            case "late":
                self._send_later(fault.seconds, Delivery("events_api", payload))
            case "out_of_order":
                self._held.append(payload)
                asyncio.get_running_loop().call_later(fault.seconds, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        for payload in held:
            self._send(Delivery("events_api", payload))

    def _send_later(self, seconds: float, delivery: Delivery) -> None:
        self._scheduled.add(delivery)
        asyncio.get_running_loop().call_later(seconds, self._due, delivery)

    def _due(self, delivery: Delivery) -> None:
        self._scheduled.discard(delivery)
        self._send(delivery)

    async def ask(self, kind: str, payload: JSON) -> JSON:
        """Deliver a command or an interaction and wait for its acknowledgement's payload.

        Such envelopes are never sent again; raises NotAcknowledged.
        """
        answer: asyncio.Future[JSON] = asyncio.get_running_loop().create_future()
        delivery = Delivery(kind, payload, answer=answer)
        self._send(delivery)
        try:
            async with asyncio.timeout(self.ack_timeout):
                return await answer
        except TimeoutError:
            if delivery in self._kept:
                self._kept.remove(delivery)
            wanted = f"{delivery.event_type!r} was not acknowledged in {self.ack_timeout} s"
            raise NotAcknowledged(f"{wanted} (operation_timeout)") from None

    def _send(self, delivery: Delivery) -> None:
        ready = [c for c in self.connections if not c.draining]
        if not ready:
            self._kept.append(delivery)
            return
        self._turn += 1
        connection = ready[self._turn % len(ready)]
        connection.unacked[delivery.envelope_id] = delivery
        connection.outbox.put_nowait(delivery)

    def _sent(self, delivery: Delivery) -> None:
        delivery.sent_at = time.monotonic()
        self.deliveries.append(delivery)
        if delivery.answer is None:
            loop = asyncio.get_running_loop()
            delivery.timer = loop.call_later(self.ack_timeout, self._expire, delivery)
        self._changed()

    def _expire(self, delivery: Delivery) -> None:
        for connection in self.connections:
            connection.unacked.pop(delivery.envelope_id, None)
        self._late[delivery.envelope_id] = delivery
        if delivery.timeouts >= len(self.retry_delays):
            self.given_up.append(delivery)
            self._changed()
            return
        delay = self.retry_delays[delivery.timeouts]
        following = delivery.again("timeout")
        following.timeouts += 1
        self._send_later(delay, following)

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
        pump = asyncio.create_task(connection.pump(self._sent))
        while self._kept and not connection.draining:
            self._send(self._kept.popleft())
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
        envelope_id = str(ack.get("envelope_id"))
        delivery = connection.unacked.pop(envelope_id, None) or self._late.pop(envelope_id, None)
        if delivery is None:
            return
        delivery.acked_at = time.monotonic()
        self.acks.append(delivery)
        if delivery.timer:
            delivery.timer.cancel()
        if delivery.answer and not delivery.answer.done():
            delivery.answer.set_result(ack.get("payload") or {})
        self._changed()

    def _forget(self, connection: Connection) -> None:
        self.connections.remove(connection)
        for delivery in connection.unacked.values():
            if delivery.timer:
                delivery.timer.cancel()
            if delivery.sent_at is None:
                self._send(delivery)
            elif delivery.answer is None:
                self._send(delivery.again("connection_failed"))
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
