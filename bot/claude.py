"""The only door to the Claude API: one call, its text, its exact cost, its failures by name."""

import asyncio
import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import anthropic
import httpx2
import structlog
from anthropic.types import Message as Reply
from anthropic.types import ModelInfo

from bot.inbound import Frozen
from bot.planning import FAMILIES
from bot.pricing import Catalogue, Tokens
from bot.prompt import Prompt
from bot.settings import Settings

Purpose = Literal["triage", "repair", "answer"]

# What each family takes and what suits a desk: no thinking where a label or a fact is looked up,
# a little where it has to be weighed. Sonnet 5.5 cannot switch thinking off, only to between tools;
# Opus 5.5 always thinks. A model that is not listed is sent neither option.
STYLES: Mapping[str, dict[str, Any]] = {
    "claude-haiku-5-5": {"thinking": {"type": "disabled"}},
    "claude-haiku-4-5": {"thinking": {"type": "disabled"}},
    "claude-sonnet-5-5": {
        "thinking": {"type": "between_tools"},
        "output_config": {"effort": "medium"},
    },
    "claude-opus-5-5": {"thinking": {"type": "adaptive"}, "output_config": {"effort": "medium"}},
}


log = structlog.get_logger("claude")


class Citation(Frozen):
    """A passage that a sentence of the answer rests on."""

    source: str
    title: str
    text: str


class Call(Frozen):
    """A model call as the ledger keeps it. Tokens by class, cost in nano-dollars, latency in ms."""

    purpose: Purpose
    model: str
    prompt_version: str
    status: str
    stop_reason: str | None = None
    request_id: str | None = None
    attempts: int = 1
    latency_ms: int
    input_tokens: int = 0
    output_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    cache_read_tokens: int = 0
    nano_dollars: int = 0
    on_sonnet: int = 0
    on_opus: int = 0
    price_version: str
    called_at: datetime


class Completion(Frozen):
    """What came back: text (joined from all text blocks), citations, and how it ended."""

    text: str
    citations: tuple[Citation, ...] = ()
    call: Call

    @property
    def usable(self) -> bool:
        """Whether the model finished and said something."""
        return self.call.stop_reason == "end_turn" and bool(self.text.strip())


class ModelUnknown(Exception):
    """A model cannot be looked up; the sentence says why."""


class ModelUnavailable(Exception):
    """No reply within the deadline, or one that is no reply. `call` is its line in the ledger."""

    def __init__(self, reason: str, call: Call) -> None:
        super().__init__(reason)
        self.reason = reason
        self.call = call


@dataclass(frozen=True)
class Question:
    """One request to a model. Times are seconds: of an attempt, and of all attempts together."""

    purpose: Purpose
    model: str
    prompt: Prompt
    content: str | Sequence[dict[str, Any]]
    max_tokens: int
    timeout: float
    deadline: float
    schema: dict[str, Any] | None = None
    user: str = ""


class Claude:
    """The Messages API with our deadline, our limit of calls in flight and our prices."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self._client = _client(settings)
        self._catalogue = catalogue
        self._slots = asyncio.Semaphore(settings.claude_in_flight)

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
                    raw = await self._client.messages.with_raw_response.create(
                        **_request(question), timeout=question.timeout
                    )
                    reply = await raw.parse()
            except TimeoutError:
                raise self._unavailable(question, started, "deadline") from None
            except anthropic.APIError as error:
                log.warning(
                    "call failed",
                    purpose=question.purpose,
                    error=_name(error),
                    said=str(error.message)[:300],
                )
                raise self._unavailable(question, started, _name(error)) from error
            except ValueError as error:
                raise self._unavailable(question, started, "not_json") from error
        # A login page of a proxy is parsed to a plain string, without an error.
        if not isinstance(reply, Reply) or reply.usage is None:
            raise self._unavailable(question, started, "not_a_message")
        return self._completion(question, reply, started, raw.retries_taken + 1)

    async def lifecycle(self, model: str) -> tuple[str, datetime | None]:
        """Whether a model is active, deprecated or retired, and when it ends.

        Raises:
            ModelUnknown: the API does not know it, refused the key, or could not be reached.
        """
        try:
            info = await self._client.with_options(max_retries=1, timeout=10).models.retrieve(model)
        except anthropic.NotFoundError:
            raise ModelUnknown("is unknown to the API: check its spelling in desk.toml") from None
        except anthropic.AuthenticationError:
            raise ModelUnknown("ANTHROPIC_API_KEY was refused: copy it again") from None
        except anthropic.APIError as error:
            raise ModelUnknown(f"could not be looked up ({_name(error)})") from None
        if not isinstance(info, ModelInfo):
            raise ModelUnknown("could not be looked up: ANTHROPIC_BASE_URL answers with a web page")
        return str(info.lifecycle), info.retires_at

    async def close(self) -> None:
        await self._client.close()

    def _completion(
        self, question: Question, reply: Reply, started: float, attempts: int
    ) -> Completion:
        texts = [block for block in reply.content if block.type == "text" and block.text]
        return Completion(
            text="".join(block.text for block in texts),
            citations=tuple(
                Citation(source=each.source, title=each.title or "", text=each.cited_text)
                for block in texts
                for each in block.citations or ()
                if each.type == "search_result_location"
            ),
            call=self._call(
                question,
                started,
                "ok" if reply.stop_reason == "end_turn" else str(reply.stop_reason),
                tokens=_tokens(reply),
                stop_reason=reply.stop_reason,
                request_id=reply._request_id,  # noqa: SLF001 - the SDK's documented name
                attempts=attempts,
            ),
        )

    def _unavailable(self, question: Question, started: float, reason: str) -> ModelUnavailable:
        return ModelUnavailable(reason, self._call(question, started, reason, tokens=Tokens()))

    def _call(
        self, question: Question, started: float, status: str, *, tokens: Tokens, **facts: Any
    ) -> Call:
        now = datetime.now(UTC)
        cost = self._catalogue.cost(question.model, tokens, now)
        return Call(
            purpose=question.purpose,
            model=question.model,
            prompt_version=question.prompt.version,
            status=status,
            latency_ms=round((time.monotonic() - started) * 1000),
            input_tokens=tokens.input,
            output_tokens=tokens.output,
            cache_write_5m_tokens=tokens.cache_write_5m,
            cache_write_1h_tokens=tokens.cache_write_1h,
            cache_read_tokens=tokens.cache_read,
            nano_dollars=cost.nano_dollars,
            on_sonnet=self._catalogue.counterfactual(tokens, FAMILIES["sonnet"], now).nano_dollars,
            on_opus=self._catalogue.counterfactual(tokens, FAMILIES["opus"], now).nano_dollars,
            price_version=cost.price_version,
            called_at=now,
            **facts,
        )


def _client(settings: Settings) -> anthropic.AsyncAnthropic:
    key = settings.anthropic_api_key.get_secret_value()
    headers: dict[str, Any] = {}
    if settings.anthropic_auth != "bearer":
        headers["x-api-key"] = key
    if settings.anthropic_auth == "x-api-key":
        headers["Authorization"] = anthropic.Omit()
    limits = httpx2.Limits(max_connections=settings.claude_in_flight + 10)
    return anthropic.AsyncAnthropic(
        api_key=key,
        base_url=settings.anthropic_base_url,
        max_retries=settings.claude_retries,
        default_headers=headers,
        http_client=anthropic.DefaultAsyncHttpxClient(limits=limits),
    )


def _request(question: Question) -> dict[str, Any]:
    style = STYLES.get(question.model, {})
    output = dict(style.get("output_config", {}))
    if question.schema is not None:
        output["format"] = {
            "type": "json_schema",
            "schema": anthropic.transform_schema(question.schema),
        }
    request: dict[str, Any] = {
        "model": question.model,
        "max_tokens": question.max_tokens,
        "system": [
            {
                "type": "text",
                "text": question.prompt.text,
                "cache_control": {"type": "ephemeral"},
            }
        ],
        "messages": [{"role": "user", "content": question.content}],
    }
    if "thinking" in style:
        request["thinking"] = style["thinking"]
    if output:
        request["output_config"] = output
    if question.user:
        # The API wants an opaque id: never a name, an address or the Slack id itself.
        digest = hashlib.sha256(question.user.encode()).hexdigest()[:32]
        request["metadata"] = {"user_id": digest}
    return request


def _tokens(reply: Reply) -> Tokens:
    usage = reply.usage
    written = usage.cache_creation
    long = written.ephemeral_1h_input_tokens if written else 0
    return Tokens(
        input=usage.input_tokens,
        output=usage.output_tokens,
        cache_write_5m=max((usage.cache_creation_input_tokens or 0) - long, 0),
        cache_write_1h=long,
        cache_read=usage.cache_read_input_tokens or 0,
    )


def _name(error: anthropic.APIError) -> str:
    if isinstance(error, anthropic.EnforcedSpendLimitReachedError):
        return "spend_limit"
    if isinstance(error, anthropic.APITimeoutError):
        return "timeout"
    if isinstance(error, anthropic.APIConnectionError):
        return "connection"
    return str(getattr(error, "type", None) or type(error).__name__)
