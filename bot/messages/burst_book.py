"""Which message belongs to which, as one process remembers it, or as several write it down."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.messages.bursts import Burst, BurstTracker, burst_place
from bot.messages.inbound import IncomingMessage
from storage.db.database import Database
from storage.stories import author_bursts
from storage.stories.author_bursts import AuthorBurst
from storage.tickets.tables import Message, Ticket

BurstFact = TypeVar("BurstFact")


class BurstBook:
    """The words of authors in a row. `shared` says that other processes hear them as well."""

    def __init__(self, seconds: float, store: Database, *, shared: bool) -> None:
        self._seconds = seconds
        self._store = store
        self._shared = shared
        self._tracker = BurstTracker(seconds)

    def recall(self, said: Iterable[tuple[Ticket, Message]]) -> None:
        """Learn what was said shortly before a start; what is shared is written down."""
        if not self._shared:
            self._tracker.recall(said)

    async def join_burst(self, inbound: IncomingMessage) -> str | None:
        """As `BurstTracker.join_burst`."""
        return await self._ask(inbound, lambda tracker: tracker.join_burst(inbound))

    async def burst_before(self, inbound: IncomingMessage) -> str | None:
        """As `BurstTracker.burst_before`."""
        return await self._ask(inbound, lambda tracker: tracker.burst_before(inbound))

    async def answered(self, inbound: IncomingMessage, ts: str) -> None:
        """As `BurstTracker.answered`."""
        await self._ask(inbound, lambda tracker: tracker.answered(inbound, ts), begins=True)

    async def withdrawn(self, inbound: IncomingMessage) -> None:
        """As `BurstTracker.withdrawn`."""
        await self._ask(inbound, lambda tracker: tracker.withdrawn(inbound))

    async def parted(self, inbound: IncomingMessage, ts: str) -> None:
        """As `BurstTracker.parted`."""
        await self._ask(inbound, lambda tracker: tracker.parted(inbound, ts), begins=True)

    async def _ask(
        self,
        inbound: IncomingMessage,
        ask: Callable[[BurstTracker], BurstFact],
        *,
        begins: bool = False,
    ) -> BurstFact:
        """Ask, and write down what changes by it; `begins` says that it is of what began a burst.

        What stands in a thread is no burst's, and needs no look.
        """
        foreign = self._seconds <= 0 or (inbound.thread_ts is not None and not begins)
        if not self._shared or foreign:
            return ask(self._tracker)
        return await self._store.write(
            author_bursts.revise_burst, ":".join(burst_place(inbound)), self._revised(inbound, ask)
        )

    def _revised(
        self, inbound: IncomingMessage, ask: Callable[[BurstTracker], BurstFact]
    ) -> Callable[[AuthorBurst | None], tuple[AuthorBurst | None, BurstFact]]:
        def revise(known: AuthorBurst | None) -> tuple[AuthorBurst | None, BurstFact]:
            tracker = BurstTracker(self._seconds)
            if known is not None:
                tracker.hold(inbound, Burst(known.root, known.first, known.last, known.addressed))
            found, now = ask(tracker), tracker.burst_of(inbound)
            if now is None:
                return None, found
            place = ":".join(burst_place(inbound))
            return AuthorBurst(place=place, **vars(now)), found

        return revise
