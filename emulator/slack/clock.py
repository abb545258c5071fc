"""Time stamps as Slack writes them: seconds with six decimals, unique and increasing."""

import time


class Clock:
    """Hands out `ts` values; two calls never return the same one."""

    def __init__(self) -> None:
        self._last = 0

    def ts(self) -> str:
        """The next time stamp, such as "1795465732.000100"."""
        self._last = max(time.time_ns() // 1000, self._last + 1)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"
