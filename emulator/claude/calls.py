"""The record of model calls, for tests and for the demo's sums."""

import asyncio
import time
from dataclasses import dataclass, field

from emulator.claude.errors import Json


@dataclass
class Call:
    """One call of `/v1/messages`; status 0 means the client got no complete answer."""

    model: str
    body: Json
    attempt: int
    stream: bool
    request_id: str
    at: float = field(default_factory=time.monotonic)
    status: int = 0
    error_type: str | None = None
    usage: Json | None = None
    ms: float = 0.0
    fault: str | None = None
    over: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def end(self, status: int, error_type: str | None = None) -> None:
        """Notes how the call ended and how long it took, in milliseconds."""
        self.status, self.error_type = status, error_type
        self.ms = (time.monotonic() - self.at) * 1000
        self.over.set()
