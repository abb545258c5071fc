"""The scheduler: named jobs at cron times, each firing a workflow that happens once.

APScheduler only knows the time. Its jobs live in memory in every process, and a fire is submitted
to the engine under the id `cron:{job}:{time}`: whichever process is first wins, a crash in the
middle is resumed, and a fire that comes twice is a no-op. What is every process's own matter has
the process's name in its id.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from datetime import UTC, datetime, tzinfo
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.config.cron import trigger
from bot.runtime.workflows import Workflows

WORKFLOW = "clock"
# A fire that is noticed later than this many seconds is left out; jobs look back by themselves.
LATENESS = 3600

ScheduledWork = Callable[[datetime], Awaitable[None]]
Submit = Callable[[Job, list[datetime]], Coroutine[Any, Any, list[Any]]]


class Scheduler:
    """Fires jobs. `zone` is the desk's time zone, in which cron times are read."""

    def __init__(self, workflows: Workflows, zone: tzinfo = UTC) -> None:
        self._workflows = workflows
        self._zone = zone
        self._jobs: dict[str, ScheduledWork] = {}
        self._everywhere: set[str] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=zone,
            executors={"default": _Submitting(self._submit)},
            job_defaults={"coalesce": True, "misfire_grace_time": LATENESS},
        )

    def add_job(self, name: str, cron: str, work: ScheduledWork, *, each: bool = False) -> None:
        """Do `work` at the times of a five-field cron line; it is told the moment it was due (UTC).

        Among several processes one of them does, or with `each` every one of them.

        Raises:
            ValueError: the line is no cron line.
        """
        self._jobs[name] = work
        if each:
            self._everywhere.add(name)
        self._scheduler.add_job(_nothing, trigger(cron, self._zone), id=name, name=name)

    @property
    def names(self) -> Collection[str]:
        """The jobs it knows."""
        return self._jobs.keys()

    def start(self) -> None:
        """Begin to fire; the engine must have been started."""
        self._scheduler.start()

    def stop(self) -> None:
        """Fire no more; what was fired is the engine's."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def run(self, payload: dict[str, Any]) -> str:
        """The workflow of one firing. A job that this version no longer has is left out."""
        work = self._jobs.get(payload["job"])
        if work is None:
            return "gone"
        await work(datetime.fromisoformat(payload["due"]))
        return "done"

    async def fire(self, name: str, due: datetime) -> None:
        """Fire a job for the moment it was due; twice is a no-op."""
        moment = due.astimezone(UTC).isoformat(timespec="seconds")
        fired = f"cron:{name}:{moment}"
        if name in self._everywhere and self._workflows.replicas.several:
            fired += f":{self._workflows.replicas.executor}"
        await self._workflows.submit(WORKFLOW, fired, {"job": name, "due": moment})

    async def _submit(self, job: Job, run_times: list[datetime]) -> list[Any]:
        for due in run_times:
            await self.fire(job.id, due)
        return []


class _Submitting(AsyncIOExecutor):
    """The only place where APScheduler 3 tells the time that a job was due."""

    def __init__(self, submit: Submit) -> None:
        super().__init__()
        self._submit = submit

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None:
        task = self._eventloop.create_task(self._submit(job, run_times))

        def ended(done: asyncio.Task[list[Any]]) -> None:
            self._pending_futures.discard(done)
            if done.cancelled():
                return
            error = done.exception()
            if error is None:
                self._run_job_success(job.id, done.result())
            else:
                self._run_job_error(job.id, error, error.__traceback__)

        task.add_done_callback(ended)
        self._pending_futures.add(task)


def _nothing() -> None:
    """APScheduler wants a function; ours is the workflow that the executor submits."""
