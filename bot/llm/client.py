"""The only client of the Claude API: one call, its text, its exact cost, its failures by name."""

import asyncio
import json
import time
from contextlib import suppress
from datetime import datetime
from functools import cached_property, partial
from typing import Any, Self

import httpx2
import structlog

from bot.config.settings import ClaudeSettings
from bot.llm import replies, sdk
from bot.llm.calls import Completion, ModelUnavailable, ModelUnknown, Question
from bot.llm.connection import Watcher, api_client, failure, why_unknown
from bot.llm.metering import Meter
from bot.llm.pricing import Catalogue
from bot.llm.request import request_body
from bot.llm.slots import Slots
from bot.llm.streaming import LONGEST, ReplyListener, ReplyReader, TooLong
from bot.unreached import not_an_answer

# How often a reply that was cut in its middle is asked for again.
AGAIN = 1

log = structlog.get_logger("claude")


class Claude:
    """The Messages API with our deadline, our limit of calls in flight and our prices."""

    def __init__(
        self, settings: ClaudeSettings, catalogue: Catalogue, heard: Watcher | None = None
    ) -> None:
        self._settings = settings
        self._heard = heard
        self._loading = asyncio.Lock()
        self.meter = Meter(catalogue)
        self._slots = Slots(settings.claude_in_flight)

    def share(self, processes: int) -> None:
        """So many processes call with our key, and each keeps to its share of those in flight."""
        self._slots.resize(max(1, self._settings.claude_in_flight // processes))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    @cached_property
    def client(self) -> "sdk.AsyncAnthropic":
        """The SDK's client. The first look at it loads the SDK, which takes most of a second."""
        return api_client(self._settings, self._heard)

    async def ready(self) -> "sdk.AsyncAnthropic":
        """The SDK's client, loaded beside the loop."""
        async with self._loading:
            if "client" not in vars(self):
                await asyncio.to_thread(getattr, self, "client")
        return self.client

    async def ask(self, question: Question) -> Completion:
        """Send one request and price what came back, refusals and cut replies included.

        A reply that was cut in its middle is asked for once more.

        Raises:
            ModelUnavailable: after the retries, at the deadline, or for a reply that is not one.
        """
        await self.ready()
        async with self._slots:
            started = time.monotonic()
            try:
                # The SDK obeys a retry-after of any length, so the deadline is ours.
                async with asyncio.timeout(question.deadline):
                    reply, attempts = await self._attempt(question)
            except TimeoutError:
                raise self._unavailable(question, started, "deadline") from None
            except sdk.APIError as error:
                log.warning(
                    "call failed",
                    purpose=question.purpose,
                    error=failure(error),
                    said=str(error.message)[:300],
                )
                raise self._unavailable(question, started, failure(error)) from error
            except httpx2.HTTPError as error:
                raise self._unavailable(question, started, "connection") from error
            except (ValueError, TypeError, RecursionError) as error:
                raise self._unavailable(question, started, "not_json") from error
        # A login page of a proxy is parsed to a plain string, without an error.
        if not isinstance(reply, sdk.types.Message):
            raise self._unavailable(question, started, "not_a_message")
        if len(replies.reply_text(reply)) > LONGEST:
            raise self._unavailable(question, started, "too_long")
        return self.meter.completion(question, reply, _since(started), attempts=attempts)

    async def _attempt(self, question: Question) -> tuple[Any, int]:
        """The reply, whatever it is, and how often it was asked for: again where it was cut."""
        for attempt in range(1, 2 + AGAIN):
            try:
                raw = await self.client.messages.with_raw_response.create(
                    **request_body(question), timeout=question.timeout
                )
                return await raw.parse(), raw.retries_taken + attempt
            except (httpx2.HTTPError, json.JSONDecodeError):
                if attempt > AGAIN:
                    raise
        raise AssertionError

    async def listen(self, question: Question, listener: ReplyListener) -> Completion:
        """As `ask`, with the reply told to a listener while it is written, who may cut it short.

        A reply that was stopped comes back as far as it went; its call has the status `stopped`
        and costs what had been used by then, its output estimated from its text.

        Raises:
            ModelUnavailable: as with `ask`, and when the stream breaks off, which is not retried
                here: what was told cannot be taken back. Its call holds what had been used.
        """
        hearing = ReplyReader(listener)
        await self.ready()
        async with self._slots:
            started = time.monotonic()
            reason = await self._follow(question, listener, hearing)
        reply, took, facts = hearing.reply, _since(started), hearing.facts
        if reason is None and reply is not None and reply.stop_reason is not None:
            return self.meter.completion(question, reply, took, **facts)
        if reason is None:
            # A stream that just ends is no error to the SDK.
            reason = "not_a_message" if reply is None else "stream_cut"
        heard = self.meter.broken_off(question, reply, took, reason, **facts)
        if reason != "stopped":
            raise ModelUnavailable(reason, heard.call)
        return heard

    async def _follow(
        self, question: Question, listener: ReplyListener, hearing: ReplyReader
    ) -> str | None:
        """Read a streamed reply to its end; what kept us from it, or None."""
        try:
            async with asyncio.timeout(question.deadline) as limit:
                listener.begin(partial(_expire, limit))
                stream = await self.client.messages.create(
                    **request_body(question), timeout=question.timeout, stream=True
                )
                async with stream:
                    await hearing.follow(stream)
        except TimeoutError:
            return "stopped" if listener.stopped else "deadline"
        except sdk.APIError as error:
            log.warning("call failed", purpose=question.purpose, error=failure(error))
            return failure(error)
        except httpx2.HTTPError as error:
            # In the middle of a reply the SDK lets the connection's own errors through.
            log.warning("reply cut", purpose=question.purpose, error=type(error).__name__)
            return "stream_cut" if hearing.reply is not None else "connection"
        except TooLong:
            return "too_long"
        except (ValueError, AssertionError, TypeError, AttributeError, RuntimeError):
            # What the SDK makes of a body that is no stream of events, or of an odd `usage`, which
            # comes when all has been said.
            return _broken(hearing.reply)
        return None

    async def count(self, question: Question) -> int:
        """The input tokens of a question, as the API estimates them; costs nothing.

        Raises:
            ModelUnknown: the API could not be asked.
        """
        client = await self.ready()
        body = request_body(question)
        del body["max_tokens"]
        try:
            counted = await client.messages.count_tokens(**body, timeout=question.timeout)
        except sdk.APIError as error:
            raise ModelUnknown(f"tokens could not be counted ({failure(error)})") from None
        return counted.input_tokens

    async def lifecycle(self, model: str) -> tuple[str, datetime | None]:
        """Whether a model is active, deprecated or retired, and when it ends.

        Of a gateway that does not tell, the answer is `unsaid`.

        Raises:
            ModelUnreachable: the API could not be asked now.
            ModelUnknown: the API does not know it or refused the key, or is none.
        """
        client = await self.ready()
        try:
            info = await client.with_options(max_retries=0, timeout=10).models.retrieve(model)
        except (sdk.AnthropicError, httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise why_unknown(error) from None
        if getattr(info, "id", None) is None:
            raise ModelUnknown(f"ANTHROPIC_BASE_URL {not_an_answer(200).sentence}")
        lifecycle, retires_at = getattr(info, "lifecycle", None), getattr(info, "retires_at", None)
        return str(lifecycle or "unsaid"), retires_at

    async def close(self) -> None:
        if "client" in vars(self):
            await self.client.close()

    def _unavailable(self, question: Question, started: float, reason: str) -> ModelUnavailable:
        call = self.meter.call(question, _since(started), reason)
        return ModelUnavailable(reason, call)


def _broken(reply: Any) -> str | None:
    """What became of a stream that the SDK stumbled over; None when all had been said."""
    if reply is None:
        return "not_a_message"
    return None if reply.stop_reason is not None else "stream_cut"


def _expire(limit: asyncio.Timeout) -> None:
    """Stopping is a deadline that has come; once the call is over there is none to move."""
    with suppress(RuntimeError):
        limit.reschedule(asyncio.get_running_loop().time())


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
