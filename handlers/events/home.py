"""The Home as it is shown: a customer's own tickets, an agent's queue, an admin's desk.

Nothing is remembered about a Home: it carries its place itself, and whoever looks at it is asked
anew what they may see.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from slack_sdk.web.async_client import AsyncWebClient

from bot.costs.budget_watch import BudgetWatch
from bot.health.illness import IllnessNotices
from bot.knowledge.shelf_words import stale_before
from bot.messages.channel_modes import ChannelModes
from bot.notices import Alarms
from bot.runtime.tasks import BackgroundTasks
from bot.text.money import parts_text
from bot.workspace.app_standing import AppStanding
from handlers.commands.lists import own_tickets
from handlers.errors import answered, nobody
from handlers.events.gestures import TabOpened
from handlers.slack.permissions import Permissions
from handlers.types import Payload
from handlers.views import home
from handlers.views.blocks import Block
from handlers.views.digest import budget_bar
from handlers.views.home import (
    ALL,
    ROWS,
    ChannelSetting,
    HomePlace,
    HomeViewer,
    allowed_place,
    read_home_place,
)
from handlers.views.ticket_list import stats_blocks
from handlers.web_api.pagination import bot_conversations
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.knowledge import inventory, shelf
from storage.reports import desk_stats, health, proposal_counts
from storage.tickets import search, switches
from storage.tickets.search import NOBODY, TicketFilter
from storage.tickets.states import PRIORITIES

SOON = timedelta(days=1)
DAYS = 7
# Days of proposals that the desk's tab counts.
PROPOSED = 30
PERIODS = {"in a day": 1, "in a week": 7, "in 30 days": 30}
NOTHING = {
    "asked": "You have not asked anything yet.",
    "queue": "The queue is empty.",
    "mine": "You have no tickets to work on.",
    "due": "Nothing is due within a day.",
}


class HomeTab:
    """Draws and publishes Homes."""

    def __init__(  # noqa: PLR0913 - built in one place
        self,
        client: AsyncWebClient,
        store: Database,
        access: Permissions,
        modes: ChannelModes,
        budget_watch: BudgetWatch,
        alarms: Alarms,
        background: BackgroundTasks,
        *,
        standing: AppStanding,
        illness: IllnessNotices,
    ) -> None:
        self._illness = illness
        self._standing = standing
        self._client = client
        self._store = store
        self._access = access
        self._modes = modes
        self._budget_watch = budget_watch
        self._alarms = alarms
        self._background = background
        self._desk = modes.desk
        self._intents = [intent.name for intent in modes.desk.intents]

    def opened(self, tab: TabOpened) -> None:
        """Somebody looks at their Home."""
        shown = self.publish(tab.user, read_home_place(tab.place))
        self._background.begin(answered(shown, nobody))

    async def drawn(self, user: str, place: HomePlace | None, notice: str = "") -> Payload:
        """A person's Home at a place, or at their front page where they may not be there."""
        person = await self._person(user)
        seen = allowed_place(place, person)
        return home.home_view(seen, await self._blocks(person, seen), notice)

    async def publish(self, user: str, place: HomePlace | None, notice: str = "") -> None:
        view = await self.drawn(user, place, notice)
        await self._client.views_publish(user_id=user, view=view)

    async def _person(self, user: str) -> HomeViewer:
        agent = await self._access.works(user)
        return HomeViewer(user, agent, admin=agent and await self._access.configures(user))

    async def _blocks(self, person: HomeViewer, place: HomePlace) -> list[Block]:
        if place.tab == "asked":
            ask = home.category_buttons(self._desk.desk.name, self._intents)
            return [*ask, *await self._list(person, place)]
        ill = [*self._illness.sentences(), *await self._alarms.sentences()]
        standing = home.alarm_lines(ill)
        top = [*standing, *home.home_tabs(place, admin=person.admin)]
        match place.tab:
            case "stats":
                return [*top, *await self._stats()]
            case "desk":
                return [*top, *await self._desk_tab(place)]
            case _:
                narrow = home.home_filters(place, self._intents)
                return [*top, *narrow, *await self._list(person, place)]

    async def _list(self, person: HomeViewer, place: HomePlace) -> list[Block]:
        start, wanted = place.starts[-1], _wanted(person, place)
        found = search.find_tickets if place.tab in ("asked", "mine") else search.ticket_queue
        page = await self._store.read(found, wanted, ROWS, start)
        shown = home.home_tickets(page.tickets, utc_now(), NOTHING[place.tab])
        return [*shown, *home.page_buttons(place, page.next)]

    async def _stats(self) -> list[Block]:
        found = await self._store.read(desk_stats.desk_stats, utc_now() - timedelta(days=DAYS))
        return stats_blocks(found, DAYS)

    async def _desk_tab(self, place: HomePlace) -> list[Block]:
        now = utc_now()
        size = await self._store.read(inventory.knowledge_size)
        days = self._desk.knowledge.stale_days
        standing = await self._store.read(shelf.shelf_state, stale_before(days, now.date()))
        state = await self._store.read(health.desk_health, now, PERIODS)
        watched, staff = await self.watched(), await self._access.staff()
        start = place.starts[-1]
        shown = watched[start : start + ROWS]
        following = start + ROWS if len(watched) > start + ROWS else None
        return [
            *home.staff_blocks(staff.agents, staff.left_out),
            *await self._changes(),
            *home.health_blocks(
                size, standing, state, await self._bars(), self._standing.sentences()
            ),
            *home.channel_menus(shown),
            *home.page_buttons(place, following),
        ]

    async def _changes(self) -> list[Block]:
        """What became of proposed changes, and whether some may be made by themselves."""
        tools = self._desk.tools
        if not any(tool.kind == "write" for tool in tools.values()):
            return []
        since = utc_now() - timedelta(days=PROPOSED)
        counts = await self._store.read(proposal_counts.proposal_counts, since)
        stopped = await self._store.read(switches.find_switch, switches.AUTONOMY)
        alone = [
            f"{name}: for {', '.join(sorted(tool.alone_for))}, up to "
            f"{parts_text(tool.alone_up_to)}, {tool.alone_a_day} a day"
            for name, tool in tools.items()
            if tool.alone_up_to is not None
        ]
        by = stopped.thrown_by if stopped else None
        return home.proposal_summary(counts, alone, by, PROPOSED)

    async def _bars(self) -> Sequence[str]:
        return [budget_bar(usage) for usage in await self._budget_watch.budget_usages()]

    async def watched(self) -> Sequence[ChannelSetting]:
        """The channels that the bot is in or was told about, but for the agents' own."""
        ids = {each.id for each in self._desk.channels}
        ids |= {str(each["id"]) for each in await bot_conversations(self._client)}
        ids.discard(self._desk.desk.agents_channel)
        return [
            ChannelSetting(each, self._modes.mode_of(each), self._modes.changed(each))
            for each in sorted(ids)
        ]


def _wanted(person: HomeViewer, place: HomePlace) -> TicketFilter:
    """Which tickets stand in a list of the Home."""
    if place.tab == "asked":
        return TicketFilter(requester=person.id)
    if place.tab == "mine":
        return _narrowed(own_tickets(person.id, agent=True), place)
    soon = utc_now() + SOON if place.tab == "due" else None
    owner = NOBODY if place.unassigned else None
    return _narrowed(TicketFilter(owner=owner, due_before=soon), place)


def _narrowed(wanted: TicketFilter, place: HomePlace) -> TicketFilter:
    return replace(
        wanted,
        priority=place.priority if place.priority in PRIORITIES else None,
        intent=None if place.intent == ALL else place.intent,
    )
