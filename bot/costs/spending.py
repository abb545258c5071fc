"""The spend guard: asked before money is spent, and told afterwards what was.

It holds what the calls in flight may still cost; everything else is in the store, so that budgets
survive restarts and agree with the ledger.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

from bot.config.desk import Desk
from bot.costs.budget_watch import BudgetWatch
from bot.costs.budgets import FREE, Allowance, BudgetUsage, Limit, allowance, limits_of_subject
from bot.costs.monitor import SpendLimitAlarm
from bot.costs.outage import OutageAlarms
from bot.costs.reservation import SpendCap
from bot.costs.usage import BudgetReader, requester_of
from bot.llm.calls import Call
from bot.llm.output_limits import ANSWER_MAX_TOKENS as ANSWER_TOKENS
from bot.llm.output_limits import TRIAGE_MAX_TOKENS as TRIAGE_TOKENS
from bot.llm.pricing import Catalogue, Tokens
from bot.messages.inbound import IncomingMessage

# The most that a call reads and writes: its limits of text at a token for two characters, all of
# it written to the cache, which is the dearest way. Triage may ask a second time for a repair.
MOST = {
    "triage": Tokens(cache_write_5m=12_000, output=2 * TRIAGE_TOKENS),
    "answer": Tokens(cache_write_5m=16_000, output=ANSWER_TOKENS),
}
# After the API refused for its spend limit, one message in so many seconds tries again.
PROBE = 300.0


class SpendGuard:
    """Budgets at run time. Amounts are nano-dollars."""

    def __init__(
        self,
        desk: Desk,
        catalogue: Catalogue,
        usage: BudgetReader,
        budget_watch: BudgetWatch,
        spend_limit: SpendLimitAlarm,
        outage: OutageAlarms,
    ) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._usage = usage
        self._budget_watch = budget_watch
        self._spend_limit = spend_limit
        self._outage = outage
        self._tabs: dict[str, tuple[IncomingMessage, int]] = {}
        self._night = SpendCap()
        self._refused_until = 0.0

    @property
    def refused(self) -> bool:
        """Whether the API refuses every call at the moment because of its own spend limit."""
        return time.monotonic() < self._refused_until

    async def allowance(
        self, inbound: IncomingMessage, paid: Sequence[Call] = (), *, besides: int = 0
    ) -> Allowance:
        """What may be spent on an answer now, `paid` for this message already; it is set aside.

        `besides` are the tokens of what is attached to the message.
        """
        self._hear(paid)
        concerned = self._usage.limits_of(inbound)
        if not concerned:
            return FREE
        usages = await self._in_use(concerned, inbound, _sum(paid))
        most = {model: self._most("answer", model, besides) for model in self._desk.models.ladder}
        allowed = allowance(usages, most)
        self._tabs[inbound.key] = (
            inbound,
            _sum(paid) + max((most[model] for model in allowed.fitting or ()), default=0),
        )
        return allowed

    def expect(
        self,
        inbound: IncomingMessage,
        paid: Sequence[Call],
        purpose: Literal["triage", "answer"],
        model: str | None,
        *,
        besides: int = 0,
    ) -> None:
        """Set aside what a message has cost so far and the most that its next call may cost.

        `besides` are the tokens of what is attached to the message.
        """
        if self._desk.budgets:
            more = self._most(purpose, model, besides) if model else 0
            self._tabs[inbound.key] = (inbound, _sum(paid) + more)

    def close(self, inbound: IncomingMessage) -> None:
        """The message is done: what it cost is in the ledger."""
        self._tabs.pop(inbound.key, None)

    async def review(
        self, inbound: IncomingMessage, allowed: Allowance, paid: Sequence[Call]
    ) -> None:
        """After the message is recorded: tell of crossed budgets, and whether the API refuses."""
        self.close(inbound)
        self._hear(paid)
        await self._spend_limit.follow(paid)
        await self._outage.follow(paid)
        await self._budget_watch.review(inbound, allowed)

    async def spend_cap(self) -> SpendCap:
        """What the desk's own budgets leave for work that no customer asked for: the nightly run.

        What it sets aside counts for them as in flight, until the next cap or `put_back`.
        """
        budgets_of_desk = [each for each in self._desk.budgets if each.scope == "desk"]
        concerned = [limit for each in budgets_of_desk for limit in limits_of_subject(each, "")]
        usages = await self._usage.usages(concerned)
        aside = sum(nano for _, nano in self._tabs.values())
        left = min((max(usage.left - aside, 0) for usage in usages), default=None)
        self._night = SpendCap(left)
        return self._night

    def put_back(self) -> None:
        """The nightly run is over: nothing is set aside for it any more."""
        self._night = SpendCap()

    async def _in_use(
        self, concerned: Sequence[Limit], mine: IncomingMessage, paid: int
    ) -> list[BudgetUsage]:
        """How far limits are used: the ledger, `paid` for this message, and others in flight."""
        usages = await self._usage.usages(concerned)
        return [
            replace(usage, in_flight=self._in_flight(usage.limit, mine) + paid) for usage in usages
        ]

    def _in_flight(self, limit: Limit, mine: IncomingMessage) -> int:
        night = self._night.reserved if limit.scope == "desk" else 0
        return night + sum(
            nano
            for key, (each, nano) in self._tabs.items()
            if key != mine.key and limit.concerns(each.channel, requester_of(each))
        )

    def _hear(self, paid: Sequence[Call]) -> None:
        if any(call.status == "spend_limit" for call in paid):
            self._refused_until = time.monotonic() + PROBE
        elif paid:
            self._refused_until = 0.0

    def _most(self, purpose: Literal["triage", "answer"], model: str, besides: int = 0) -> int:
        usual = MOST[purpose]
        most = Tokens(cache_write_5m=usual.cache_write_5m + besides, output=usual.output)
        return self._catalogue.cost(model, most, datetime.now(UTC)).nano_dollars


def _sum(calls: Sequence[Call]) -> int:
    return sum(call.nano_dollars for call in calls)
