"""Trouble on demand: for Web API calls and for the delivery of events."""

import random
from dataclasses import dataclass
from typing import Any, Literal, get_args

CallKind = Literal[
    "ratelimited", "server_error", "error", "delay", "delay_after", "drop_before", "drop_after"
]
EventKind = Literal["twice", "late", "out_of_order"]


class Chance:
    """Strikes a share (0 to 1) of all, at random, and the same ones for the same seed."""

    def __init__(self, share: float, seed: str) -> None:
        self._share = share
        self._draw = random.Random(seed)  # noqa: S311 - the same faults every time

    def strikes(self) -> bool:
        """Whether it strikes this time."""
        return self._draw.random() < self._share


@dataclass
class CallFault:
    """What happens to the next `times` calls of a method; None means until cleared."""

    method: str
    kind: CallKind
    times: int | None
    retry_after: float | str
    code: str
    status: int
    seconds: float
    chance: "Chance | None" = None
    channel: str | None = None

    def spent(self) -> bool:
        """Whether it has struck as often as it should."""
        return self.times is not None and self.times <= 0


@dataclass
class EventFault:
    """What happens to the delivery of the next `times` events of a type."""

    kind: EventKind
    times: int | None
    type: str | None
    seconds: float
    chance: "Chance | None" = None

    def spent(self) -> bool:
        """Whether it has struck as often as it should."""
        return self.times is not None and self.times <= 0


class Faults:
    """The faults in force, oldest first; each strike uses one up."""

    def __init__(self) -> None:
        self.calls: list[CallFault] = []
        self.deliveries: list[EventFault] = []

    def add(
        self,
        method: str,
        kind: CallKind,
        *,
        times: int | None = 1,
        retry_after: float | str = 1,
        code: str = "internal_error",
        status: int = 503,
        seconds: float | None = None,
    ) -> CallFault:
        """Disturb calls of `method` ("*" = any); given a `channel` after, those about that one.

        `drop_before` cuts the connection before the work, `drop_after` once it is done; `delay`
        and `delay_after` keep the caller waiting for `seconds` before and after it;
        `server_error` answers `status` and does nothing. A refusal comes at once, or after
        `seconds`; a `retry_after` in words is said as it is.
        """
        _known(kind, CallKind)
        if seconds is None:
            seconds = 0.1 if kind in ("delay", "delay_after") else 0
        fault = CallFault(method, kind, times, retry_after, code, status, seconds)
        self.calls.append(fault)
        return fault

    def events(
        self,
        kind: EventKind,
        *,
        times: int | None = 1,
        type: str | None = None,  # noqa: A002 - the field is called so in the payload
        seconds: float = 0.2,
    ) -> EventFault:
        """Disturb the delivery of events (of one type, such as "message", or of any).

        `late` holds an event back for `seconds`; `out_of_order` sends it after the next one,
        or after `seconds` when none follows.
        """
        _known(kind, EventKind)
        fault = EventFault(kind, times, type, seconds)
        self.deliveries.append(fault)
        return fault

    def sometimes(
        self, method: str, kind: CallKind, share: float, seed: int = 0, **options: Any
    ) -> CallFault:
        """Disturb a share (0 to 1) of the calls of `method` until cleared, at random."""
        fault = self.add(method, kind, times=None, **options)
        fault.chance = Chance(share, f"{method} {kind} {seed}")
        return fault

    def events_sometimes(
        self, kind: EventKind, share: float, seed: int = 0, **options: Any
    ) -> EventFault:
        """Disturb the delivery of a share (0 to 1) of the events until cleared, at random."""
        fault = self.events(kind, times=None, **options)
        fault.chance = Chance(share, f"{kind} {seed}")
        return fault

    def clear(self) -> None:
        """End all trouble."""
        self.calls.clear()
        self.deliveries.clear()

    @property
    def choosy(self) -> bool:
        """Whether one of them asks what channel a call is about."""
        return any(each.channel is not None for each in self.calls)

    def strike(self, method: str, channel: object = None) -> CallFault | None:
        """The fault for a call arriving now, used up by one."""
        meant = (
            f for f in self.calls if f.method in (method, "*") and f.channel in (channel, None)
        )
        found = next(filter(_strikes, meant), None)
        if found:
            _use(found)
            self.calls = [f for f in self.calls if not f.spent()]
        return found

    def strike_event(self, event_type: str) -> EventFault | None:
        """The fault for an event about to be delivered, used up by one."""
        meant = (f for f in self.deliveries if f.type in (event_type, None))
        found = next(filter(_strikes, meant), None)
        if found:
            _use(found)
            self.deliveries = [f for f in self.deliveries if not f.spent()]
        return found


def _known(kind: str, kinds: object) -> None:
    if kind not in get_args(kinds):
        raise ValueError(f"no fault {kind!r}; there is: {', '.join(get_args(kinds))}")


def _strikes(fault: CallFault | EventFault) -> bool:
    return fault.chance is None or fault.chance.strikes()


def _use(fault: CallFault | EventFault) -> None:
    if fault.times is not None:
        fault.times -= 1
