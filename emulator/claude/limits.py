"""The `anthropic-ratelimit-*` headers; figures of the Start tier, per model and minute.

They are only told, never enforced: a test that wants a 429 asks for the fault.
"""

import time
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

REQUESTS, INPUT, OUTPUT = 1_000, 2_000_000, 400_000


@dataclass
class _Minute:
    number: int = -1
    requests: int = 0
    input: int = 0
    output: int = 0


class RateLimits:
    """What each model has used in the current minute."""

    def __init__(self) -> None:
        self._used: defaultdict[str, _Minute] = defaultdict(_Minute)

    def headers(self, model: str, fresh: int, output: int) -> dict[str, str]:
        """Counts one call and returns the headers; cache reads do not count."""
        used = self._minute(model)
        used.requests += 1
        used.input += fresh
        used.output += output
        reset = datetime.fromtimestamp((used.number + 1) * 60, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        rows = (
            ("requests", REQUESTS, used.requests),
            ("input-tokens", INPUT, used.input),
            ("output-tokens", OUTPUT, used.output),
            ("tokens", INPUT + OUTPUT, used.input + used.output),
        )
        return {
            f"anthropic-ratelimit-{name}-{what}": value
            for name, limit, spent in rows
            for what, value in (
                ("limit", str(limit)),
                ("remaining", str(max(0, limit - spent))),
                ("reset", reset),
            )
        }

    def _minute(self, model: str) -> _Minute:
        number = int(time.time() // 60)
        if self._used[model].number != number:
            self._used[model] = _Minute(number)
        return self._used[model]
