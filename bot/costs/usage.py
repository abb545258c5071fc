"""How far budgets are used, as the ledger has it."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime

from bot.config.desk import Desk
from bot.costs.budgets import BudgetUsage, Limit, limits, limits_of_subject
from bot.messages.inbound import IncomingMessage
from storage.costs import budgets
from storage.costs.days import day_of
from storage.db.database import Database


class BudgetReader:
    """Reads what was spent of the desk's budgets; days are the desk's own."""

    def __init__(self, store: Database, desk: Desk) -> None:
        self._store = store
        self._desk = desk

    def today(self) -> date:
        """The desk's day."""
        return day_of(datetime.now(UTC), self._desk.zone)

    def limits_of(self, inbound: IncomingMessage) -> Sequence[Limit]:
        """Every limit that concerns a message."""
        return tuple(limits(self._desk.budgets, inbound.channel, requester_of(inbound)))

    async def lifted(self) -> Collection[str]:
        """The budgets that are lifted for today."""
        return await self._store.read(budgets.lifted_budgets, self.today())

    async def usages(
        self, concerned: Sequence[Limit], *, unlifted: bool = True
    ) -> list[BudgetUsage]:
        """How far limits are used; with `unlifted` without those of budgets lifted for today."""
        if not concerned:
            return []
        today = self.today()
        subjects = list(dict.fromkeys((limit.scope, limit.subject) for limit in concerned))
        spent, lifted = await self._store.read(budgets.spend_and_lifts, subjects, today)
        return [
            BudgetUsage(
                limit, spent.get((limit.scope, limit.subject), (0, 0))[limit.span == "month"]
            )
            for limit in concerned
            if not (unlifted and limit.name in lifted)
        ]

    async def named_usages(self) -> list[BudgetUsage]:
        """How far the desk's and every named channel's budgets are used, lifted ones as well."""
        named = [
            limit
            for budget in self._desk.budgets
            if budget.scope == "desk" or budget.channel
            for limit in limits_of_subject(budget, budget.channel or "")
        ]
        return await self.usages(named, unlifted=False)


def requester_of(inbound: IncomingMessage) -> str:
    """Whose budget a message counts for: whose ticket it is, else who wrote it."""
    return inbound.requester or inbound.user
