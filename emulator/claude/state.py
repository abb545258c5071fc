"""What one emulator knows and remembers; the routes and batches work on it."""

import asyncio
import itertools
import time
from collections.abc import Callable

from emulator.claude.cache import Plan, PromptCache
from emulator.claude.calls import Call
from emulator.claude.errors import Json, invalid
from emulator.claude.faults import Fault, Faults
from emulator.claude.limits import Limits, RateLimits
from emulator.claude.messages import Reply, reply
from emulator.claude.models import Model, known_models


class State:
    """Models, faults, calls and cache of one emulator."""

    def __init__(
        self,
        latency: dict[str, float] | None,
        clock: Callable[[], float] = time.monotonic,
        limits: Limits | None = None,
    ) -> None:
        self.latency = latency or {"*": 0.0}
        self.models = known_models()
        self.faults = Faults()
        self.calls: list[Call] = []
        self.cache = PromptCache(clock)
        self.limits = RateLimits(limits or Limits())
        self.closing = asyncio.Event()
        self._numbers = itertools.count(1)

    def seconds(self, model: str) -> float:
        """The latency configured for a model."""
        return self.latency.get(model, self.latency.get("*", 0.0))

    def number(self) -> str:
        """A fresh number for ids."""
        return f"{next(self._numbers):08d}"

    def answer(self, body: Json, model: Model, fault: Fault | None) -> tuple[Reply, Plan]:
        """The reply to a valid request, and the cache plan to commit when it begins.

        Raises:
            Refused: 400 when the prompt exceeds the model's context.
        """
        plan = self.cache.plan(body, model)
        if plan.total > model.max_input_tokens:
            limit = model.max_input_tokens
            raise invalid(f"prompt is too long: {plan.total} tokens > {limit} maximum")
        return reply(body, model, plan.usage(), fault, self.number()), plan
