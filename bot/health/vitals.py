"""How the desk is at this moment: which parts of it are ill, why, and since when.

One value for everyone who tells of it: notices, the Home, the log, and what a machine asks.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

import structlog

from bot.runtime.tasks import BackgroundTasks

# Seconds between two looks, and that a single part may take to answer.
LOOK_EVERY = 15.0
ANSWER_WITHIN = 5.0

# Answers a sentence for the operator when its part is ill, without secrets and people's words.
VitalSign = Callable[[], Awaitable[str | None]]

log = structlog.get_logger("vitals")


@dataclass(frozen=True)
class Ailment:
    """A part that is ill. `vital` says that without it nobody can be served."""

    part: str
    sentence: str
    since: datetime
    vital: bool


@dataclass(frozen=True)
class _Watched:
    sign: VitalSign
    vital: bool


class Vitals:
    """Looks at every part on the clock, and when it is asked to; parts name themselves to `watch`.

    What falls ill and what is well again is written to the log; those that `follow` are told of
    every change, so that nobody shows what an illness was like at its beginning.
    """

    def __init__(self, *, every: float = LOOK_EVERY, within: float = ANSWER_WITHIN) -> None:
        self._every = every
        self._within = within
        self._parts: dict[str, _Watched] = {}
        self._ailments: Mapping[str, Ailment] = {}
        self._followers: list[Callable[[Sequence[Ailment]], Awaitable[None]]] = []
        self._under_way: asyncio.Task[None] | None = None
        self._work = BackgroundTasks()

    def watch(self, part: str, sign: VitalSign, *, vital: bool = False) -> None:
        """Look at a part from now on."""
        self._parts[part] = _Watched(sign, vital)

    def follow(self, tell: Callable[[Sequence[Ailment]], Awaitable[None]]) -> None:
        """Tell of what is ill whenever that, or why, has changed; of nothing, when all is well."""
        self._followers.append(tell)

    @property
    def parts(self) -> Sequence[str]:
        """What is looked at."""
        return tuple(self._parts)

    @property
    def ailments(self) -> Sequence[Ailment]:
        """What was ill at the last look."""
        return tuple(self._ailments.values())

    @property
    def serving(self) -> bool:
        """Whether customers can be served, as far as the last look tells."""
        return not any(each.vital for each in self.ailments)

    async def look(self) -> Sequence[Ailment]:
        """Look at every part, at all of them at once; what is ill. Who asks meanwhile shares it."""
        if self._under_way is not None:
            # It may have begun before what its caller wants to know of.
            await asyncio.shield(self._under_way)
        if self._under_way is None or self._under_way.done():
            self._under_way = asyncio.create_task(self._look())
        await asyncio.shield(self._under_way)
        return self.ailments

    async def _look(self) -> None:
        before, parts = self._ailments, dict(self._parts)
        told = await asyncio.gather(*map(self._ask, parts.values()))
        self._ailments = {
            part: self._ailment(part, sentence)
            for part, sentence in zip(parts, told, strict=True)
            if sentence is not None
        }
        if before != self._ailments:
            await self._tell(before)

    async def __aenter__(self) -> Self:
        self._work.begin(self._watch())
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._work.stop()

    async def _watch(self) -> None:
        while True:
            await self.look()
            await asyncio.sleep(self._every)

    async def _ask(self, watched: _Watched) -> str | None:
        try:
            async with asyncio.timeout(self._within):
                return await watched.sign()
        except TimeoutError:
            return f"gave no answer within {self._within:g} seconds"
        except Exception as error:  # noqa: BLE001 - whatever it is, the part is ill
            # Its words may hold people's text, or a password.
            return f"cannot be looked at ({type(error).__name__})"

    def _ailment(self, part: str, sentence: str) -> Ailment:
        known = self._ailments.get(part)
        since = known.since if known is not None else datetime.now(UTC)
        return Ailment(part, sentence, since, self._parts[part].vital)

    async def _tell(self, before: Mapping[str, Ailment]) -> None:
        for part, each in self._ailments.items():
            if part not in before:
                log.warning("ill", part=part, why=each.sentence)
        for part, each in before.items():
            if part not in self._ailments:
                log.info("well again", part=part, since=each.since.isoformat())
        for tell in self._followers:
            try:
                await tell(self.ailments)
            except Exception:
                log.exception("not told how the desk is")
