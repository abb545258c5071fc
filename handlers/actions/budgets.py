"""A budget that is lifted by a button."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.costs.budget_watch import BudgetWatch
from handlers.views.texts import NOT_ADMIN


class BudgetLifting:
    """The button under a notice."""

    def __init__(self, budget_watch: BudgetWatch, admins: frozenset[str]) -> None:
        self._budget_watch = budget_watch
        self._admins = admins

    async def pressed(
        self,
        ack: Callable[..., Awaitable[Any]],
        body: dict[str, Any],
        action: dict[str, Any],
        respond: Callable[..., Awaitable[Any]],
    ) -> None:
        """An admin lifts the budget; anyone else reads who may."""
        await ack()
        user = str(body["user"]["id"])
        if user not in self._admins:
            await respond(text=NOT_ADMIN, response_type="ephemeral", replace_original=False)
            return
        await self._budget_watch.lift(str(action["value"]), user)
