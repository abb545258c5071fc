"""Who waits for the answer to a question, and for which batch of an earlier run."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.batch.log import CallLog, SubmittedBatch
from bot.batch.stop import StopSignal
from bot.llm.calls import Completion, Question

# Seconds without any new question after which an earlier batch is fetched for those who asked.
QUIET = 5.0
# Seconds between looks at whether all have asked.
LOOK = 0.25


@dataclass
class WaitingQuestion:
    """A question without its answer yet. `most` nano-dollars are set aside, `size` bytes are sent.

    `rounds` counts the batches that it was in.
    """

    key: str
    question: Question
    most: int
    size: int
    answer: asyncio.Future[Completion]
    rounds: int = 0

    def resolve(self, reply: Completion) -> None:
        """Answer the one who waits, unless they are gone."""
        if not self.answer.done():
            self.answer.set_result(reply)

    def refuse(self, why: Exception) -> None:
        """Let the one who waits go without an answer."""
        if not self.answer.done():
            self.answer.set_exception(why)


def refuse_all(waiting: Iterable[WaitingQuestion], why: Exception) -> None:
    """Let all of them go."""
    for each in waiting:
        each.refuse(why)


class BatchClaims:
    """Questions whose answers are in a batch of an earlier run are asked again, and not sent."""

    def __init__(self, job_log: CallLog, stop_signal: StopSignal) -> None:
        self._job_log = job_log
        self._stop_signal = stop_signal
        self._claims: dict[str, list[WaitingQuestion]] = {name: [] for name in job_log.sendings}
        self._asked_at = 0.0

    def claim(self, waiting: WaitingQuestion) -> bool:
        """Whether the question is in such a batch; then its answer is waited for."""
        self._asked_at = asyncio.get_running_loop().time()
        for name, claims in self._claims.items():
            if waiting.key in self._job_log.sendings[name].keys:
                claims.append(waiting)
                return True
        return False

    async def claimed(self, sending: SubmittedBatch) -> Sequence[WaitingQuestion]:
        """Who waits for a batch, once all of its questions are asked again, or no more come."""
        loop = asyncio.get_running_loop()
        self._asked_at = loop.time()
        claims = self._claims[sending.name]
        while len(claims) < len(sending.keys) and loop.time() - self._asked_at < QUIET:
            await self._stop_signal.rest(LOOK)
        return self._claims.pop(sending.name)
