"""Envelopes, and the connections they travel on."""

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import web

from emulator.slack.wire import JSON, dump


@dataclass(eq=False)
class Delivery:
    """One envelope: what was sent when, and when it was acknowledged (monotonic seconds)."""

    type: str
    payload: JSON = field(repr=False)
    attempt: int = 0
    reason: str = ""
    envelope_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    sent_at: float | None = None
    acked_at: float | None = None
    answer: "asyncio.Future[JSON] | None" = field(default=None, repr=False)
    timer: asyncio.TimerHandle | None = field(default=None, repr=False)

    @property
    def event_id(self) -> str | None:
        """The id of the event; the same in every attempt. None for commands and clicks."""
        return self.payload.get("event_id")

    @property
    def event_type(self) -> str:
        """The type inside: `message`, `block_actions`, or the command itself."""
        inner = self.payload.get("event", self.payload)
        return str(inner.get("type") or inner.get("command", ""))

    @property
    def ack_ms(self) -> float | None:
        """Milliseconds from sending to acknowledgement."""
        if self.sent_at is None or self.acked_at is None:
            return None
        return (self.acked_at - self.sent_at) * 1000

    def again(self, reason: str) -> "Delivery":
        """The next attempt, in a new envelope."""
        return Delivery(self.type, self.payload, self.attempt + 1, reason)

    def frame(self) -> str:
        """The envelope as it travels."""
        body: JSON = {
            "envelope_id": self.envelope_id,
            "type": self.type,
            "payload": self.payload,
            "accepts_response_payload": self.type != "events_api",
        }
        if self.type == "events_api":
            body |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return dump(body)


class Connection:
    """One open socket, with the envelopes on it that wait for an acknowledgement."""

    def __init__(self, ws: web.WebSocketResponse, transport: asyncio.Transport | None) -> None:
        self.ws, self.transport = ws, transport
        self.outbox: asyncio.Queue[Delivery] = asyncio.Queue()
        self.unacked: dict[str, Delivery] = {}
        self.draining = False

    async def pump(self, sent: Callable[[Delivery], None]) -> None:
        """Send what is put into the outbox, one after the other, until the socket dies."""
        while await self.tell((delivery := await self.outbox.get()).frame()):
            sent(delivery)

    async def tell(self, frame: str) -> bool:
        """Send one frame; False when nobody is there any more."""
        try:
            await self.ws.send_str(frame)
        except ConnectionError:
            return False
        return True

    def cut(self) -> None:
        """End the TCP connection without a close frame."""
        if self.transport:
            self.transport.abort()
