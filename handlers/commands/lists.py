"""Lists that people turn the pages of: their own tickets, the queue, what a search finds.

A list is kept nowhere: its buttons carry what was asked and where its pages begin, and every page
is asked for anew, with the rights of the one who turned it.
"""

from dataclasses import dataclass, replace
from typing import Literal
from zoneinfo import ZoneInfo

from bot.config.desk import Desk
from bot.knowledge.terms import unsought_words
from bot.tickets.refusals import ActionRefused
from handlers.commands.parse import FilterReader
from handlers.slack.permissions import Permissions
from handlers.types import MessageBody
from handlers.views.blocks import context, section
from handlers.views.ids import TURN
from handlers.views.ticket_list import ticket_lines, turn_buttons
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets import search
from storage.tickets.search import TicketFilter, TicketPage
from storage.tickets.states import LIVE

ListKind = Literal["mine", "queue", "find"]

SIZE = 10
# Where the pages begun that lead here; whoever goes further back than this starts over.
MOST_STARTS = 20
OTHERS = "Other people's tickets are found in public channels that you are in: add `in:#orders`."
NOTHING = {
    "mine": "You have no tickets.",
    "queue": "The queue is empty.",
    "find": "Nothing was found.",
}


@dataclass(frozen=True)
class ListPage:
    """A page of a list: what was asked, and where this page and those before it begin."""

    kind: ListKind
    typed: str = ""
    starts: tuple[int, ...] = (0,)

    @property
    def value(self) -> str:
        """How a button carries it."""
        return f"{self.kind} {','.join(map(str, self.starts))} {self.typed}"

    def onwards(self, start: int) -> "ListPage":
        return replace(self, starts=(*self.starts[-MOST_STARTS:], start))

    def back(self) -> "ListPage | None":
        return replace(self, starts=self.starts[:-1]) if len(self.starts) > 1 else None


def read_list_page(value: str) -> ListPage:
    """The page that a button leads to.

    Raises:
        Refused: the value is none of ours.
    """
    kind, _, rest = value.partition(" ")
    starts, _, typed = rest.partition(" ")
    numbers = starts.split(",")
    if kind not in NOTHING or not all(each.isdecimal() and len(each) < 10 for each in numbers):
        raise ActionRefused("This button leads nowhere. Please ask again.")
    return ListPage(kind, typed, tuple(map(int, numbers)))  # type: ignore[arg-type]


class TicketLists:
    """Shows lists. What a person may see is asked at every page."""

    def __init__(self, store: Database, access: Permissions, desk: Desk) -> None:
        self._store = store
        self._access = access
        self.desk = desk

    async def show(self, user: str, turn: ListPage) -> MessageBody:
        """A page as a message; raises Refused."""
        page = await self._page(user, turn)
        if not page.tickets and not page.gave_up:
            return {"text": NOTHING[turn.kind]}
        blocks = ticket_lines(page.tickets, utc_now())
        if page.gave_up:
            blocks.append(context("This search is wide: More goes on looking in older tickets."))
        back = turn.back()
        onwards = turn.onwards(page.next) if page.next is not None else None
        blocks += turn_buttons(
            TURN, back.value if back else None, onwards.value if onwards else None
        )
        count = len(page.tickets)
        told = f"{count} ticket{'s' if count != 1 else ''}, page {len(turn.starts)}"
        return {"text": told, "blocks": blocks or [section(told)]}

    def reader(self, user: str) -> FilterReader:
        """Reads what a person types, at this desk."""
        intents = [intent.name for intent in self.desk.intents]
        return FilterReader(user, intents, ZoneInfo(self.desk.hours.zone), utc_now())

    async def _page(self, user: str, turn: ListPage) -> TicketPage:
        start = turn.starts[-1]
        reader = self.reader(user)
        if turn.kind == "queue":
            await self._access.require_agent(user)
            return await self._store.read(
                search.ticket_queue, reader.queue(turn.typed), SIZE, start
            )
        agent = await self._access.works(user)
        wanted = own_tickets(user, agent=agent)
        if turn.kind == "find":
            wanted = reader.wanted(turn.typed)
            wanted = wanted if agent else await self._allowed(user, wanted)
        return await self._store.read(
            search.find_tickets, wanted, SIZE, start, stop=unsought_words()
        )

    async def _allowed(self, user: str, wanted: TicketFilter) -> TicketFilter:
        """What a customer looks for, among what they may see.

        That are their own tickets, and with `in:` those of a public channel that they are in.

        Raises:
            Refused: they look for somebody else's elsewhere.
        """
        if wanted.channel and await self._access.is_member(user, wanted.channel):
            return wanted
        if wanted.requester not in (None, user):
            raise ActionRefused(OTHERS)
        return replace(wanted, requester=user)


def own_tickets(user: str, *, agent: bool) -> TicketFilter:
    """An agent's are those to work on, a customer's those they asked."""
    return TicketFilter(owner=user, status=LIVE) if agent else TicketFilter(requester=user)
