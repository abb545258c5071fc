"""Questions gathered into message batches, submitted, waited for, and answered by their keys.

A batch is written down before it is submitted and again when its id is known. Where a crash or a
broken connection came between, the API is asked for it by its contents before anything is sent
again; a batch that was submitted by an earlier run is waited for, not repeated.

Work that somebody watches waits here until its batches end. Work that nobody watches looks once
and is called again later: what is not there yet is put off.
"""

import asyncio
import json
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol, TypeVar
from uuid import uuid4

from bot.batch.live import FINAL, FIRST_PAUSE, HOPELESS, LONGEST_PAUSE, PATIENCE
from bot.batch.log import SubmittedBatch
from bot.batch.stop import StopSignal
from bot.costs.reservation import SpendCap
from bot.llm.batches import MOST_BYTES, MOST_REQUESTS, Batch, Batches, BatchFailure, Unanswered
from bot.llm.calls import Completion, Question
from bot.llm.client import Claude
from bot.llm.request import request_body
from bot.llm.structured import AnswerLater, NoAnswer, Stopped
from storage.db.columns import utc_now

# Seconds without a new question after which what has gathered is sent.
LINGER = 0.5
# Seconds without any new question after which an earlier batch is fetched for those who asked.
QUIET = 5.0
FIRST_LOOK = 0.25
LONGEST_LOOK = 60.0
# How often a request that expired or failed on the API's side is sent again.
ROUNDS = 4
# Our clock and the API's may differ by this much.
SKEW = timedelta(minutes=5)

BatchValue = TypeVar("BatchValue")


class CallLog(Protocol):
    """Where questions, batches and answers are written down; `sendings` are those not fetched."""

    @property
    def sendings(self) -> Mapping[str, SubmittedBatch]: ...

    def tries(self, key: str) -> int: ...

    async def reply(self, key: str, question: Question) -> Completion | None: ...

    async def answered(self, key: str, question: Question, reply: Completion) -> None: ...

    async def sending(self, name: str, keys: Sequence[str]) -> SubmittedBatch: ...

    async def sent(self, sending: SubmittedBatch, batch: str) -> None: ...

    async def fetched(self, sending: SubmittedBatch) -> None: ...


class _NotYet(Exception):
    """A batch has not ended, and we do not wait for it."""


@dataclass
class _Waiting:
    key: str
    question: Question
    most: int
    size: int
    answer: asyncio.Future[Completion]
    rounds: int = 0


class MessageBatchQueue:
    """Answers questions by message batches of at most `chunk` requests.

    With `waits` off, a question whose batch has not ended raises PutOff. A request is sent in at
    most `rounds` batches.
    """

    def __init__(  # noqa: PLR0913 - built by name
        self,
        claude: Claude,
        job_log: CallLog,
        spend_cap: SpendCap,
        stop_signal: StopSignal,
        *,
        chunk: int,
        patience: float = PATIENCE,
        rounds: int = ROUNDS,
        waits: bool = True,
        told: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._claude = claude
        self._batches = Batches(claude)
        self._job_log = job_log
        self._spend_cap = spend_cap
        self._chunk = min(chunk, MOST_REQUESTS)
        self._patience = patience
        self._rounds = rounds
        self._waits = waits
        self._told = told
        self._waiting: dict[str, _Waiting] = {}
        self._queue: deque[_Waiting] = deque()
        # What was submitted by an earlier run, and who waits for it now.
        self._claims: dict[str, list[_Waiting]] = {name: [] for name in job_log.sendings}
        self._asked_at = 0.0
        self._arrived = asyncio.Event()
        self._stop_signal = stop_signal

    async def ask(self, key: str, question: Question) -> Completion:
        """The answer, from the log of an earlier run or from a batch.

        Raises:
            NoAnswer: the API refuses this request.
            Stopped: the API is away, the budget is used up, or we were told to stop.
            PutOff: the answer is not there yet; only where we do not wait.
        """
        known = await self._job_log.reply(key, question)
        if known is not None:
            return known
        self._stop_signal.check()
        size = len(json.dumps(request_body(question)).encode()) + 200
        most = self._claude.most(question, batch=True)
        answer: asyncio.Future[Completion] = asyncio.get_running_loop().create_future()
        tries = self._job_log.tries(key)
        waiting = self._waiting[key] = _Waiting(key, question, most, size, answer, tries)
        self._asked_at = asyncio.get_running_loop().time()
        line = self._line_of(key)
        line.append(waiting)
        if line is not self._queue:
            # It is at the API already.
            self._spend_cap.owe(most)
        self._arrived.set()
        try:
            return await answer
        finally:
            del self._waiting[key]

    def _line_of(self, key: str) -> deque[_Waiting] | list[_Waiting]:
        for name, claims in self._claims.items():
            if key in self._job_log.sendings[name].keys:
                return claims
        return self._queue

    async def run(self) -> None:
        """Send and fetch until cancelled or halted; batches under way then go on at the API."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._let_go())
                for sending in list(self._job_log.sendings.values()):
                    group.create_task(self._resume(sending))
                while self._stop_signal.why is None:
                    await self._gathered()
                    if chunk := await self._chunk_of_queue():
                        group.create_task(self._carry(chunk))
        except* (Stopped, BatchFailure) as failures:
            self._stop_signal.now(str(failures.exceptions[0]))
            self._release()

    async def _let_go(self) -> None:
        """When it is time to stop, nobody waits for a batch any longer."""
        await self._stop_signal.said()
        self._arrived.set()
        self._release()

    def _release(self) -> None:
        for each in self._waiting.values():
            if not each.answer.done():
                each.answer.set_exception(Stopped(str(self._stop_signal.why)))

    async def _gathered(self) -> None:
        """Wait for a first question, and then until a chunk is full or no more come."""
        while self._stop_signal.why is None and len(self._queue) < self._chunk:
            self._arrived.clear()
            try:
                patience = LINGER if self._queue else None
                await asyncio.wait_for(self._arrived.wait(), patience)
            except TimeoutError:
                return

    async def _chunk_of_queue(self) -> list[_Waiting]:
        """The head of the queue, within the API's limits and the budget."""
        chunk: list[_Waiting] = []
        size = 0
        while self._queue and len(chunk) < self._chunk and self._stop_signal.why is None:
            each = self._queue[0]
            size += each.size
            if chunk and (size > MOST_BYTES or not self._spend_cap.holds(each.most)):
                break
            if not (self._waits or self._spend_cap.idle or self._spend_cap.holds(each.most)):
                # What is under way may leave some of what it set aside; that is seen next time.
                self._put_off(self._queue)
                self._queue.clear()
                break
            await self._spend_cap.reserve(each.most)
            chunk.append(self._queue.popleft())
        return chunk

    async def _carry(self, chunk: Sequence[_Waiting]) -> None:
        """Submit a chunk and see it through."""
        sending = await self._job_log.sending(uuid4().hex[:12], [each.key for each in chunk])
        with self._putting_off(chunk):
            batch = await self._submitted(sending, chunk)
            await self._see_through(sending, batch, chunk)

    async def _submitted(self, sending: SubmittedBatch, chunk: Sequence[_Waiting]) -> str:
        questions = [(_name(sending, each.key), each.question) for each in chunk]

        async def submit() -> str:
            try:
                return await self._batches.submit(questions)
            except BatchFailure as error:
                found = await self._adopted(sending) if error.unclear else None
                if found is None:
                    raise
                return found

        batch = await self._patiently(submit)
        await self._job_log.sent(sending, batch)
        self._told(f"batch {batch} submitted: {len(chunk):,} requests")
        return batch

    async def _resume(self, sending: SubmittedBatch) -> None:
        """Take up a batch of an earlier run; what it does not answer is queued again."""
        mine = await self._claimed(sending)
        with self._putting_off(mine):
            batch = sending.batch or await self._patiently(lambda: self._adopted(sending))
            if batch is None:
                await self._job_log.fetched(sending)
                for each in mine:
                    self._again(each, "lost", tried=False)
                return
            self._told(f"batch {batch} taken up again: {len(sending.keys):,} requests")
            if sending.batch is None:
                await self._job_log.sent(sending, batch)
            await self._see_through(sending, batch, mine)

    @contextmanager
    def _putting_off(self, waiting: Sequence[_Waiting]) -> Iterator[None]:
        """Let those who wait go without an answer when their batch has not ended."""
        try:
            yield
        except _NotYet:
            self._put_off(waiting)

    def _put_off(self, waiting: Iterable[_Waiting]) -> None:
        for each in waiting:
            if not each.answer.done():
                each.answer.set_exception(AnswerLater("the answer is not there yet"))

    async def _claimed(self, sending: SubmittedBatch) -> list[_Waiting]:
        """Who waits for a batch of an earlier run, once all of its questions are asked again."""
        loop = asyncio.get_running_loop()
        self._asked_at = loop.time()
        claims = self._claims[sending.name]
        while len(claims) < len(sending.keys) and loop.time() - self._asked_at < QUIET:
            await self._stop_signal.rest(FIRST_LOOK)
        return self._claims.pop(sending.name)

    async def _adopted(self, sending: SubmittedBatch) -> str | None:
        """The batch that was taken in although no reply said so; None when there is none."""
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

    async def _see_through(
        self, sending: SubmittedBatch, batch: str, chunk: Sequence[_Waiting]
    ) -> None:
        ended = await self._ended(batch)
        latency = round((utc_now() - ended.created_at).total_seconds() * 1000)
        left = {_name(sending, each.key): each for each in chunk}

        async def fetch() -> None:
            questions = {name: each.question for name, each in left.items()}
            async for name, result in self._batches.results(ended, questions, latency):
                await self._deliver(left[name], result)
                del left[name]

        await self._patiently(fetch)
        await self._job_log.fetched(sending)
        for each in left.values():
            self._again(each)

    async def _deliver(self, waiting: _Waiting, result: Completion | Unanswered) -> None:
        if isinstance(result, Completion):
            self._spend_cap.settle(waiting.most, result.call.nano_dollars)
            await self._job_log.answered(waiting.key, waiting.question, result)
            if not waiting.answer.done():
                waiting.answer.set_result(result)
        elif result.fate == "errored" and result.reason in HOPELESS:
            self._spend_cap.settle(waiting.most, 0)
            _refuse(waiting, f"the API refused the request ({result.reason})")
        else:
            self._again(waiting, result.reason)

    def _again(self, waiting: _Waiting, reason: str = "lost", *, tried: bool = True) -> None:
        """Queue a request that was not answered, unless that has happened too often."""
        self._spend_cap.settle(waiting.most, 0)
        waiting.rounds += tried
        if waiting.rounds >= self._rounds:
            _refuse(waiting, f"no answer in {waiting.rounds} batches ({reason})")
        elif not waiting.answer.done():
            self._queue.append(waiting)
            self._arrived.set()

    async def _ended(self, batch: str) -> Batch:
        pause = FIRST_LOOK
        while not (state := await self._patiently(lambda: self._batches.batch_state(batch))).ended:
            if not self._waits:
                raise _NotYet
            await self._stop_signal.rest(pause)
            pause = min(pause * 1.5, LONGEST_LOOK)
        return state

    async def _patiently(self, work: Callable[[], Awaitable[BatchValue]]) -> BatchValue:
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


def _refuse(waiting: _Waiting, why: str) -> None:
    if not waiting.answer.done():
        waiting.answer.set_exception(NoAnswer(why))


def _name(sending: SubmittedBatch, key: str) -> str:
    """The custom id of a request: unique to this sending, so that a batch names its sender."""
    return f"{sending.name}-{key}"
