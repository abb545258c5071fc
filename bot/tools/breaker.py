"""A circuit breaker for each tool: what fails again and again is left alone for a while."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from bot.config.tools import ToolConfig
from bot.runtime.bulletins import Bulletins, TellAlarm
from bot.tools.endpoint import NothingThere, NotTaken, SystemFailed
from bot.tools.shaping import Unfit

# So many failures in a row, and a tool rests.
TIRED = 5
ALARM = "tool"


class Breaker:
    """Counts failures in a row. After a rest a single one is enough for the next.

    The agents hear when a tool begins to rest, and when it has answered again.
    """

    def __init__(self, tools: Mapping[str, ToolConfig]) -> None:
        self._tools = tools
        self._failed: Counter[str] = Counter()
        self._rests: dict[str, float] = {}
        self._raised: set[str] = set()
        self._bulletins = Bulletins()

    def follow(self, tell: TellAlarm, known: Sequence[str]) -> None:
        """Tell of every change from here on; `known` are the alarms that stood before."""
        self._bulletins.follow(tell)
        for alarm in known:
            kind, _, name = alarm.partition(":")
            if kind == ALARM and name in self._tools:
                self._raised.add(name)
            elif kind == ALARM:
                self._bulletins.put(alarm, None)

    async def stop(self) -> None:
        """Tell no more."""
        await self._bulletins.stop()

    def require(self, name: str) -> None:
        """Raise SystemFailed while the tool rests."""
        if self._rests.get(name, 0) > time.monotonic():
            raise SystemFailed("it has failed again and again, and is left alone for a while")

    @asynccontextmanager
    async def asking(self, name: str) -> AsyncIterator[None]:
        """Ask a tool within its time, and note what comes of it.

        Raises:
            SystemFailed: also when its time is over.
        """
        seconds = self._tools[name].seconds
        try:
            async with asyncio.timeout(seconds):
                yield
        except NothingThere:
            self._answered(name)
            raise
        except TimeoutError:
            problem = f"no answer within {seconds:g} s"
            self._fails(name, problem)
            raise SystemFailed(problem, again=True) from None
        except NotTaken:
            # Whoever asks for what cannot be must not put it to rest for everybody.
            raise
        except (SystemFailed, Unfit) as error:
            self._fails(name, str(error))
            raise
        self._answered(name)

    def _answered(self, name: str) -> None:
        self._failed[name] = 0
        self._rests.pop(name, None)
        if name in self._raised:
            self._raised.discard(name)
            self._bulletins.put(f"{ALARM}:{name}", None)

    def _fails(self, name: str, problem: str) -> None:
        self._failed[name] += 1
        if self._failed[name] < TIRED:
            return
        tool = self._tools[name]
        self._rests[name] = time.monotonic() + tool.rest
        if name not in self._raised:
            self._raised.add(name)
            self._bulletins.put(
                f"{ALARM}:{name}",
                f"The {tool.title} failed {TIRED} times in a row as the tool «{name}», the last "
                f"time because: {problem}. It is asked again every {tool.rest:g} s; until it "
                "answers, people get what it would have answered.",
            )
