"""A budget that is never exceeded: money is set aside before a call and settled after it."""

import asyncio

from bot.llm.structured import Stopped
from bot.text.money import dollars


class SpendCap:
    """Amounts in nano-dollars. `spent` is what earlier runs of the same work cost.

    `refused` says that something was left out because the budget would not hold it.
    """

    def __init__(self, budget: int | None = None, spent: int = 0) -> None:
        self.spent = spent
        self._budget = budget
        self._aside = 0
        self._settled = asyncio.Event()
        self.refused = False

    async def reserve(self, most: int) -> None:
        """Set aside what a call can cost at most, waiting for calls under way where that helps.

        Raises:
            Stopped: not even then would the budget hold it.
        """
        while not self.holds(most):
            if self.idle:
                self.refused = True
                raise Stopped(self.exceeded_text)
            self._settled.clear()
            await self._settled.wait()
        self._aside += most

    def owe(self, most: int) -> None:
        """Set aside what is committed already, whether the budget holds it or not."""
        self._aside += most

    @property
    def reserved(self) -> int:
        """What calls and batches under way may still cost."""
        return self._aside

    @property
    def idle(self) -> bool:
        """Whether nothing is set aside, so that waiting would help nobody."""
        return self._aside <= 0

    def holds(self, most: int) -> bool:
        """Whether so much may still be set aside."""
        return self._budget is None or self.spent + self._aside + most <= self._budget

    def settle(self, most: int, cost: int) -> None:
        """Take back what was set aside and spend what the call really cost."""
        self._aside -= most
        self.spent += cost
        self._settled.set()

    @property
    def exceeded_text(self) -> str:
        """Why there is no more."""
        return (
            f"the budget of {dollars(self._budget or 0)} would be exceeded: "
            f"{dollars(self.spent)} spent"
        )
