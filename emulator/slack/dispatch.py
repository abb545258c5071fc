"""What becomes of each thing that is sent to the app: delivered, acknowledged, sent again, or lost.

An event that nobody acknowledges is sent again three times on Slack's clock (at once, after one
minute, after five), and then never. One that happens while nobody is there is dropped. Commands and
interactions are sent once.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from emulator.slack.delivery import Delivery
from emulator.slack.faults import EventFault, Faults
from emulator.slack.outcome import NotAcknowledged
from emulator.slack.wire import JSON

RETRY_SECONDS = (0, 60, 300)


class Carrier(Protocol):
    """How deliveries reach the app: over its sockets, or by requests to its address."""

    def carry(self, delivery: Delivery) -> bool:
        """Take a delivery on its way; False when nobody is there to take it."""
        ...


class Dispatch:
    """Every delivery there has been. `carrier` is set by whoever has it."""

    def __init__(
        self,
        faults: Faults,
        changed: Callable[[], None],
        ack_timeout: float,
        retry_delays: Sequence[float] = RETRY_SECONDS,
    ) -> None:
        self.faults, self._changed = faults, changed
        self.ack_timeout, self.retry_delays = ack_timeout, tuple(retry_delays)
        self.carrier: Carrier | None = None
        self.deliveries: list[Delivery] = []
        self.acks: list[Delivery] = []
        self.given_up: list[Delivery] = []
        self.dropped: list[Delivery] = []
        self._open: set[Delivery] = set()
        self._scheduled: set[Delivery] = set()
        self._held: list[JSON] = []

    @property
    def quiet(self) -> bool:
        """Whether nothing is held, on its way, without an acknowledgement, or to be sent again."""
        return not (self._held or self._scheduled or self._open)

    # What is sent

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

    async def ask(self, kind: str, payload: JSON) -> JSON:
        """Deliver a command or an interaction and wait for its acknowledgement's payload.

        It is never sent again; raises NotAcknowledged.
        """
        answer: asyncio.Future[JSON] = asyncio.get_running_loop().create_future()
        delivery = Delivery(kind, payload, answer=answer)
        self._send(delivery)
        try:
            async with asyncio.timeout(self.ack_timeout):
                return await answer
        except NotAcknowledged:
            raise
        except TimeoutError:
            wanted = f"{delivery.event_type!r} was not acknowledged in {self.ack_timeout} s"
            raise NotAcknowledged(f"{wanted} (operation_timeout)") from None
        finally:
            self._open.discard(delivery)

    def _send(self, delivery: Delivery) -> None:
        self._open.add(delivery)
        if self.carrier is None or not self.carrier.carry(delivery):
            if delivery.attempt or delivery.answer is not None:
                self.failed(delivery, "connection_failed")
            else:
                self._open.discard(delivery)
                self.dropped.append(delivery)

    def _send_later(self, seconds: float, delivery: Delivery) -> None:
        self._scheduled.add(delivery)
        asyncio.get_running_loop().call_later(seconds, self._due, delivery)

    def _due(self, delivery: Delivery) -> None:
        self._scheduled.discard(delivery)
        self._send(delivery)

    # What the carrier tells

    def sent(self, delivery: Delivery, otherwise: str = "timeout") -> None:
        """It has left; an event has so long to be acknowledged, `otherwise` it failed for that."""
        delivery.sent_at = time.monotonic()
        self.deliveries.append(delivery)
        if delivery.answer is None:
            loop = asyncio.get_running_loop()
            delivery.timer = loop.call_later(self.ack_timeout, self.failed, delivery, otherwise)
        self._changed()

    def acknowledged(self, delivery: Delivery, payload: JSON) -> None:
        """The app has it; too late is better than never, but does not call a retry back."""
        self._close(delivery)
        delivery.acked_at = time.monotonic()
        self.acks.append(delivery)
        if delivery.answer and not delivery.answer.done():
            delivery.answer.set_result(payload)
        self._changed()

    def failed(self, delivery: Delivery, reason: str, *, again: bool = True) -> None:
        """It was not acknowledged: an event is sent again in its time, unless it may not be."""
        if delivery not in self._open:
            return
        self._close(delivery)
        if delivery.answer is not None:
            if not delivery.answer.done():
                failure = NotAcknowledged(f"{delivery.event_type!r}: {reason} (dispatch_failed)")
                delivery.answer.set_exception(failure)
        elif again and delivery.attempt < len(self.retry_delays):
            self._send_later(self.retry_delays[delivery.attempt], delivery.again(reason))
        else:
            self.given_up.append(delivery)
        self._changed()

    def _close(self, delivery: Delivery) -> None:
        self._open.discard(delivery)
        if delivery.timer:
            delivery.timer.cancel()
