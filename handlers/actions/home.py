"""The Home: a customer's own tickets, an agent's queue, an admin's desk.

Nothing is remembered about a Home: it carries its place itself, and whoever presses something in it
is asked anew what they may see and do.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.costs.spending import SpendGuard
from bot.messages.channel_modes import MODES, ChannelModes
from bot.tickets.actions import REFUSALS, ActionRefused, refusal_text
from handlers.background import ListenerTasks
from handlers.commands.lists import own_tickets
from handlers.slack.pagination import bot_conversations
from handlers.slack.permissions import Permissions
from handlers.views import home, modals
from handlers.views.blocks import Block
from handlers.views.digest import budget_bar
from handlers.views.home import (
    ALL,
    ROWS,
    TABS,
    ChannelSetting,
    HomePlace,
    read_home_place,
)
from handlers.views.ticket import ticket_view
from handlers.views.ticket_list import stats_blocks
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.knowledge import articles
from storage.reports import health, stats
from storage.reports.whole_ticket import whole_ticket
from storage.tickets import search, tickets
from storage.tickets.changes import PRIORITIES, NoTicket
from storage.tickets.search import NOBODY, TicketFilter

Ack = Callable[..., Awaitable[Any]]
Payload = dict[str, Any]

SOON = timedelta(days=1)
DAYS = 7
PERIODS = {"in a day": 1, "in a week": 7, "in 30 days": 30}
NOTHING = {
    "asked": "You have not asked anything yet.",
    "queue": "The queue is empty.",
    "mine": "You have no tickets to work on.",
    "due": "Nothing is due within a day.",
}
ADMINS_ONLY = "Only the desk's admins can change that. Nothing was changed."

log = structlog.get_logger("home")


@dataclass(frozen=True)
class HomeViewer:
    """Who looks at their Home, and as what."""

    id: str
    agent: bool
    admin: bool


class Home:
    """Shows Homes and does what is pressed in them."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Database,
        access: Permissions,
        modes: ChannelModes,
        spend_guard: SpendGuard,
        listener_tasks: ListenerTasks,
    ) -> None:
        self._client = client
        self._store = store
        self._access = access
        self._modes = modes
        self._spend_guard = spend_guard
        self._listener_tasks = listener_tasks
        self._desk = modes.desk
        self._intents = [intent.name for intent in modes.desk.intents]

    async def opened(self, event: Payload) -> None:
        """Somebody looks at their Home; at the messages tab there is nothing to show."""
        if event.get("tab", "home") == "home":
            place = read_home_place(str((event.get("view") or {}).get("private_metadata", "")))
            user = str(event["user"])
            self._listener_tasks.start(self._publish(user, place), _nobody)

    async def used(self, ack: Ack, body: Payload) -> None:
        """Something in a Home was pressed or chosen."""
        await ack()
        user = str(body["user"]["id"])
        self._listener_tasks.start(
            self._do(user, body), lambda told: self._publish(user, None, told)
        )

    async def _do(self, user: str, body: Payload) -> None:
        place = read_home_place(str((body.get("view") or {}).get("private_metadata", "")))
        try:
            going = await self._act(user, place or HomePlace("asked"), body)
        except REFUSALS as error:
            await self._publish(user, place, refusal_text(error))
        else:
            if going is not None:
                await self._publish(user, going)

    async def _act(self, user: str, place: HomePlace, body: Payload) -> HomePlace | None:
        """Carry out what was pressed; answers where to go, None when a form shows the rest."""
        action = body["actions"][0]
        name, value = str(action["action_id"]), str(action.get("value", ""))
        chosen = str((action.get("selected_option") or {}).get("value", ALL))
        match name.removeprefix("home_").partition("_")[0]:
            case "show":
                await self._show(user, value, str(body["trigger_id"]))
                return None
            case "ask":
                await self._ask(value, str(body["trigger_id"]))
                return None
            case "mode":
                channel = str(action.get("block_id", "")).removeprefix("mode:")
                await self._set_mode(user, channel, chosen)
                return place
            case _:
                return _moved(place, name, value, chosen)

    async def drawn(self, user: str, place: HomePlace | None, notice: str = "") -> Payload:
        """A person's Home at a place, or at their front page where they may not be there."""
        person = await self._person(user)
        seen = _allowed(place, person)
        return home.home_view(seen, await self._blocks(person, seen), notice)

    async def _publish(self, user: str, place: HomePlace | None, notice: str = "") -> None:
        view = await self.drawn(user, place, notice)
        await self._client.views_publish(user_id=user, view=view)

    async def _person(self, user: str) -> HomeViewer:
        agent = await self._access.works(user)
        return HomeViewer(user, agent, admin=agent and await self._access.configures(user))

    async def _blocks(self, person: HomeViewer, place: HomePlace) -> list[Block]:
        if place.tab == "asked":
            ask = home.category_buttons(self._desk.desk.name, self._intents)
            return [*ask, *await self._list(person, place)]
        top = home.home_tabs(place, admin=person.admin)
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
        if place.tab in ("asked", "mine"):
            page = await self._store.read(search.find_tickets, wanted, ROWS, start)
        else:
            page = await self._store.read(search.ticket_queue, wanted, ROWS, start)
        shown = home.home_tickets(page.tickets, utc_now(), NOTHING[place.tab])
        return [*shown, *home.page_buttons(place, page.next)]

    async def _stats(self) -> list[Block]:
        found = await self._store.read(stats.desk_stats, utc_now() - timedelta(days=DAYS))
        return stats_blocks(found, DAYS)

    async def _desk_tab(self, place: HomePlace) -> list[Block]:
        now = utc_now()
        shelf = await self._store.read(articles.knowledge_size)
        state = await self._store.read(health.desk_health, now, PERIODS)
        watched = await self._watched()
        start = place.starts[-1]
        shown = watched[start : start + ROWS]
        following = start + ROWS if len(watched) > start + ROWS else None
        return [
            *home.health_blocks(await self._access.agents(), shelf, state, await self._bars()),
            *home.channel_menus(shown),
            *home.page_buttons(place, following),
        ]

    async def _bars(self) -> Sequence[str]:
        return [budget_bar(usage) for usage in await self._spend_guard.budget_usages()]

    async def _watched(self) -> Sequence[ChannelSetting]:
        """The channels that the bot is in or was told about, but for the agents' own."""
        ids = {each.id for each in self._desk.channels}
        ids |= {str(each["id"]) for each in await bot_conversations(self._client)}
        ids.discard(self._desk.desk.agents_channel)
        return [
            ChannelSetting(each, self._modes.mode_of(each), self._modes.changed(each))
            for each in sorted(ids)
        ]

    async def _set_mode(self, user: str, channel: str, mode: str) -> None:
        if not await self._access.configures(user):
            raise ActionRefused(ADMINS_ONLY)
        known = {each.id for each in await self._watched()}
        wanted = next((each for each in MODES if each == mode), None)
        if channel not in known or wanted is None:
            raise ActionRefused("The bot is not in that channel. Nothing was changed.")
        await self._modes.put(channel, wanted, user)
        log.info("mode set", channel=channel, mode=mode, by=user)

    async def _show(self, user: str, number: str, trigger: str) -> None:
        wanted = int(number) if number.isdecimal() and len(number) < 10 else 0
        agent = await self._access.works(user)
        ticket = await self._store.read(tickets.find_ticket, wanted)
        if ticket is None or not await self._access.may_see(user, ticket):
            raise NoTicket("There is no such ticket that you may see.")
        shown = ticket_view(await self._store.read(whole_ticket, ticket, agent=agent))
        await self._open(trigger, modals.reading_modal(ticket.number, shown["blocks"]))

    async def _ask(self, category: str, trigger: str) -> None:
        chosen = category if category in self._intents else None
        await self._open(trigger, modals.new_ticket_modal(self._intents, category=chosen))

    async def _open(self, trigger: str, view: Payload) -> None:
        try:
            await self._client.views_open(trigger_id=trigger, view=view)
        except SlackApiError as error:
            log.info("form not opened", error=str(error.response.get("error")))
            raise ActionRefused(
                "Slack did not open the form in time. Please press again."
            ) from error


def _allowed(place: HomePlace | None, person: HomeViewer) -> HomePlace:
    """Where the person may be: what they asked for, or else their front page."""
    if not person.agent:
        return place if place is not None and place.tab == "asked" else HomePlace("asked")
    if place is None or place.tab == "asked" or (place.tab == "desk" and not person.admin):
        return HomePlace("queue")
    return place


def _moved(place: HomePlace, name: str, value: str, chosen: str) -> HomePlace:
    first = (0,)
    match name:
        case "home_priority":
            return replace(place, priority=chosen, starts=first)
        case "home_intent":
            return replace(place, intent=chosen, starts=first)
        case "home_unassigned":
            return replace(place, unassigned=value == "yes", starts=first)
        case "home_next" if value.isdecimal() and len(value) < 10:
            return place.on(int(value))
        case "home_back":
            return place.back()
        case _:
            tab = next((each for each in TABS if each == value), None)
            return place if tab is None else HomePlace(tab)


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


async def _nobody(sentence: str) -> None:
    """There is nowhere to say it: the Home stays as it was."""
    log.warning("home not shown", told=sentence)
