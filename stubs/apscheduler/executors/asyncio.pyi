from asyncio import AbstractEventLoop, Task
from datetime import datetime
from types import TracebackType
from typing import Any

from apscheduler.job import Job

class AsyncIOExecutor:
    _eventloop: AbstractEventLoop
    _pending_futures: set[Task[Any]]

    def _do_submit_job(self, job: Job, run_times: list[datetime]) -> None: ...
    def _run_job_success(self, job_id: str, events: list[Any]) -> None: ...
    def _run_job_error(
        self, job_id: str, exc: BaseException, traceback: TracebackType | None = None
    ) -> None: ...
