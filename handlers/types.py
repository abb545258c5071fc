"""The types of Bolt's arguments that listeners take."""

from collections.abc import Awaitable, Callable
from typing import Any

Payload = dict[str, Any]
"""A payload of Slack's as it came; a `payload.py` reads it once, and nothing else does."""

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]

Message = dict[str, Any]
"""What is posted or told: `text`, and `blocks` where there are any."""
