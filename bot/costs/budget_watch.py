"""Tells the agents when a budget is crossed and when it is in order again, and lets admins lift it.

What was told is in the store, so that each crossing is told once, across restarts.
"""

from collections.abc import Collection, Sequence

from bot.config.desk import Desk
from bot.costs.budgets import (
    Allowance,
    BudgetUsage,
    Level,
    Limit,
    crossing,
    crossing_sentence,
    level_named,
    limits_of_subject,
    stricter,
)
from bot.costs.usage import BudgetReader
from bot.messages.inbound import IncomingMessage
from bot.notices import Notices, NoticeTone
from storage.costs import budgets
from storage.costs.budgets import BudgetState
from storage.db.database import Database

TONES: dict[Level, NoticeTone] = {
    "ok": "good",
    "warned": "warning",
    "degraded": "warning",
    "stopped": "alarm",
}


class BudgetWatch:
    """The desk's budgets as people see them."""

    def __init__(self, store: Database, desk: Desk, usage: BudgetReader, notices: Notices) -> None:
        self._store = store
        self._desk = desk
        self._usage = usage
        self._notices = notices

    async def review(self, inbound: IncomingMessage, allowed: Allowance) -> None:
        """Once a message's cost is in the ledger: announce what it made cross a level."""
        for usage in await self._usage.usages(self._usage.limits_of(inbound)):
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
        await self._store.write(budgets.lift_budget, name, self._usage.today(), by)
        standing = [
            each for each in await self._store.read(budgets.budget_states) if each.budget == name
        ]
        for state in standing:
            await self._clear(state, "It was lifted for today.", by)
        return True

    async def lifted(self) -> Collection[str]:
        """The budgets that are lifted for today."""
        return await self._usage.lifted()

    async def budget_usages(self) -> Sequence[BudgetUsage]:
        """The desk's and every named channel's budgets, and how far they are used."""
        return await self._usage.named_usages()

    async def _announce(self, usage: BudgetUsage, level: Level) -> None:
        today = self._usage.today()
        name, period = usage.limit.name, usage.limit.period(today)
        state = await self._store.read(budgets.budget_state, name, period)
        crossed = crossing(level_named(state.level if state else "ok"), level)
        if crossed is None:
            return
        await self._notices.tell(
            f"budget:{name}:{period}:{crossed}:{today}",
            TONES[crossed],
            f"Budget {crossed}",
            crossing_sentence(usage, crossed),
            budget=name,
            liftable=True,
        )
        await self._store.write(budgets.keep_announcement, name, period, crossed)

    async def _clear(self, state: BudgetState, why: str, by: str | None = None) -> None:
        await self._notices.tell(
            f"budget:{state.budget}:{state.period}:ok:{self._usage.today()}",
            "good",
            "Budget in order again",
            why,
            budget=state.budget,
            by=by,
        )
        await self._store.write(budgets.clear_announcement, state.budget, state.period)

    async def _still(self, state: BudgetState) -> BudgetUsage | None:
        """The usage an announcement is about, if its period runs and the limit is still set."""
        today = self._usage.today()
        same = [each for each in self._of_name(state.budget) if each.period(today) == state.period]
        usages = await self._usage.usages(same)
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
