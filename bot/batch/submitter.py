"""Message batches submitted, waited for and fetched, none of them twice.

A batch is written down before it is submitted and again when its id is known. Where a crash or a
broken connection came between, the API is asked for it by its contents before anything is sent
again; a batch that was submitted by an earlier run is waited for, not repeated.
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import TypeVar

from bot.batch.live import FINAL, FIRST_PAUSE, HOPELESS, LONGEST_PAUSE
from bot.batch.log import CallLog, SubmittedBatch
from bot.batch.stop import StopSignal
from bot.llm.batches import Batch, Batches, BatchFailure, Unanswered
from bot.llm.calls import Completion, Question
from bot.llm.client import Claude
from bot.llm.structured import Stopped
from storage.db.columns import utc_now

# Seconds between looks at a batch.
FIRST_LOOK = 0.25
LONGEST_LOOK = 60.0
# Our clock and the API's may differ by this much.
SKEW = timedelta(minutes=5)

Value = TypeVar("Value")
Delivery = Callable[[str, Completion | Unanswered], Awaitable[None]]


class BatchNotEnded(Exception):
    """A batch has not ended, and we do not wait for it."""


class BatchSubmitter:
    """Deals with the API about batches; `patience` is how long it may be away, in seconds.

    With `waits` off a batch that has not ended raises BatchNotEnded. Whatever the API refuses for
    good raises Stopped.
    """

    def __init__(
        self,
        claude: Claude,
        job_log: CallLog,
        stop_signal: StopSignal,
        *,
        patience: float,
        waits: bool,
    ) -> None:
        self._batches = Batches(claude)
        self._job_log = job_log
        self._stop_signal = stop_signal
        self._patience = patience
        self._waits = waits

    async def submit(self, sending: SubmittedBatch, questions: Mapping[str, Question]) -> str:
        """Hand in a batch of questions by their keys; answers its id."""
        named = [(_name(sending, key), question) for key, question in questions.items()]

        async def submit() -> str:
            try:
                return await self._batches.submit(named)
            except BatchFailure as error:
                found = await self._adopted(sending) if error.unclear else None
                if found is None:
                    raise
                return found

        batch = await self._patiently(submit)
        await self._job_log.sent(sending, batch)
        return batch

    async def adopt(self, sending: SubmittedBatch) -> str | None:
        """The id of a batch of an earlier run; None when the API never took it in."""
        batch = sending.batch or await self._patiently(lambda: self._adopted(sending))
        if batch is None:
            await self._job_log.fetched(sending)
        elif sending.batch is None:
            await self._job_log.sent(sending, batch)
        return batch

    async def fetch(
        self,
        sending: SubmittedBatch,
        batch: str,
        questions: Mapping[str, Question],
        deliver: Delivery,
    ) -> None:
        """Wait for a batch to end and deliver each result under its key, once."""
        ended = await self._ended(batch)
        latency = round((utc_now() - ended.created_at).total_seconds() * 1000)
        left = {_name(sending, key): key for key in questions}

        async def fetch() -> None:
            wanted = {name: questions[key] for name, key in left.items()}
            async for name, result in self._batches.results(ended, wanted, latency):
                await deliver(left[name], result)
                del left[name]

        await self._patiently(fetch)
        await self._job_log.fetched(sending)

    async def _adopted(self, sending: SubmittedBatch) -> str | None:
        """The batch that was taken in although we never heard so; None when there is none."""
        names = {_name(sending, key) for key in sending.keys}
        taken = {each.batch for each in self._job_log.sendings.values()}
        for found in await self._batches.since(sending.at - SKEW):
            if found.requests != len(names) or found.id in taken:
                continue
            # Only the results of a batch name its requests.
            await self._ended(found.id)
            if await self._batches.ids(found.id) == names:
                return found.id
        return None

    async def _ended(self, batch: str) -> Batch:
        pause = FIRST_LOOK
        while not (state := await self._patiently(lambda: self._batches.batch_state(batch))).ended:
            if not self._waits:
                raise BatchNotEnded
            await self._stop_signal.rest(pause)
            pause = min(pause * 1.5, LONGEST_LOOK)
        return state

    async def _patiently(self, work: Callable[[], Awaitable[Value]]) -> Value:
        """Do something with the API, again and again while it is busy or away."""
        loop = asyncio.get_running_loop()
        give_up, pause = loop.time() + self._patience, FIRST_PAUSE
        while True:
            try:
                return await work()
            except BatchFailure as error:
                if error.reason in FINAL or error.reason in HOPELESS or loop.time() > give_up:
                    raise Stopped(FINAL.get(error.reason, str(error))) from error
            await self._stop_signal.rest(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


async def cancel_batches(claude: Claude, job_log: CallLog) -> Counter[str]:
    """Cancel what an earlier run has under way; how many batches were, by what became of them."""
    batches, outcome = Batches(claude), Counter[str]()
    for sending in job_log.sendings.values():
        if sending.batch is None:
            outcome["unknown"] += 1
            continue
        try:
            await batches.cancel(sending.batch)
        except BatchFailure as error:
            raise Stopped(str(error)) from error
        outcome["cancelled"] += 1
    return outcome


def _name(sending: SubmittedBatch, key: str) -> str:
    """The custom id of a request: unique to this sending, so that a batch names its sender."""
    return f"{sending.name}-{key}"
