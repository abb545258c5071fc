"""Lists that people turn the pages of: their own tickets, the queue, what a search finds.

A list is kept nowhere: its buttons carry what was asked and where its pages begin, and every page
is asked for anew, with the rights of the one who turned it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.desk import Desk
from bot.deskwork import REFUSALS, Refused, told
from handlers.access import Access
from handlers.asking import Reader
from handlers.blocks import context, section
from handlers.later import Later
from handlers.listview import lines, turning
from storage import search
from storage.columns import utc_now
from storage.database import Database
from storage.lifecycle import LIVE
from storage.search import Page, Wanted

Kind = Literal["mine", "queue", "find"]
Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]

SIZE = 10
TURN = "list"
ACTIONS = (f"{TURN}_back", f"{TURN}_next")
# Where the pages begun that lead here; whoever goes further back than this starts over.
MOST_STARTS = 20
AGENTS_ONLY = "Only the desk's agents can see the queue."
OTHERS = "Other people's tickets are found in public channels that you are in: add `in:#orders`."
NOTHING = {
    "mine": "You have no tickets.",
    "queue": "The queue is empty.",
    "find": "Nothing was found.",
}


@dataclass(frozen=True)
class Turn:
    """A page of a list: what was asked, and where this page and those before it begin."""

    kind: Kind
    typed: str = ""
    starts: tuple[int, ...] = (0,)

    @property
    def value(self) -> str:
        """How a button carries it."""
        return f"{self.kind} {','.join(map(str, self.starts))} {self.typed}"

    def onwards(self, start: int) -> "Turn":
        return replace(self, starts=(*self.starts[-MOST_STARTS:], start))

    def back(self) -> "Turn | None":
        return replace(self, starts=self.starts[:-1]) if len(self.starts) > 1 else None


def read_turn(value: str) -> Turn:
    """The page that a button leads to.

    Raises:
        Refused: the value is none of ours.
    """
    kind, _, rest = value.partition(" ")
    starts, _, typed = rest.partition(" ")
    numbers = starts.split(",")
    if kind not in NOTHING or not all(each.isdecimal() and len(each) < 10 for each in numbers):
        raise Refused("This button leads nowhere. Please ask again.")
    return Turn(kind, typed, tuple(map(int, numbers)))  # type: ignore[arg-type]


class Lists:
    """Shows lists. What a person may see is asked at every page."""

    def __init__(self, store: Database, access: Access, desk: Desk, later: Later) -> None:
        self._store = store
        self._access = access
        self.desk = desk
        self._later = later

    async def turned(self, ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        """A button to another page was pressed; the message shows that page instead."""
        await ack()
        self._later.start(self._turned(body, respond), respond)

    async def _turned(self, body: dict[str, Any], respond: Respond) -> None:
        try:
            turn = read_turn(str(body["actions"][0].get("value", "")))
            message = await self.show(str(body["user"]["id"]), turn)
        except REFUSALS as error:
            await respond(text=told(error), response_type="ephemeral", replace_original=False)
        else:
            await respond(**message, response_type="ephemeral", replace_original=True)

    async def show(self, user: str, turn: Turn) -> dict[str, Any]:
        """A page as a message; raises Refused."""
        page = await self._page(user, turn)
        if not page.tickets and not page.gave_up:
            return {"text": NOTHING[turn.kind]}
        blocks = lines(page.tickets, utc_now())
        if page.gave_up:
            blocks.append(context("This search is wide: More goes on looking in older tickets."))
        back = turn.back()
        onwards = turn.onwards(page.next) if page.next is not None else None
        blocks += turning(TURN, back.value if back else None, onwards.value if onwards else None)
        count = len(page.tickets)
        told = f"{count} ticket{'s' if count != 1 else ''}, page {len(turn.starts)}"
        return {"text": told, "blocks": blocks or [section(told)]}

    def reader(self, user: str) -> Reader:
        """Reads what a person types, at this desk."""
        intents = [intent.name for intent in self.desk.intents]
        return Reader(user, intents, ZoneInfo(self.desk.hours.zone), utc_now())

    async def _page(self, user: str, turn: Turn) -> Page:
        agent = await self._access.works(user)
        start = turn.starts[-1]
        reader = self.reader(user)
        if turn.kind == "queue":
            if not agent:
                raise Refused(AGENTS_ONLY)
            return await self._store.read(search.queue, reader.queue(turn.typed), SIZE, start)
        wanted = mine(user, agent=agent)
        if turn.kind == "find":
            wanted = reader.wanted(turn.typed)
            wanted = wanted if agent else await self._allowed(user, wanted)
        return await self._store.read(search.find, wanted, SIZE, start)

    async def _allowed(self, user: str, wanted: Wanted) -> Wanted:
        """What a customer looks for, among what they may see.

        That are their own tickets, and with `in:` those of a public channel that they are in.

        Raises:
            Refused: they look for somebody else's elsewhere.
        """
        if wanted.channel and await self._access.is_member(user, wanted.channel):
            return wanted
        if wanted.requester not in (None, user):
            raise Refused(OTHERS)
        return replace(wanted, requester=user)


def mine(user: str, *, agent: bool) -> Wanted:
    """An agent's are those to work on, a customer's those they asked."""
    return Wanted(owner=user, status=LIVE) if agent else Wanted(requester=user)
