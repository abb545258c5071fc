from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.job import Job
from apscheduler.triggers.cron import CronTrigger

class AsyncIOScheduler:
    def __init__(
        self,
        *,
        timezone: tzinfo,
        executors: Mapping[str, AsyncIOExecutor],
        job_defaults: Mapping[str, Any],
    ) -> None: ...
    @property
    def running(self) -> bool: ...
    def add_job(
        self, func: Callable[[], None], trigger: CronTrigger, *, id: str, name: str
    ) -> Job: ...
    def start(self) -> None: ...
    def shutdown(self, wait: bool = True) -> None: ...
