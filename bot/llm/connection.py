"""The connection to the Claude API: key, address and limits, and the API's failures by name."""

from collections.abc import Callable, Mapping
from functools import cache
from ssl import SSLContext
from typing import Any

import anthropic
import httpx2

from bot.config.settings import ClaudeSettings

# Told the status and the headers of every reply, those of failed attempts included.
Watcher = Callable[[int, Mapping[str, str]], None]

# The SDK's own name, for the few files that do more than ask.
ApiError = anthropic.APIError


def api_client(settings: ClaudeSettings, heard: Watcher | None) -> anthropic.AsyncAnthropic:
    """A client with the operator's key, address and limits; `heard` is told of every reply."""
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
        http_client=anthropic.DefaultAsyncHttpxClient(
            verify=_tls(), limits=limits, event_hooks=_hooks(heard)
        ),
    )


@cache
def _tls() -> SSLContext:
    """The authorities we trust; to read them takes longer than anything else in a client."""
    return httpx2.create_ssl_context()


def _hooks(heard: Watcher | None) -> dict[str, list[Callable[..., Any]]]:
    async def hear(response: httpx2.Response) -> None:
        if heard is not None:
            heard(response.status_code, response.headers)

    return {"response": [hear]}


def failure(error: anthropic.APIError) -> str:
    """The failure in a word: the API's own error type where it gave one."""
    if isinstance(error, anthropic.EnforcedSpendLimitReachedError):
        return "spend_limit"
    if isinstance(error, anthropic.APITimeoutError):
        return "timeout"
    if isinstance(error, anthropic.APIConnectionError):
        return "connection"
    return str(getattr(error, "type", None) or type(error).__name__)
