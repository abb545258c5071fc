"""The only client of the Claude API: one call, its text, its exact cost, its failures by name."""

import asyncio
import json
import time
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import Any, Self

import anthropic
import structlog
from anthropic.types import Message as Reply
from anthropic.types import ModelInfo

from bot.config.settings import ClaudeSettings
from bot.llm import replies
from bot.llm.calls import Call, Completion, ModelUnavailable, ModelUnknown, Question
from bot.llm.connection import Watcher, api_client, failure
from bot.llm.models import FAMILIES
from bot.llm.pricing import Catalogue, Tokens
from bot.llm.request import request_body
from bot.llm.streaming import ReplyListener, ReplyReader, least_tokens

# Tokens, on the safe side, that the API adds to a request for its format and turns.
ADDED = 2_000

log = structlog.get_logger("claude")


class Claude:
    """The Messages API with our deadline, our limit of calls in flight and our prices."""

    def __init__(
        self, settings: ClaudeSettings, catalogue: Catalogue, heard: Watcher | None = None
    ) -> None:
        self.client = api_client(settings, heard)
        self._catalogue = catalogue
        self._slots = asyncio.Semaphore(settings.claude_in_flight)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self.close()

    async def ask(self, question: Question) -> Completion:
        """Send one request and price what came back, refusals and cut replies included.

        Raises:
            ModelUnavailable: after the retries, at the deadline, or for a reply that is not one.
        """
        async with self._slots:
            started = time.monotonic()
            try:
                # The SDK obeys a retry-after of any length, so the deadline is ours.
                async with asyncio.timeout(question.deadline):
                    raw = await self.client.messages.with_raw_response.create(
                        **request_body(question), timeout=question.timeout
                    )
                    reply = await raw.parse()
            except TimeoutError:
                raise self._unavailable(question, started, "deadline") from None
            except anthropic.APIError as error:
                log.warning(
                    "call failed",
                    purpose=question.purpose,
                    error=failure(error),
                    said=str(error.message)[:300],
                )
                raise self._unavailable(question, started, failure(error)) from error
            except ValueError as error:
                raise self._unavailable(question, started, "not_json") from error
        # A login page of a proxy is parsed to a plain string, without an error.
        if not isinstance(reply, Reply) or reply.usage is None:
            raise self._unavailable(question, started, "not_a_message")
        return self.completion(question, reply, _since(started), attempts=raw.retries_taken + 1)

    async def listen(self, question: Question, listener: ReplyListener) -> Completion:
        """As `ask`, with the reply told to a listener while it is written, who may cut it short.

        A reply that was stopped comes back as far as it went; its call has the status `stopped`
        and costs what had been used by then, its output estimated from its text.

        Raises:
            ModelUnavailable: as with `ask`, and when the stream breaks off, which is not retried
                here: what was told cannot be taken back. Its call holds what had been used.
        """
        hearing, facts = ReplyReader(), dict[str, Any]()
        async with self._slots:
            started = time.monotonic()
            reason = await self._follow(question, listener, hearing, facts)
        reply = hearing.reply
        if reason is None and reply is not None and reply.usage is not None:
            if reply.stop_reason is not None:
                return self.completion(question, reply, _since(started), **facts)
            # A stream that just ends is no error to the SDK.
            reason = "stream_cut"
        if reply is None or reply.usage is None:
            tokens, text = Tokens(), ""
        else:
            text = replies.reply_text(reply)
            tokens = least_tokens(replies.reply_tokens(reply), text)
        call = self._call(question, _since(started), reason or "not_a_message", tokens, **facts)
        if reason != "stopped":
            raise ModelUnavailable(call.status, call)
        return Completion(text=text, call=call)

    async def _follow(
        self,
        question: Question,
        listener: ReplyListener,
        hearing: ReplyReader,
        facts: dict[str, Any],
    ) -> str | None:
        """Read a streamed reply to its end; what kept us from it, or None."""

        def told(reply: Reply) -> None:
            listener.hear(
                replies.reply_text(reply),
                frozenset(each.source for each in replies.reply_citations(reply)),
            )

        try:
            async with asyncio.timeout(question.deadline) as limit:
                listener.begin(partial(_expire, limit))
                async with self.client.messages.stream(
                    **request_body(question), timeout=question.timeout
                ) as stream:
                    sent = stream.response.request.headers
                    facts["attempts"] = int(sent.get("x-stainless-retry-count", 0)) + 1
                    facts["request_id"] = stream.request_id
                    await hearing.follow(stream, told)
        except TimeoutError:
            return "stopped" if listener.stopped else "deadline"
        except anthropic.APIError as error:
            log.warning("call failed", purpose=question.purpose, error=failure(error))
            return failure(error)
        except (ValueError, AssertionError):
            # What the SDK makes of a body that is no stream of events.
            return "not_a_message"
        return None

    async def count(self, question: Question) -> int:
        """The input tokens of a question, as the API estimates them; costs nothing.

        Raises:
            ModelUnknown: the API could not be asked.
        """
        body = request_body(question)
        del body["max_tokens"]
        try:
            counted = await self.client.messages.count_tokens(**body, timeout=question.timeout)
        except anthropic.APIError as error:
            raise ModelUnknown(f"tokens could not be counted ({failure(error)})") from None
        return counted.input_tokens

    async def lifecycle(self, model: str) -> tuple[str, datetime | None]:
        """Whether a model is active, deprecated or retired, and when it ends.

        Raises:
            ModelUnknown: the API does not know it, refused the key, or could not be reached.
        """
        try:
            info = await self.client.with_options(max_retries=1, timeout=10).models.retrieve(model)
        except anthropic.NotFoundError:
            raise ModelUnknown("is unknown to the API: check its spelling in desk.toml") from None
        except anthropic.AuthenticationError:
            raise ModelUnknown("ANTHROPIC_API_KEY was refused: copy it again") from None
        except anthropic.APIError as error:
            raise ModelUnknown(f"could not be looked up ({failure(error)})") from None
        if not isinstance(info, ModelInfo):
            raise ModelUnknown("could not be looked up: ANTHROPIC_BASE_URL answers with a web page")
        return str(info.lifecycle), info.retires_at

    async def close(self) -> None:
        await self.client.close()

    def completion(
        self,
        question: Question,
        reply: Reply,
        latency_ms: int,
        *,
        attempts: int = 1,
        request_id: str | None = None,
        batch: bool = False,
    ) -> Completion:
        """What a reply says and what it cost; `batch` for the price of one in a message batch."""
        return Completion(
            text=replies.reply_text(reply),
            citations=replies.reply_citations(reply),
            call=self._call(
                question,
                latency_ms,
                "ok" if reply.stop_reason == "end_turn" else str(reply.stop_reason),
                tokens=replies.reply_tokens(reply),
                batch=batch,
                stop_reason=reply.stop_reason,
                # A reply that came in a batch has no request of its own.
                request_id=request_id or getattr(reply, "_request_id", None),
                attempts=attempts,
            ),
        )

    def most(self, question: Question, *, batch: bool = False) -> int:
        """Nano-dollars that one attempt cannot exceed: a token a byte, all of it written to cache.

        A token stands for at least one byte, so the true count is a good deal lower.
        """
        parts = (question.prompt.text, json.dumps(question.schema), json.dumps(question.content))
        size = ADDED + sum(len(part.encode()) for part in parts)
        tokens = Tokens(cache_write_1h=size, output=question.max_tokens)
        now = datetime.now(UTC)
        return self._catalogue.cost(question.model, tokens, now, batch=batch).nano_dollars

    def _unavailable(self, question: Question, started: float, reason: str) -> ModelUnavailable:
        call = self._call(question, _since(started), reason, Tokens())
        return ModelUnavailable(reason, call)

    def _call(
        self,
        question: Question,
        latency_ms: int,
        status: str,
        tokens: Tokens,
        *,
        batch: bool = False,
        **facts: Any,
    ) -> Call:
        now = datetime.now(UTC)
        cost = self._catalogue.cost(question.model, tokens, now, batch=batch)
        return Call(
            purpose=question.purpose,
            model=question.model,
            prompt_version=question.prompt.version,
            status=status,
            latency_ms=latency_ms,
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cache_write_5m_tokens=tokens.cache_write_5m,
            cache_write_1h_tokens=tokens.cache_write_1h,
            cache_read_tokens=tokens.cache_read,
            nano_dollars=cost.nano_dollars,
            on_sonnet=self._catalogue.counterfactual(tokens, FAMILIES["sonnet"], now).nano_dollars,
            on_opus=self._catalogue.counterfactual(tokens, FAMILIES["opus"], now).nano_dollars,
            price_version=cost.price_version,
            batch=batch,
            called_at=now,
            **facts,
        )


def _expire(limit: asyncio.Timeout) -> None:
    """Stopping is a deadline that has come; once the call is over there is none to move."""
    with suppress(RuntimeError):
        limit.reschedule(asyncio.get_running_loop().time())


def _since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
