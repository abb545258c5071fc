"""What was said while no event came: read from the history, and heard like everything else.

Slack keeps no event for an app that is away. So each conversation has a watermark, up to which it
is known; what stands after it may have been missed. Moments are by Slack's clock.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from typing import Self

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError

from bot.pipeline.watermarks import Watermarks
from bot.runtime.catch_up import CatchUp
from bot.runtime.tasks import BackgroundTasks, Stoppable
from handlers.catch_up.late_hearing import LateHearing, TakenIn
from handlers.catch_up.stretch import Stretch, StretchReader
from handlers.slack.channel_history import ChannelHistory, HistoryPlace
from storage.intake.watermarks import DESK

# Seconds for which a message has not been missed, as its event may still be on its way; and by
# which Slack's history may lag behind its events.
ON_ITS_WAY = LAG = 60.0
TROUBLE = (SlackClientError, aiohttp.ClientError, TimeoutError)

log = structlog.get_logger("gaps")


class GapFill(Stoppable):
    """Reads back at the start, after each reconnection, and on the clock; one pass at a time."""

    def __init__(
        self,
        marks: Watermarks,
        history: ChannelHistory,
        reader: StretchReader,
        hearing: LateHearing,
        catch_up: CatchUp,
    ) -> None:
        self._marks = marks
        self._history = history
        self._reader = reader
        self._hearing = hearing
        self._catch_up = catch_up
        self._connected_at = time.monotonic()
        self._wanted = self._interrupted = self._new = False
        self._first = asyncio.Event()
        self._passes = BackgroundTasks()

    async def __aenter__(self) -> Self:
        """A new desk begins now: written down before the first event can come, or be missed."""
        if DESK not in await self._marks.all():
            await self._marks.begin(DESK, f"{self._history.now():.6f}")
            self._new = True
        return self

    def connected(self) -> None:
        """Events come from now on; what was said before may have been missed, and changed."""
        self._connected_at = time.monotonic()
        self._interrupted = True
        self._catch_up.begin()
        self.begin()

    def begin(self) -> None:
        """Read everything back soon; what is under way already begins once more."""
        self._wanted = True
        self._first.set()
        if not len(self._passes):
            self._passes.begin(self._work())

    async def wait_idle(self) -> None:
        """Wait until the first pass was wanted, and nothing is left to be read back."""
        await self._first.wait()
        await self._passes.wait_idle()

    async def stop(self) -> None:
        """Break off: what is not read by now is at the next start."""
        await self._passes.stop()

    async def _work(self) -> None:
        while self._wanted:
            interrupted, self._wanted, self._interrupted = self._interrupted, False, False
            number = self._catch_up.round
            try:
                complete = await self._read_back(number, interrupted=interrupted)
            except Exception:
                complete = False
                log.exception("history not read")
            self._interrupted |= interrupted and not complete
            self._catch_up.over(number)

    async def _read_back(self, number: int, *, interrupted: bool) -> bool:
        """Every conversation; whether that could be done. Those that something waits for go first.

        A desk that begins today has missed nothing of before.
        """
        marks = await self._marks.all()
        new, self._new = self._new, False
        if new:
            return True
        began = time.monotonic()
        places = await self._history.places()
        all_known = self._history.now() - (time.monotonic() - began) - LAG
        read: list[tuple[HistoryPlace, str, float]] = []
        taken = TakenIn()
        for place in self._in_turn(places):
            asked = self._history.now()
            since = await self._marks.begin(place.id, marks.get(place.id, marks[DESK]))
            try:
                filled = await self._fill(await self._reader.read_since(place, since))
            except TROUBLE as error:
                log.warning("channel not read back", channel=place.id, error=type(error).__name__)
            else:
                taken += filled
                if not filled.unheard:
                    read.append((place, since, asked - LAG))
            self._catch_up.done(place.id, number)
        self._catch_up.over(number)
        # From now on a new conversation has nothing to say of before this pass.
        await self._marks.raise_to(DESK, f"{all_known:.6f}")
        if taken.missed:
            log.info("missed messages taken in", messages=taken.missed)
        looked = [await self._end(*each, interrupted=interrupted) for each in read]
        return len(read) == len(places) and all(looked)

    def _in_turn(self, places: Sequence[HistoryPlace]) -> Iterator[HistoryPlace]:
        left = {place.id: place for place in places}
        while left:
            urgent = next(filter(self._catch_up.waited_for, left), None)
            yield left.pop(urgent or next(iter(left)))

    async def _end(
        self, place: HistoryPlace, since: str, known: float, *, interrupted: bool
    ) -> bool:
        """Look for what was changed in a conversation's threads, and know it up to a moment.

        Nobody waits for this. It is begun anew when there was another interruption meanwhile.
        """
        try:
            threads = await self._reader.talked_in(place) if interrupted else ()
            for thread in threads:
                if self._interrupted:
                    return False
                read = await self._reader.read_thread(place, since, thread)
                if (await self._fill(read)).unheard:
                    return False
        except TROUBLE as error:
            log.warning("threads not read back", channel=place.id, error=type(error).__name__)
            return False
        await self._marks.raise_to(place.id, max(since, f"{known:.6f}"))
        return True

    async def _fill(self, stretch: Stretch) -> TakenIn:
        """Take in what was missed in a stretch; nothing of it begins before all of it is."""
        now = self._history.now()
        connected = now - (time.monotonic() - self._connected_at)
        with self._catch_up.taking_in(stretch.place.id):
            return await self._hearing.take_in(stretch, max(connected, now - ON_ITS_WAY), now)
