"""The types of Bolt's arguments that listeners take."""

from collections.abc import Awaitable, Callable
from typing import Any

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]
