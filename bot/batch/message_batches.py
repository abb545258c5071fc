"""Questions gathered into message batches, and answered by their keys.

Work that somebody watches waits here until its batches end. Work that nobody watches looks once
and is called again later: what is not there yet is put off.
"""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from uuid import uuid4

from bot.batch.claims import BatchClaims, WaitingQuestion, refuse_all
from bot.batch.live import HOPELESS, PATIENCE
from bot.batch.log import CallLog, SubmittedBatch
from bot.batch.stop import StopSignal
from bot.batch.submitter import BatchNotEnded, BatchSubmitter
from bot.costs.reservation import SpendCap
from bot.llm.batches import MOST_BYTES, MOST_REQUESTS, BatchFailure, Unanswered
from bot.llm.calls import Completion, Question
from bot.llm.client import Claude
from bot.llm.request import request_body
from bot.llm.structured import AnswerLater, NoAnswer, Stopped

# Seconds without a new question after which what has gathered is sent.
LINGER = 0.5
# How often a request that expired or failed on the API's side is sent again.
ROUNDS = 4


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
        self._submitter = BatchSubmitter(
            claude, job_log, stop_signal, patience=patience, waits=waits
        )
        self._job_log = job_log
        self._spend_cap = spend_cap
        self._chunk = min(chunk, MOST_REQUESTS)
        self._rounds = rounds
        self._waits = waits
        self._told = told
        self._waiting: dict[str, WaitingQuestion] = {}
        self._queue: deque[WaitingQuestion] = deque()
        self._claims = BatchClaims(job_log, stop_signal)
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
        most = self._claude.meter.most(question, batch=True)
        answer: asyncio.Future[Completion] = asyncio.get_running_loop().create_future()
        tries = self._job_log.tries(key)
        waiting = WaitingQuestion(key, question, most, size, answer, tries)
        self._waiting[key] = waiting
        if self._claims.claim(waiting):
            # It is at the API already.
            self._spend_cap.owe(most)
        else:
            self._queue.append(waiting)
        self._arrived.set()
        try:
            return await answer
        finally:
            del self._waiting[key]

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
        refuse_all(self._waiting.values(), Stopped(str(self._stop_signal.why)))

    async def _gathered(self) -> None:
        """Wait for a first question, and then until a chunk is full or no more come."""
        while self._stop_signal.why is None and len(self._queue) < self._chunk:
            self._arrived.clear()
            try:
                patience = LINGER if self._queue else None
                await asyncio.wait_for(self._arrived.wait(), patience)
            except TimeoutError:
                return

    async def _chunk_of_queue(self) -> list[WaitingQuestion]:
        """The head of the queue, within the API's limits and the budget."""
        chunk: list[WaitingQuestion] = []
        size = 0
        while self._queue and len(chunk) < self._chunk and self._stop_signal.why is None:
            each = self._queue[0]
            size += each.size
            if chunk and (size > MOST_BYTES or not self._spend_cap.holds(each.most)):
                break
            if not (self._waits or self._spend_cap.idle or self._spend_cap.holds(each.most)):
                # What is under way may leave some of what it set aside; that is seen next time.
                refuse_all(self._queue, _not_there_yet())
                self._queue.clear()
                break
            await self._spend_cap.reserve(each.most)
            chunk.append(self._queue.popleft())
        return chunk

    async def _carry(self, chunk: Sequence[WaitingQuestion]) -> None:
        """Submit a chunk and see it through."""
        sending = await self._job_log.sending(uuid4().hex[:12], [each.key for each in chunk])
        with _putting_off(chunk):
            questions = {each.key: each.question for each in chunk}
            batch = await self._submitter.submit(sending, questions)
            self._told(f"batch {batch} submitted: {len(chunk):,} requests")
            await self._see_through(sending, batch, chunk)

    async def _resume(self, sending: SubmittedBatch) -> None:
        """Take up a batch of an earlier run; what it does not answer is queued again."""
        mine = await self._claims.claimed(sending)
        with _putting_off(mine):
            batch = await self._submitter.adopt(sending)
            if batch is None:
                for each in mine:
                    self._again(each, "lost", tried=False)
                return
            self._told(f"batch {batch} taken up again: {len(sending.keys):,} requests")
            await self._see_through(sending, batch, mine)

    async def _see_through(
        self, sending: SubmittedBatch, batch: str, chunk: Sequence[WaitingQuestion]
    ) -> None:
        left = {each.key: each for each in chunk}

        async def deliver(key: str, result: Completion | Unanswered) -> None:
            await self._deliver(left[key], result)
            del left[key]

        questions = {each.key: each.question for each in chunk}
        await self._submitter.fetch(sending, batch, questions, deliver)
        for each in left.values():
            self._again(each)

    async def _deliver(self, waiting: WaitingQuestion, result: Completion | Unanswered) -> None:
        if isinstance(result, Completion):
            self._spend_cap.settle(waiting.most, result.call.nano_dollars)
            await self._job_log.answered(waiting.key, waiting.question, result)
            waiting.resolve(result)
        elif result.fate == "errored" and result.reason in HOPELESS:
            self._spend_cap.settle(waiting.most, 0)
            waiting.refuse(NoAnswer(f"the API refused the request ({result.reason})"))
        else:
            self._again(waiting, result.reason)

    def _again(self, waiting: WaitingQuestion, reason: str = "lost", *, tried: bool = True) -> None:
        """Queue a request that was not answered, unless that has happened too often."""
        self._spend_cap.settle(waiting.most, 0)
        waiting.rounds += tried
        if waiting.rounds >= self._rounds:
            waiting.refuse(NoAnswer(f"no answer in {waiting.rounds} batches ({reason})"))
        elif not waiting.answer.done():
            self._queue.append(waiting)
            self._arrived.set()


@contextmanager
def _putting_off(waiting: Sequence[WaitingQuestion]) -> Iterator[None]:
    """Let those who wait go without an answer when their batch has not ended."""
    try:
        yield
    except BatchNotEnded:
        refuse_all(waiting, _not_there_yet())


def _not_there_yet() -> AnswerLater:
    return AnswerLater("the answer is not there yet")
