"""A budget that is lifted by a button."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.costs.spending import SpendGuard
from handlers.views.texts import NOT_ADMIN


class BudgetLifting:
    """The button under a bulletin."""

    def __init__(self, spend_guard: SpendGuard, admins: frozenset[str]) -> None:
        self._spend_guard = spend_guard
        self._admins = admins

    async def pressed(
        self,
        ack: Callable[..., Awaitable[Any]],
        body: dict[str, Any],
        action: dict[str, Any],
        respond: Callable[..., Awaitable[Any]],
    ) -> None:
        """An admin lifts the budget; anyone else is told who may."""
        await ack()
        user = str(body["user"]["id"])
        if user not in self._admins:
            await respond(text=NOT_ADMIN, response_type="ephemeral", replace_original=False)
            return
        await self._spend_guard.lift(str(action["value"]), user)
