"""The names of the API's SDK that we use, loaded when the first of them is wanted.

The SDK is three thousand modules and takes longer to load than all else of the desk. So the desk
listens first, and loads it beside that (`Claude.ready`).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anthropic import (
        AnthropicError,
        APIConnectionError,
        APIError,
        APIResponseValidationError,
        APIStatusError,
        APITimeoutError,
        AsyncAnthropic,
        DefaultAsyncHttpxClient,
        EnforcedSpendLimitReachedError,
        Omit,
        OpenTelemetryOptions,
        OpenTelemetryTraces,
        transform_schema,
        types,
    )

__all__ = [
    "APIConnectionError",
    "APIError",
    "APIResponseValidationError",
    "APIStatusError",
    "APITimeoutError",
    "AnthropicError",
    "AsyncAnthropic",
    "DefaultAsyncHttpxClient",
    "EnforcedSpendLimitReachedError",
    "Omit",
    "OpenTelemetryOptions",
    "OpenTelemetryTraces",
    "transform_schema",
    "types",
]


def __getattr__(name: str) -> Any:
    return getattr(import_module("anthropic"), name)
