"""The steps of a story: each is carried out once, and written down before its result is used.

A step is known by its story, its name and how many of that name went before it. Its result is a row
of the desk's own database, so it shares a commit with whatever else is written at that moment.
"""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextvars import ContextVar
from typing import Any, TypeVar

from pydantic import BaseModel

from storage.db.database import Database
from storage.stories.steps import StepRow, forget_steps, keep_step, steps_of

__all__ = ["StepRow", "Steps", "Value"]

Value = TypeVar("Value", bound=BaseModel)


class _Telling:
    """A story as this process tells it: what is written of it, and which steps were asked for."""

    def __init__(self, story: str, written: Iterable[StepRow] = ()) -> None:
        self.story = story
        self._written = {(row.name, row.nth): row for row in written}
        self._asked: Counter[str] = Counter()

    def next(self, name: str) -> tuple[int, StepRow | None]:
        """The number of the next step of a name, and what was written of it."""
        nth = self._asked[name]
        self._asked[name] += 1
        return nth, self._written.get((name, nth))


_telling: ContextVar[_Telling] = ContextVar("telling")


class Steps:
    """Carries out steps, and keeps what they came to."""

    def __init__(self, store: Database) -> None:
        self._store = store

    def begin(self, story: str) -> None:
        """Tell a new story in the task that asks for it, and in those that this one begins."""
        _telling.set(_Telling(story))

    async def resume(self, story: str, before: Iterable[StepRow]) -> None:
        """Tell a story again; `before` was written of it elsewhere, by an earlier release."""
        written = await self._store.read(steps_of, story)
        _telling.set(_Telling(story, (*before, *written)))

    async def step(
        self, name: str, shape: type[Value], work: Callable[..., Awaitable[Value]], *args: Any
    ) -> Value:
        """What a step comes to, carried out now or before.

        Raises:
            RuntimeError: it failed before, with an error of the name that is told.
        """
        telling = _telling.get()
        nth, written = telling.next(name)
        if written is None:
            written = StepRow(story=telling.story, name=name, nth=nth)
            await self._carry_out(written, work, *args)
        if written.result is None:
            raise RuntimeError(written.raised)
        # Also what was found just now is read as it was written, as a story would that runs again.
        return shape.model_validate_json(written.result)

    async def _carry_out(
        self, row: StepRow, work: Callable[..., Awaitable[BaseModel]], *args: Any
    ) -> None:
        """Do it, and write down the outcome before anybody learns of it."""
        try:
            row.result = (await work(*args)).model_dump_json()
        except Exception as error:
            # By name only: an error's words may hold people's text.
            row.raised = type(error).__name__
            await self._store.write(keep_step, row)
            raise
        await self._store.write(keep_step, row)

    async def forget(self, stories: Iterable[str]) -> None:
        """Drop the steps of stories that have ended."""
        await self._store.write(forget_steps, list(stories))
