"""Questions asked at once, as many at a time as wanted, with patience for a busy API."""

import asyncio
import random

from bot.batch.log import JobLog
from bot.batch.rate_limit import RateLimiter
from bot.batch.stop import StopSignal
from bot.costs.reservation import SpendCap
from bot.llm.calls import Completion, ModelUnavailable, Question
from bot.llm.client import Claude
from bot.llm.structured import NoAnswer, Stopped

# Failures of the API as a whole: every row would meet them, so it is waited for and then stopped.
OUTAGES = {"rate_limit_error", "overloaded_error", "connection"}
# Failures that one question may cause by itself: after this many attempts it gets no answer.
ATTEMPTS = 5
# Failures that end everything, because no patience helps.
FINAL = {
    "spend_limit": "the API's spend limit is reached",
    "authentication_error": "ANTHROPIC_API_KEY was refused",
    "permission_error": "the API key may not do this",
    "billing_error": "the API wants payment",
    "not_found_error": "the model is unknown to the API",
    "not_a_message": "ANTHROPIC_BASE_URL answers with something that is no message",
}
HOPELESS = {"invalid_request_error", "request_too_large"}
# Attempts after which the API may have worked, and be paid, without our seeing the answer.
UNSEEN = {"timeout", "deadline", "connection"}
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Seconds that an outage is waited for.
PATIENCE = 600.0


class LiveCalls:
    """Asks one question after the other on each of `at_once` lines; a log is for long work."""

    def __init__(
        self,
        claude: Claude,
        job_log: JobLog | None,
        spend_cap: SpendCap,
        rate_limiter: RateLimiter,
        stop_signal: StopSignal,
        *,
        at_once: int,
        patience: float = PATIENCE,
    ) -> None:
        self._claude = claude
        self._job_log = job_log
        self._spend_cap = spend_cap
        self._rate_limiter = rate_limiter
        self._lines = asyncio.Semaphore(at_once)
        self._patience = patience
        self._stop_signal = stop_signal

    async def ask(self, key: str, question: Question) -> Completion:
        """The answer, from the log of an earlier run or from the API.

        Raises:
            NoAnswer: this question fails whenever it is asked.
            Stopped: the API is away, the budget is used up, or we were told to stop.
        """
        known = await self._job_log.reply(key, question) if self._job_log else None
        if known is not None:
            return known
        async with self._lines:
            reply = await self._patiently(question)
        self._rate_limiter.used(reply.call.input_tokens, reply.call.output_tokens)
        if self._job_log is not None:
            await self._job_log.answered(key, question, reply)
        return reply

    async def _patiently(self, question: Question) -> Completion:
        loop = asyncio.get_running_loop()
        give_up, attempt = loop.time() + self._patience, 0
        while True:
            attempt += 1
            reply = await self._attempt(question)
            if isinstance(reply, Completion):
                return reply
            self._judge(reply, attempt, out_of_time=loop.time() > give_up)
            pause = min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE)
            await self._stop_signal.rest(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads load

    async def _attempt(self, question: Question) -> Completion | str:
        """An answer, or the failure in a word."""
        most = self._claude.meter.most(question)
        await self._spend_cap.reserve(most)
        cost = 0
        try:
            await self._stop_signal.rest(self._rate_limiter.delay())
            reply = await self._claude.ask(question)
            cost = reply.call.nano_dollars
        except ModelUnavailable as error:
            # An attempt that broke off may have been paid: the budget counts it at its most.
            cost = most if error.reason in UNSEEN else 0
            return error.reason
        finally:
            self._spend_cap.settle(most, cost)
        return reply

    def _judge(self, failure: str, attempt: int, *, out_of_time: bool) -> None:
        if failure in FINAL:
            raise Stopped(FINAL[failure])
        if failure in HOPELESS:
            raise NoAnswer(f"the API refused the request ({failure})")
        if failure in OUTAGES and out_of_time:
            raise Stopped(f"the API could not be reached for {self._patience:.0f} s ({failure})")
        if failure not in OUTAGES and attempt >= ATTEMPTS:
            raise NoAnswer(f"no answer after {attempt} attempts ({failure})")
