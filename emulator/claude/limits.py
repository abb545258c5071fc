"""The `anthropic-ratelimit-*` headers; figures of the Start tier, per model and minute.

They are told with every reply. Only a stand-in that is asked to also enforces them with 429.
"""

import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from emulator.claude.errors import Refused

MINUTE = 60.0


@dataclass
class _Window:
    number: int = -1
    requests: int = 0
    input: int = 0
    output: int = 0


@dataclass
class Limits:
    """What a model may be asked in a window of `seconds`; `enforced` answers 429 beyond it."""

    requests: int = 1_000
    input: int = 2_000_000
    output: int = 400_000
    seconds: float = MINUTE
    enforced: bool = False


class RateLimits:
    """What each model has used in the current window; `now` counts seconds since 1970."""

    def __init__(self, limits: Limits, now: Callable[[], float] = time.time) -> None:
        self.limits = limits
        self._now = now
        self._used: defaultdict[str, _Window] = defaultdict(_Window)

    def check(self, model: str) -> None:
        """Refuse a call beyond the limits, where they are enforced.

        Raises:
            Refused: 429 with the seconds until the window ends.
        """
        limits, used = self.limits, self._window(model)
        if not limits.enforced or (
            used.requests < limits.requests
            and used.input < limits.input
            and used.output < limits.output
        ):
            return
        wait = (used.number + 1) * limits.seconds - self._now()
        headers = self._told(used) | {"retry-after": f"{max(wait, 0):.3f}"}
        raise Refused(429, "This request would exceed your rate limit.", headers=headers)

    def headers(self, model: str, fresh: int, output: int) -> dict[str, str]:
        """Counts one call and returns the headers; cache reads do not count."""
        used = self._window(model)
        used.requests += 1
        used.input += fresh
        used.output += output
        return self._told(used)

    def _told(self, used: _Window) -> dict[str, str]:
        limits = self.limits
        reset = datetime.fromtimestamp((used.number + 1) * limits.seconds, UTC)
        stamp = reset.strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = (
            ("requests", limits.requests, used.requests),
            ("input-tokens", limits.input, used.input),
            ("output-tokens", limits.output, used.output),
            ("tokens", limits.input + limits.output, used.input + used.output),
        )
        return {
            f"anthropic-ratelimit-{name}-{what}": value
            for name, limit, spent in rows
            for what, value in (
                ("limit", str(limit)),
                ("remaining", str(max(0, limit - spent))),
                ("reset", stamp),
            )
        }

    def _window(self, model: str) -> _Window:
        number = int(self._now() // self.limits.seconds)
        if self._used[model].number != number:
            self._used[model] = _Window(number)
        return self._used[model]
