"""The till: asked before money is spent, and told afterwards what was.

It holds what the calls in flight may still cost; everything else is in the store, so that budgets
survive restarts and agree with the ledger.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Literal

from bot.config.desk import Desk
from bot.costs.budgets import (
    FREE,
    Allowance,
    BudgetUsage,
    Level,
    Limit,
    allowance,
    crossing,
    crossing_sentence,
    level_named,
    limits,
    limits_of_subject,
    stricter,
)
from bot.costs.reservation import SpendCap
from bot.llm.calls import Call
from bot.llm.limits import ANSWER_MAX_TOKENS as ANSWER_TOKENS
from bot.llm.limits import TRIAGE_MAX_TOKENS as TRIAGE_TOKENS
from bot.llm.pricing import Catalogue, Tokens
from bot.messages.inbound import IncomingMessage
from bot.notices import Alarms, Notices, NoticeTone
from storage.costs import budgets
from storage.costs.budgets import BudgetState
from storage.costs.days import day_of
from storage.db.database import Database, Session

# The most that a call reads and writes: its limits of text at a token for two characters, all of
# it written to the cache, which is the dearest way. Triage may ask a second time for a repair.
MOST = {
    "triage": Tokens(cache_write_5m=12_000, output=2 * TRIAGE_TOKENS),
    "answer": Tokens(cache_write_5m=16_000, output=ANSWER_TOKENS),
}
# After the API refused for its spend limit, one message in so many seconds tries again.
PROBE = 300.0
TONES: dict[Level, NoticeTone] = {
    "ok": "good",
    "warned": "warning",
    "degraded": "warning",
    "stopped": "alarm",
}


class SpendGuard:
    """Budgets at run time."""

    def __init__(
        self,
        store: Database,
        desk: Desk,
        catalogue: Catalogue,
        notices: Notices,
        alarms: Alarms,
    ) -> None:
        self._store = store
        self._desk = desk
        self._catalogue = catalogue
        self._notices = notices
        self._alarms = alarms
        self._tabs: dict[str, tuple[IncomingMessage, int]] = {}
        self._night = SpendCap()
        self._refused_until = 0.0
        self._alarmed: bool | None = None

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
        concerned = tuple(limits(self._desk.budgets, inbound.channel, _requester(inbound)))
        if not concerned:
            return FREE
        usages = await self._usages(concerned, inbound, _sum(paid))
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
        """After the books: announce what was crossed, and whether the API refuses us."""
        self.close(inbound)
        self._hear(paid)
        await self._alarm(paid)
        concerned = tuple(limits(self._desk.budgets, inbound.channel, _requester(inbound)))
        for usage in await self._usages(concerned):
            told = allowed.level if usage.limit.name == allowed.budget else "ok"
            await self._announce(usage, stricter(usage.level, told))

    async def sweep(self) -> None:
        """Take back what no longer holds: its day or month is over, or the budget was changed."""
        standing = await self._store.read(budgets.budget_states)
        for state in standing:
            usage = await self._still(state)
            if usage is None or usage.level == "ok":
                await self._clear(state, "Everything is as usual again.")

    async def lift(self, name: str, by: str) -> bool:
        """Let a budget pass for today; False when no budget in force is called so."""
        if not self._of_name(name):
            return False
        await self._store.write(budgets.lift_budget, name, self._today(), by)
        standing = [
            each for each in await self._store.read(budgets.budget_states) if each.budget == name
        ]
        for state in standing:
            await self._clear(state, "It was lifted for today.", by)
        return True

    async def lifted(self) -> Collection[str]:
        """The budgets that are lifted for today."""
        return await self._store.read(budgets.lifted_budgets, self._today())

    async def budget_usages(self) -> Sequence[BudgetUsage]:
        """The desk's and every named channel's budgets, and how far they are used."""
        named = [
            limit
            for budget in self._desk.budgets
            if budget.scope == "desk" or budget.channel
            for limit in limits_of_subject(budget, budget.channel or "")
        ]
        return await self._usages(tuple(named), unlifted=False)

    async def spend_cap(self) -> SpendCap:
        """What the desk's own budgets leave for work of no customer's, at night.

        What it sets aside counts for them as in flight, until the next purse or `put_back`.
        """
        budgets_of_desk = [each for each in self._desk.budgets if each.scope == "desk"]
        concerned = [limit for each in budgets_of_desk for limit in limits_of_subject(each, "")]
        usages = await self._usages(concerned)
        aside = sum(nano for _, nano in self._tabs.values())
        left = min((max(usage.left - aside, 0) for usage in usages), default=None)
        self._night = SpendCap(left)
        return self._night

    def put_back(self) -> None:
        """The night is over: nothing is set aside for it any more."""
        self._night = SpendCap()

    async def _usages(
        self,
        concerned: Sequence[Limit],
        inbound: IncomingMessage | None = None,
        paid: int = 0,
        *,
        unlifted: bool = True,
    ) -> list[BudgetUsage]:
        """How far limits are used. Spent is the ledger; in flight are `paid` and other messages."""
        if not concerned:
            return []
        today = self._today()
        subjects = list(dict.fromkeys((limit.scope, limit.subject) for limit in concerned))
        spent, lifted = await self._store.read(_spent, subjects, today)
        return [
            BudgetUsage(
                limit,
                spent.get((limit.scope, limit.subject), (0, 0))[limit.span == "month"],
                self._in_flight(limit, inbound) + paid,
            )
            for limit in concerned
            if not (unlifted and limit.name in lifted)
        ]

    def _in_flight(self, limit: Limit, mine: IncomingMessage | None) -> int:
        if mine is None:
            return 0
        night = self._night.reserved if limit.scope == "desk" else 0
        return night + sum(
            nano
            for key, (each, nano) in self._tabs.items()
            if key != mine.key and limit.concerns(each.channel, _requester(each))
        )

    async def _announce(self, usage: BudgetUsage, level: Level) -> None:
        name, period = usage.limit.name, usage.limit.period(self._today())
        state = await self._store.read(budgets.budget_state, name, period)
        crossed = crossing(level_named(state.level if state else "ok"), level)
        if crossed is None:
            return
        await self._notices.tell(
            f"budget:{name}:{period}:{crossed}:{self._today()}",
            TONES[crossed],
            f"Budget {crossed}",
            crossing_sentence(usage, crossed),
            budget=name,
            liftable=True,
        )
        await self._store.write(budgets.keep_announcement, name, period, crossed)

    async def _clear(self, state: BudgetState, why: str, by: str | None = None) -> None:
        await self._notices.tell(
            f"budget:{state.budget}:{state.period}:ok:{self._today()}",
            "good",
            "Budget in order again",
            why,
            budget=state.budget,
            by=by,
        )
        await self._store.write(budgets.clear_announcement, state.budget, state.period)

    async def _still(self, state: BudgetState) -> BudgetUsage | None:
        """The usage an announcement is about, if its period runs and the limit is still set."""
        today = self._today()
        same = [each for each in self._of_name(state.budget) if each.period(today) == state.period]
        usages = await self._usages(same)
        return max(usages, key=lambda usage: usage.used / usage.limit.ceiling, default=None)

    def _of_name(self, name: str) -> list[Limit]:
        scope, _, subject = name.partition(" ")
        return [
            limit
            for budget in self._desk.budgets
            if budget.scope == scope and budget.channel in (None, subject)
            for limit in limits_of_subject(budget, subject)
            if bool(subject) != (scope == "desk")
        ]

    def _hear(self, paid: Sequence[Call]) -> None:
        if any(call.status == "spend_limit" for call in paid):
            self._refused_until = time.monotonic() + PROBE
        elif paid:
            self._refused_until = 0.0

    async def _alarm(self, paid: Sequence[Call]) -> None:
        if self._alarmed is None:
            self._alarmed = await self._alarms.is_raised("spend_limit")
        refused = any(call.status == "spend_limit" for call in paid)
        worked = any(call.status == "ok" for call in paid) and not refused
        if refused or (worked and self._alarmed):
            self._alarmed = refused
            told = "Claude refuses every call until the limit is raised or the month ends (UTC). "
            await self._alarms.set(
                "spend_limit", f"{told}Until then people answer." if refused else None
            )

    def _most(self, purpose: Literal["triage", "answer"], model: str, besides: int = 0) -> int:
        usual = MOST[purpose]
        most = Tokens(cache_write_5m=usual.cache_write_5m + besides, output=usual.output)
        return self._catalogue.cost(model, most, datetime.now(UTC)).nano_dollars

    def _today(self) -> date:
        return day_of(datetime.now(UTC), self._desk.zone)


def _requester(inbound: IncomingMessage) -> str:
    return inbound.requester or inbound.user


def _sum(calls: Sequence[Call]) -> int:
    return sum(call.nano_dollars for call in calls)


def _spent(
    session: Session, subjects: Sequence[tuple[str, str]], today: date
) -> tuple[Mapping[tuple[str, str], tuple[int, int]], frozenset[str]]:
    spent = budgets.budget_spend(session, subjects, today.replace(day=1), today)
    return spent, budgets.lifted_budgets(session, today)
