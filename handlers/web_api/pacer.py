"""Slack's patience: no call leaves before Slack will take it, and the most urgent leaves first.

Every call waits in the lanes of its method and, for posts, of its channel. A lane lets so many
calls go in so many seconds. It learns downwards: a refusal closes it for as long as Slack says and
halves what it takes; each quiet minute gives a tenth back.
"""

import asyncio
import heapq
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count

from slack_sdk.errors import SlackClientError

from handlers.web_api.call_priority import CallPriority
from handlers.web_api.tiers import IN_CHANNEL, MINUTE, RateLimit, is_by_channel, limit_of

# This much of a lane is kept free of what can wait, so that what cannot finds room.
RESERVED = 0.2
CAN_WAIT = CallPriority.NOTE
# Lanes beyond which those of channels that rest are forgotten.
LANES = 1_000
# What a lane takes where nothing is paced.
UNPACED = RateLimit(1_000_000, 1.0)
# The part of its limit that a lane gets back in each minute without a refusal.
RECOVERY = 0.1


class TooManyCalls(SlackClientError):
    """Slack has closed a method for longer than we wait."""


class Lane:
    """The calls of one method, or of one method in one channel, in the order in which they may go.

    A call counts from when it leaves until `seconds` after its answer came: the moment that Slack
    counts lies in between. Times are seconds of `now`.
    """

    def __init__(self, limit: RateLimit, now: Callable[[], float] = time.monotonic) -> None:
        self._full = limit
        self._calls = float(limit.calls)
        self._now = now
        self._under_way = 0
        self._done: deque[float] = deque()
        self._closed_until = 0.0
        self._to_be_waited_for = False
        self._quiet_since = now()
        self._waiting: list[tuple[CallPriority, int, asyncio.Future[None]]] = []
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None

    def limit(self, full: RateLimit) -> None:
        """Take so many calls at most from now on; what was refused goes on to count."""
        learned = self._calls < self._full.calls
        self._full = full
        self._calls = min(self._calls, float(full.calls)) if learned else float(full.calls)
        self._let_go()

    @property
    def calls(self) -> int:
        """How many calls it lets go in its time; fewer than documented after refusals."""
        return max(1, int(self._calls))

    @property
    def idle(self) -> bool:
        """Whether nothing waits in it, and nothing that it let go counts any more."""
        self._forget()
        return not (
            self._waiting or self._under_way or self._done or self._now() < self._closed_until
        )

    async def enter(self, priority: CallPriority) -> None:
        """Wait for a turn; `leave` has to follow."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (priority, next(self._numbers), turn))
        self._let_go()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.leave(counts=False)
            raise

    def leave(self, *, counts: bool = True) -> None:
        """The answer is there; or, where it does not count, nothing was asked after all."""
        self._under_way -= 1
        if counts:
            self._done.append(self._now())
        self._let_go()

    @property
    def patient(self) -> bool:
        """Whether it is closed by a word that speaks of the app and not of the call."""
        return self._to_be_waited_for and self._now() < self._closed_until

    def refused(self, seconds: float, *, in_a_word: bool = False) -> None:
        """Slack would not take a call, and wants us to keep away for so long."""
        now = self._now()
        self._to_be_waited_for = in_a_word or self.patient
        if now >= self._closed_until:
            self._calls = max(1.0, self.calls / 2)
        jittered = seconds * random.uniform(1.0, 1.1)  # noqa: S311 - spreads load, guards nothing
        self._closed_until = max(self._closed_until, now + jittered)
        self._quiet_since = self._closed_until

    def wait(self, priority: CallPriority) -> float:
        """Seconds until a call may go; 0 when it may go now."""
        self._forget()
        self._recover()
        now = self._now()
        if now < self._closed_until:
            return self._closed_until - now
        room = self._room(priority)
        missing = self._under_way + len(self._done) - room + 1
        if missing <= 0:
            return 0.0
        if missing > len(self._done):
            # Only an answer makes room; `leave` looks again.
            return self._full.seconds
        return self._done[missing - 1] + self._full.seconds - now

    def _room(self, priority: CallPriority) -> int:
        if priority < CAN_WAIT:
            return self.calls
        return max(1, self.calls - int(self.calls * RESERVED))

    def _forget(self) -> None:
        past = self._now() - self._full.seconds
        while self._done and self._done[0] <= past:
            self._done.popleft()

    def _recover(self) -> None:
        quiet = self._now() - self._quiet_since
        if self._calls >= self._full.calls or quiet < MINUTE:
            return
        minutes = int(quiet / MINUTE)
        self._quiet_since += minutes * MINUTE
        self._calls = min(self._full.calls, self._calls + self._full.calls * RECOVERY * minutes)

    def _let_go(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting:
            priority, _, turn = self._waiting[0]
            if turn.done():
                heapq.heappop(self._waiting)
                continue
            wait = self.wait(priority)
            if wait > 0:
                self._timer = asyncio.get_running_loop().call_later(wait, self._let_go)
                return
            heapq.heappop(self._waiting)
            self._under_way += 1
            turn.set_result(None)


class Turn:
    """A call's turn in its lanes."""

    def __init__(self) -> None:
        self.lanes: list[Lane] = []
        self.used = True

    def refused(self, seconds: float, *, in_a_word: bool = False) -> None:
        """Slack would not take the call, and wants us to keep away for so long.

        With `in_a_word` it said so in an answer like others: that is a state of the app, and no
        call ends by it, however long it lasts. A channel that has a lane of its own is closed
        alone: the others may go on. What was not taken does not count.
        """
        self.used = False
        self.lanes[0].refused(seconds, in_a_word=in_a_word)

    def give_back(self) -> None:
        """Nothing was asked of Slack."""
        self.used = False


class Pacer:
    """The lanes of one app in one workspace.

    `pace` is how many times the documented speed Slack allows the app; 0 means that nothing waits
    before Slack has refused something. What several processes let go together is what Slack takes
    of one: each lets go its part.
    """

    def __init__(self, pace: float, now: Callable[[], float] = time.monotonic) -> None:
        self._pace = pace
        self._now = now
        self._processes = 1
        self._lanes: dict[tuple[str, str], Lane] = {}

    def share(self, processes: int) -> None:
        """So many processes call for the app, and each keeps to its share."""
        self._processes = max(1, processes)
        for (method, channel), lane in self._lanes.items():
            lane.limit(self._paced(IN_CHANNEL if channel else limit_of(method)))

    @asynccontextmanager
    async def turn(self, method: str, channel: str, priority: CallPriority) -> AsyncIterator[Turn]:
        """Wait until Slack will take this call, and make it inside the block."""
        turn = Turn()
        try:
            for lane in self._lanes_of(method, channel):
                await lane.enter(priority)
                turn.lanes.append(lane)
            yield turn
        finally:
            for lane in turn.lanes:
                lane.leave(counts=turn.used)

    def wait(self, method: str, channel: str, priority: CallPriority) -> float:
        """Seconds until a call made now would leave, at the least: others may wait before it."""
        return max(lane.wait(priority) for lane in self._lanes_of(method, channel))

    def patient(self, method: str, channel: str) -> bool:
        """Whether whatever has to wait for Slack here shall wait, be it for hours."""
        return any(lane.patient for lane in self._lanes_of(method, channel))

    def _lanes_of(self, method: str, channel: str) -> list[Lane]:
        lanes = [self._lane(method, "", limit_of(method))]
        if is_by_channel(method):
            lanes.insert(0, self._lane(method, channel, IN_CHANNEL))
        return lanes

    def _lane(self, method: str, channel: str, limit: RateLimit) -> Lane:
        lane = self._lanes.get((method, channel))
        if lane is None:
            if len(self._lanes) >= LANES:
                self._sweep()
            lane = self._lanes[method, channel] = Lane(self._paced(limit), self._now)
        return lane

    def _paced(self, limit: RateLimit) -> RateLimit:
        if not self._pace:
            return UNPACED
        calls = max(1, limit.calls // self._processes)
        seconds = limit.seconds * calls * self._processes / limit.calls
        return RateLimit(calls, seconds / self._pace)

    def _sweep(self) -> None:
        self._lanes = {at: lane for at, lane in self._lanes.items() if not lane.idle}
