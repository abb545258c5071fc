"""Calls at the pace the API can take: slower as an allowance runs down, before it says 429.

Every reply says what is left of each allowance and when it is full again. As long as plenty is
left nothing is held back; below that, what is left is spread over the time until then.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

ALLOWANCES = ("requests", "input-tokens", "output-tokens", "tokens")
# Below this share of an allowance calls are spread out.
PLENTY = 0.3
# Whatever a header says, nobody waits longer than this for the next look. Seconds.
LONGEST = 60.0


@dataclass
class _Allowance:
    """What is left until it is full again; `each` is what a call takes, 0 while unknown."""

    limit: float
    left: float
    full_at: float
    each: float = 0.0

    def turn(self, now: float) -> tuple[float, float]:
        """When the next call may go, and the seconds to leave between it and the one after."""
        wait = self.full_at - now
        if wait <= 0 or self.left >= self.limit * PLENTY:
            return now, 0.0
        each = self.each or 1.0
        if self.left < each:
            return self.full_at, 0.0
        return now, wait / (self.left / each)


class RateLimiter:
    """Paces the calls of one model; `clock` counts seconds, `now` tells the time of day (UTC)."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._clock = clock
        self._now = now
        self._allowances: dict[str, _Allowance] = {}
        self._next = 0.0
        self._closed_until = 0.0

    def adjust_to_reply(self, status: int, headers: Mapping[str, str]) -> None:
        """Read the headers of a reply; those we cannot read change nothing.

        A 429 that says how long to wait closes the way for all. One that does not is for the call
        it struck to back off from.
        """
        for name in ALLOWANCES:
            self._read(name, headers)
        if status == 429 and (pause := _seconds(headers.get("retry-after"))):
            self._closed_until = max(self._closed_until, self._clock() + min(pause, LONGEST))

    def used(self, input_tokens: int, output_tokens: int) -> None:
        """Learn what a call takes of the token allowances (a running mean)."""
        for name, count in (
            ("input-tokens", input_tokens),
            ("output-tokens", output_tokens),
            ("tokens", input_tokens + output_tokens),
        ):
            if name in self._allowances:
                allowance = self._allowances[name]
                allowance.each += (count - allowance.each) / (20 if allowance.each else 1)

    def delay(self) -> float:
        """Seconds the next call should wait; asking takes its place in the row."""
        now = self._clock()
        turns = [each.turn(now) for each in self._allowances.values()]
        at = max([now, self._next, self._closed_until, *(begins for begins, _ in turns)])
        for allowance in self._allowances.values():
            allowance.left -= allowance.each or 1.0
        self._next = at + min(max((interval for _, interval in turns), default=0.0), LONGEST)
        return min(at - now, LONGEST)

    def _read(self, name: str, headers: Mapping[str, str]) -> None:
        prefix = f"anthropic-ratelimit-{name}-"
        try:
            limit = float(headers[f"{prefix}limit"])
            left = float(headers[f"{prefix}remaining"])
            reset = datetime.fromisoformat(headers[f"{prefix}reset"])
            wait = (reset - self._now()).total_seconds()
        except (KeyError, ValueError, TypeError):
            return
        full_at = self._clock() + wait
        known = self._allowances.get(name)
        if known is not None and abs(known.full_at - full_at) < 1:
            # Replies overtake each other, and calls that left since were not counted in them.
            left = min(left, known.left)
        self._allowances[name] = _Allowance(limit, left, full_at, known.each if known else 0.0)


def _seconds(text: str | None) -> float | None:
    try:
        return max(float(text), 0.0) if text else None
    except ValueError:
        return None
