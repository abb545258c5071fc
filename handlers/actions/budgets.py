"""A budget that is lifted by a button."""

from bot.costs.budget_watch import BudgetWatch
from bot.tickets.refusals import ActionRefused
from handlers.actions.payload import read_press
from handlers.types import Ack, Payload
from handlers.views.texts import NOT_ADMIN


class BudgetLifting:
    """The button under a notice about a budget."""

    def __init__(self, budget_watch: BudgetWatch, admins: frozenset[str]) -> None:
        self._budget_watch = budget_watch
        self._admins = admins

    async def pressed(self, ack: Ack, body: Payload) -> None:
        """An admin lifts the budget; anyone else reads who may."""
        await ack()
        press = read_press(body)
        if press.user not in self._admins:
            raise ActionRefused(NOT_ADMIN)
        await self._budget_watch.lift(press.value, press.user)
