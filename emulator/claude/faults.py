"""Faults on demand: what goes wrong with which of the next calls.

================  =========================================================================
kind              what the client gets (options)
================  =========================================================================
rate_limited      429 (retry_after: seconds for the header, none without it)
spend_limit       429 with error code enforced_spend_limit_reached, never a retry-after
overloaded        529
server_error      500
gateway_timeout   504
stream_error      half a stream, then an overloaded `error` event; 529 when not streamed
stream_cut        half a stream, then nothing; the whole reply when not streamed
stream_hold       half a stream, the rest once `released` is set; `struck` when it waits (as says)
refusal           200, stop reason refusal, no content (category)
truncated         200, the text cut in the middle, stop reason max_tokens
fenced, prose     200, the text in a code fence or between sentences
enum_case         200, enum values of the schema in upper case
invalid_json      200, a syntax error in the JSON
empty             200, end_turn without text
says              200, exactly this text (text); `cited` keeps the citations of what it replaces
misquotes         200, the answer with every number in it raised by one, its citations kept
foreign           200, a cited answer in another language (language: de or vi)
leaks             200, the first words of the system prompt before the answer, its citations kept
field             200, fields of the JSON verdict replaced (any name=value)
html              200, a login page instead of JSON
slow              the reply, later (seconds, default 1)
hang              no answer until the client or the stand-in goes
hold              the reply, once `released` of the fault is set; `struck` is set when it waits
unauthorized      401; forbidden 403; billing 402: the key or the account is refused
cut               the connection ends in the middle of the reply's bytes, streamed or not
stall             half of the reply, then nothing until the client goes
usage             200, with this `usage` in place of the true one (usage)
nested            200, the text is JSON nested so deep that no parser survives it
flood             200, text without end (characters)
obeys             200, what an attacker wants: the words of the message, mentions, links, promises
drop              the connection closed without an answer
expired           a request of a message batch that was not processed in time
================  =========================================================================

Requests of a message batch are struck by faults whose path is `/v1/messages/batches`, its
submission by those of `POST /v1/messages/batches`: there `drop` breaks the connection after the
batch was taken in.
"""

import asyncio
import math
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from emulator.claude.errors import Json, Refused

KINDS = frozenset(
    {
        "rate_limited", "spend_limit", "overloaded", "server_error", "gateway_timeout",
        "stream_error", "stream_cut", "stream_hold", "refusal", "truncated", "fenced", "prose",
        "enum_case", "invalid_json", "empty", "html", "hang", "hold", "drop", "slow", "says",
        "field", "expired", "misquotes", "foreign", "leaks", "unauthorized", "forbidden", "billing",
        "cut", "stall", "usage", "nested", "flood", "obeys",
    }
)  # fmt: skip

_REFUSALS = {
    "unauthorized": (401, "invalid x-api-key"),
    "billing": (402, "Your credit balance is too low to access the API."),
    "forbidden": (403, "Your API key does not have permission to use this resource."),
    "server_error": (500, "Internal server error"),
    "gateway_timeout": (504, "The request took too long to process."),
    "overloaded": (529, "Overloaded"),
}


@dataclass
class Fault:
    """One fault, and how often it still strikes; `after` matching calls pass first."""

    kind: str
    times: float
    model: str | None
    path: str
    after: int
    where: Callable[[Json], bool] | None
    options: dict[str, Any] = field(default_factory=dict)
    struck: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    async def hold(self) -> None:
        """Say that the call is here, and keep it until it is released."""
        self.struck.set()
        await self.released.wait()

    def matches(self, path: str, body: Json) -> bool:
        """Whether the call is one the fault is meant for."""
        return (
            self.times > 0
            and self.path in (path, "*")
            and self.model in (None, body.get("model"))
            and (self.where is None or self.where(body))
        )

    def refusal(self) -> Refused | None:
        """The error reply the fault stands for; None when it is no error reply."""
        if self.kind == "rate_limited":
            return _rate_limited(self.options.get("retry_after"))
        if self.kind == "spend_limit":
            message = "You have reached your organization's monthly spend limit."
            return Refused(429, message, code="enforced_spend_limit_reached")
        status, message = _REFUSALS.get(self.kind, (0, ""))
        return Refused(status, message) if status else None


class Faults:
    """The faults waiting to strike, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []

    def add(
        self,
        kind: str,
        times: float = 1,
        model: str | None = None,
        path: str = "/v1/messages",
        after: int = 0,
        where: Callable[[Json], bool] | None = None,
        **options: Any,
    ) -> Fault:
        """Lets `kind` strike the next `times` matching calls (`math.inf`: all of them).

        Raises:
            ValueError: the kind is unknown.
        """
        if kind not in KINDS:
            raise ValueError(f"unknown fault {kind!r}; known: {', '.join(sorted(KINDS))}")
        fault = Fault(kind, times, model, path, after, where, options)
        self._waiting.append(fault)
        return fault

    def take(self, path: str, body: Json) -> Fault | None:
        """The fault that strikes this call, used up by one."""
        for fault in self._waiting:
            if not fault.matches(path, body):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            return fault
        return None

    def sometimes(self, kind: str, share: float, seed: int = 0, **options: Any) -> Fault:
        """Lets `kind` strike a share (0 to 1) of all messages from now on, at random."""
        draw = random.Random(f"{kind} {seed}")  # noqa: S311 - the same faults every time
        return self.add(kind, math.inf, where=lambda _: draw.random() < share, **options)

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._waiting.clear()


def _rate_limited(retry_after: float | None) -> Refused:
    headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
    message = "This request would exceed your organization's rate limit. Please try again later."
    return Refused(429, message, headers=headers)
