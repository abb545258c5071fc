"""The engine beneath the workflows: how it is set up, asked and tidied.

DBOS Transact. It begins a workflow, begins it again after a crash, and writes down that it ended.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from contextvars import Context
from datetime import datetime
from typing import Any, TypeVar

from dbos import DBOS, DBOSConfig, Serializer

from bot.runtime.steps import StepRow
from storage.db.engine_home import EngineHome

EngineAnswer = TypeVar("EngineAnswer")

# Rows of another version are neither dequeued nor recovered, so it stays the same until the names
# or the order of a workflow's steps change in a way that old rows cannot follow.
VERSION = "1"
RAISED = "deskhand:raised"
# How long a stop takes to be noticed: between two looks for notifications, of which we use none.
LOOK_EVERY = 0.1
UNFINISHED = ["PENDING", "ENQUEUED"]
ENDED = ["SUCCESS", "ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]
FORGET_AT_ONCE = 500


def engine_config(home: EngineHome, connections: Any) -> DBOSConfig:
    """The engine in its home, on connections that are there already."""
    config = DBOSConfig(
        name="deskhand",
        system_database_url=home.address,
        system_database_engine=connections,
        application_version=VERSION,
        executor_id=home.executor,
        max_executor_threads=8,
        log_level="WARNING",
        serializer=_Json(),
        use_listen_notify=False,
        notification_listener_polling_interval_sec=LOOK_EVERY,
    )
    if home.schema is not None:
        config["dbos_system_schema"] = home.schema
    return config


async def outside(asked: Coroutine[Any, Any, EngineAnswer]) -> EngineAnswer:
    """Ask the engine something, or begin a workflow, that is no part of the one that asks.

    In the context of a workflow the engine would take it for a part of that: it refuses it when
    that has ended meanwhile, and writes the answer down, which is not always JSON.
    """
    return await asyncio.create_task(asked, context=Context())


async def engine_steps(workflow_id: str) -> list[StepRow]:
    """What the releases until 28 November 2026 wrote down of a workflow, beside the desk's."""
    known: Counter[str] = Counter()
    rows = []
    for step in await DBOS.list_workflow_steps_async(workflow_id):
        name, error = step["function_name"], step["error"]
        row = StepRow(story=workflow_id, name=name, nth=known[name])
        if error is None:
            row.result = json.dumps(step["output"], ensure_ascii=False)
        else:
            row.raised = str(error)
        known[name] += 1
        rows.append(row)
    return rows


async def drop_ended(before: datetime, besides: Callable[[Iterable[str]], Awaitable[None]]) -> int:
    """Drop the checkpoints of workflows that ended before a moment; how many there were.

    `besides` drops first what else is kept of them.
    """
    dropped = 0
    while True:
        rows = await DBOS.list_workflows_async(
            status=ENDED,
            completed_before=before.isoformat(),
            limit=FORGET_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        if not rows:
            return dropped
        ended = [row.workflow_id for row in rows]
        await besides(ended)
        await DBOS.delete_workflows_async(ended)
        dropped += len(rows)


class _Json(Serializer):
    """Checkpoints as JSON: readable, and free of class paths that a release could move."""

    def serialize(self, data: Any) -> str:
        return json.dumps(data, ensure_ascii=False, default=_raised)

    def deserialize(self, serialized_data: str) -> Any:
        data = json.loads(serialized_data)
        if isinstance(data, dict) and RAISED in data:
            return RuntimeError(data[RAISED])
        return data

    def name(self) -> str:
        return "json"


def _raised(error: object) -> dict[str, str]:
    """A failed step is replayed as a failure of the same name; its words may hold people's text."""
    if not isinstance(error, BaseException):
        raise TypeError(f"a checkpoint holds JSON only, not a {type(error).__name__}")
    return {RAISED: type(error).__name__}
