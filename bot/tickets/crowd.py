"""When so many messages are at work that the next one waits longer than a moment."""

import time
from collections import deque
from collections.abc import Callable


class Crowd:
    """Tells a crowd by who is at work, and by how many ended within the last moment.

    Fewer than `size` are none. More are one where more are at work than a moment sees end.
    """

    def __init__(
        self, size: int, moment: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._size = size
        self._moment = moment
        self._clock = clock
        self._ended: deque[float] = deque()

    def ended(self) -> None:
        """The desk is done with a message."""
        self._ended.append(self._clock())

    def waits(self, at_work: int) -> bool:
        """Whether the last of so many is not done within a moment, as far as can be told."""
        before = self._clock() - self._moment
        while self._ended and self._ended[0] <= before:
            self._ended.popleft()
        return at_work >= self._size and at_work > len(self._ended)
