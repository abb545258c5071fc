"""Workflows: an engine beside the desk's database, wrapped so that nothing else knows it.

A workflow is submitted under an id and is written down before `submit` returns. The engine begins
it, begins it again after a crash, and writes down that it has ended; the results of its steps are
rows of the desk's own database (`bot/runtime/steps.py`), and steps that had ended answer from what
was written. A step may therefore run twice, but a workflow never ends twice; the same id submitted
again is a no-op.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from dbos import DBOS, SetWorkflowID

from bot.runtime.engine import ENDED, UNFINISHED, drop_ended, engine_config, engine_steps, outside
from bot.runtime.replicas import Replicas
from bot.runtime.steps import Steps, Value
from storage.db.database import Database

Workflow = Callable[[dict[str, Any]], Awaitable[str]]

# Seconds that workflows under way are given to end when the process stops.
GRACE = 10.0
# Seconds that what could not be written down waits where several processes run.
ASIDE = 60.0
# The workflow that is being started here and now: only its own task inherits that.
_starting: ContextVar[str] = ContextVar("starting", default="")


class RetryAtNextStart(BaseException):
    """Raised by a workflow that cannot go on now: it stays unfinished and runs at the next start.

    Where several processes run it runs again a minute later.

    No Exception, because the engine takes any of those for the workflow's final result.
    """


class Workflows:
    """Runs workflows durably: one process on a file, any number of `replicas` on a server."""

    def __init__(
        self, store: Database, replicas: Replicas | None = None, *, grace: float = GRACE
    ) -> None:
        self.replicas = replicas or Replicas(store)
        self.file = self.replicas.home.file
        self._steps = Steps(store)
        self._grace = grace
        self._fresh: set[str] = set()
        # The workflows that another process began, from the start until they end.
        self._left_over: set[str] = set()
        self._counted = asyncio.Event()
        self._stopping = False
        self._tasks: dict[str, asyncio.Task[Any]] = {}
        self._idle = asyncio.Event()
        self._idle.set()
        self._workflows: dict[str, Any] = {}
        self._awaited: dict[str, asyncio.Event] = {}
        # Where others run there may be no next start: what was put aside, and since when.
        self._put_aside: dict[str, float] = {}
        self.replicas.each_beat(self._try_again)

    async def start(self, stories: Mapping[str, Workflow]) -> None:
        """Take this process's lock, and let unfinished workflows run again, by their names.

        Where there are several processes, those of the dead are taken over by `take_over`.

        Raises:
            SettingsError: another process has a file, or somebody needs the server's desk at rest.
        """
        connections = self.replicas.open()
        DBOS(config=engine_config(self.replicas.home, connections))
        self._workflows = {name: self._workflow(name, story) for name, story in stories.items()}
        DBOS.launch()
        if not self.replicas.several:
            rows = await DBOS.list_workflows_async(
                status=UNFINISHED, load_input=False, load_output=False
            )
            self._left_over = {row.workflow_id for row in rows}
        self._counted.set()

    async def take_over(self, executor: str) -> None:
        """Let the processes that live share what a dead one had begun.

        The engine's own recovery, which it makes for itself at a start: it moves only what is still
        that process's, and counts, so that a story which kills its process is given up some day.
        """
        await outside(asyncio.to_thread(DBOS._recover_pending_workflows, [executor]))  # noqa: SLF001

    @asynccontextmanager
    async def running(
        self,
        stories: Mapping[str, Workflow],
        last: Callable[[], Awaitable[None]] | None = None,
    ) -> AsyncIterator[None]:
        """Start, and stop when the block ends; raises what `start` does.

        `last` is done when no story is under way any more, and others may not have the work yet.
        """
        await self.start(stories)
        try:
            yield
        finally:
            await self.stop(last)

    def _workflow(self, name: str, story: Workflow) -> Any:
        async def run(payload: dict[str, Any]) -> str:
            await self._counted.wait()
            if self._stopping:
                # It was started too late to run; the next start resumes it.
                raise asyncio.CancelledError
            workflow_id = str(DBOS.workflow_id)
            if _starting.get() != workflow_id:
                self._left_over.add(workflow_id)
            await self._begun(workflow_id)
            try:
                return await story(payload)
            except RetryAtNextStart:
                self._put_aside[workflow_id] = time.monotonic()
                raise

        return DBOS.workflow(name=name)(run)

    async def stop(self, last: Callable[[], Awaitable[None]] | None = None) -> None:
        """Give what is under way its grace to end; what has not goes on at the next start."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._grace):
                await self.wait_idle()
        self._stopping = True
        # A cancelled workflow leaves its row unfinished, so that the next start resumes it.
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        # DBOS made its own pool the loop's and has shut it down; others still need one.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        if last is not None:
            await last()
        self.replicas.close()

    async def submit(self, name: str, workflow_id: str, payload: dict[str, Any]) -> bool:
        """Write a workflow down durably and start it.

        False when the id is known already: then nothing was written and nothing starts.
        """
        if self.under_way(workflow_id):
            return False
        self._fresh.add(workflow_id)
        self._idle.clear()
        try:
            handle = await outside(self._start(name, workflow_id, payload))
        except BaseException:
            self._ended(workflow_id)
            raise
        # Only a handle of a workflow that was started here holds its task.
        started = hasattr(handle, "task")
        if not started:
            self._ended(workflow_id)
        return started

    async def _start(self, name: str, workflow_id: str, payload: dict[str, Any]) -> object:
        _starting.set(workflow_id)
        with SetWorkflowID(workflow_id):
            return await DBOS.start_workflow_async(self._workflows[name], payload)

    def under_way(self, workflow_id: str) -> bool:
        """Whether the workflow runs in this process, or will be as one left over."""
        known = (self._fresh, self._left_over, self._tasks)
        return any(workflow_id in stories for stories in known)

    async def over(self, workflow_id: str) -> bool:
        """Whether a workflow has ended, in whatever process."""
        return bool(
            await DBOS.list_workflows_async(
                workflow_ids=[workflow_id], status=ENDED, load_input=False, load_output=False
            )
        )

    async def outcome(self, workflow_id: str, within: float) -> str | None:
        """What a workflow came to; None where it has not ended within so many seconds, or failed.

        It may have ended long ago, as far as its checkpoints are kept.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                while self.under_way(workflow_id):
                    await self._awaited.setdefault(workflow_id, asyncio.Event()).wait()
        rows = await outside(
            DBOS.list_workflows_async(workflow_ids=[workflow_id], status="SUCCESS")
        )
        return str(rows[0].output) if rows else None

    async def wait_idle(self) -> None:
        """Wait until no workflow is under way in this process."""
        await self._idle.wait()

    async def _begun(self, workflow_id: str) -> None:
        """Follow the engine's task, which ends only when the workflow's result is written down."""
        self._follow(workflow_id)
        if self.recovered(workflow_id):
            await self._steps.resume(workflow_id, await outside(engine_steps(workflow_id)))
        else:
            self._steps.begin(workflow_id)

    def _follow(self, workflow_id: str) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a workflow runs in a task of the engine's")
        self._idle.clear()
        self._tasks[workflow_id] = task
        task.add_done_callback(lambda _task: self._ended(workflow_id))

    def _ended(self, workflow_id: str) -> None:
        self._fresh.discard(workflow_id)
        self._left_over.discard(workflow_id)
        self._tasks.pop(workflow_id, None)
        if awaited := self._awaited.pop(workflow_id, None):
            awaited.set()
        if not self._fresh and not self._tasks:
            self._idle.set()

    async def _try_again(self) -> None:
        """Run again what was put aside for a while; any process may."""
        before = time.monotonic() - ASIDE
        again = [each for each, since in self._put_aside.items() if since < before]
        if again:
            await outside(DBOS.resume_workflows_async(again))
            for each in again:
                del self._put_aside[each]

    async def forget(self, before: datetime) -> int:
        """Drop the checkpoints of workflows that ended before a moment; how many there were."""
        return await outside(drop_ended(before, self._steps.forget))

    async def alive(self) -> str | None:
        """Whether the engine's database answers: None.

        Raises what the engine does.
        """
        await DBOS.list_workflows_async(limit=1, load_input=False, load_output=False)
        return None

    async def unfinished(self, name: str) -> list[dict[str, Any]]:
        """The payloads of the workflows that had not ended when the last process did."""
        rows = await DBOS.list_workflows_async(name=name, status=UNFINISHED, load_output=False)
        return [row.input["args"][0] for row in rows if row.input]

    async def step(
        self, name: str, shape: type[Value], work: Callable[..., Awaitable[Value]], *args: Any
    ) -> Value:
        """Run a piece of the workflow once; on a re-run answer with what was written down."""
        return await self._steps.step(name, shape, work, *args)

    def recovered(self, workflow_id: str) -> bool:
        """Whether another process began the workflow, so its effects may be there already."""
        return workflow_id in self._left_over
