"""Slack's rate limits: so many calls per method and minute, one post per second and channel."""

import math
import time
from collections import deque
from collections.abc import Callable
from enum import Enum

from emulator.slack.wire import JSON


class Tier(Enum):
    """Calls per minute, as docs.slack.dev/apis/web-api/rate-limits guarantees them."""

    T1 = 1
    T2 = 20
    T3 = 50
    T4 = 100
    SPECIAL = 600


POSTS_PER_CHANNEL = (10, 10.0)  # one a second; a burst of ten passes
POSTS_PER_WORKSPACE = (600, 60.0)  # "several hundred a minute"; Slack gives no figure


class RateLimited(Exception):
    """The call came too soon; `seconds` says when to come again."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds


class Window:
    """At most `limit` calls in any `seconds`."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit, self.seconds = limit, seconds
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until a call would pass; 0 when it may pass now."""
        while self._taken and self._taken[0] <= now - self.seconds:
            self._taken.popleft()
        return self._taken[0] + self.seconds - now if len(self._taken) >= self.limit else 0

    def take(self, now: float) -> None:
        """Count a call."""
        self._taken.append(now)


class Rates:
    """The windows of one app in one workspace."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._windows: dict[tuple[str, str], Window] = {}

    def check(self, method: str, tier: Tier, args: JSON) -> None:
        """Count the call, or raise RateLimited with whole seconds to wait."""
        now = self._now()
        windows = self._windows_of(method, tier, args)
        if (wait := max(w.wait(now) for w in windows)) > 0:
            raise RateLimited(math.ceil(wait))
        for window in windows:
            window.take(now)

    def _windows_of(self, method: str, tier: Tier, args: JSON) -> list[Window]:
        if method == "chat.postMessage":
            return [
                self._window(method, str(args.get("channel")), *POSTS_PER_CHANNEL),
                self._window(method, "", *POSTS_PER_WORKSPACE),
            ]
        return [self._window(method, "", tier.value, 60.0)]

    def _window(self, method: str, part: str, limit: int, seconds: float) -> Window:
        return self._windows.setdefault((method, part), Window(limit, seconds))
