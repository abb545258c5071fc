"""The connection to the Claude API: key, address and limits, and the API's failures by name."""

from collections.abc import Callable, Mapping
from functools import cache
from ssl import SSLContext
from typing import Any

import httpx2

from bot import tracing
from bot.config.settings import ClaudeSettings
from bot.llm import sdk
from bot.llm.calls import ModelUnknown, ModelUnreachable
from bot.unreached import Unreached, not_an_answer, unreached

# Told the status and the headers of every reply, those of failed attempts included.
Watcher = Callable[[int, Mapping[str, str]], None]


def api_client(settings: ClaudeSettings, heard: Watcher | None) -> "sdk.AsyncAnthropic":
    """A client with the operator's key, address and limits; `heard` is told of every reply."""
    key = settings.anthropic_api_key.get_secret_value()
    headers: dict[str, Any] = {}
    if settings.anthropic_auth != "bearer":
        headers["x-api-key"] = key
    if settings.anthropic_auth == "x-api-key":
        headers["Authorization"] = sdk.Omit()
    limits = httpx2.Limits(max_connections=settings.claude_in_flight + 10)
    return sdk.AsyncAnthropic(
        api_key=key,
        base_url=settings.anthropic_base_url,
        max_retries=settings.claude_retries,
        default_headers=headers,
        http_client=sdk.DefaultAsyncHttpxClient(
            verify=_tls(), limits=limits, event_hooks=_hooks(heard)
        ),
        open_telemetry=_traced(),
    )


def _traced() -> "sdk.OpenTelemetryOptions":
    """Its calls are spans where traces are collected, never with what is said in them.

    Given at all, the option goes before the environment, which could ask for the words as well.
    """
    collector = tracing.provider()
    if collector is None:
        return {"traces": False}
    metadata_only: sdk.OpenTelemetryTraces = {"content_mode": "metadata_only"}
    return {"tracer_provider": collector, "propagation": False, "traces": metadata_only}


@cache
def _tls() -> SSLContext:
    """The authorities we trust; to read them takes longer than anything else in a client."""
    return httpx2.create_ssl_context()


def _hooks(heard: Watcher | None) -> dict[str, list[Callable[..., Any]]]:
    async def hear(response: httpx2.Response) -> None:
        if heard is not None:
            heard(response.status_code, response.headers)

    return {"response": [hear]}


def failure(error: "sdk.APIError") -> str:
    """The failure in a word: the API's own error type where it gave one."""
    if isinstance(error, sdk.EnforcedSpendLimitReachedError):
        return "spend_limit"
    if isinstance(error, sdk.APITimeoutError):
        return "timeout"
    if isinstance(error, sdk.APIConnectionError):
        return "connection"
    return str(getattr(error, "type", None) or type(error).__name__)


# What the API says of itself, by its own types of errors.
_SAID: Mapping[str, str] = {
    "not_found_error": "is unknown to the API: check its spelling in desk.toml",
    "authentication_error": "ANTHROPIC_API_KEY was refused: copy it again",
    "permission_error": "ANTHROPIC_API_KEY may not use it",
    "billing_error": "the account has no credit left",
    "spend_limit": "the account has reached its spend limit",
}


def why_unknown(error: Exception) -> ModelUnknown:
    """Why the API did not say what a model is: about the model, the key, or the way there."""
    if isinstance(error, ValueError | sdk.APIResponseValidationError):
        return _on_the_way(not_an_answer(200))
    if not isinstance(error, sdk.APIStatusError):
        return _on_the_way(unreached(error))
    said = "authentication_error" if error.status_code == 401 else failure(error)
    if said in _SAID:
        return ModelUnknown(_SAID[said])
    waits = str(error.response.headers.get("retry-after", ""))
    return _on_the_way(not_an_answer(error.status_code, waits))


def _on_the_way(why: Unreached) -> ModelUnknown:
    if why.passing:
        return ModelUnreachable(f"the API {why.sentence}")
    return ModelUnknown(f"ANTHROPIC_BASE_URL {why.sentence}")
