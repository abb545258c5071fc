"""What is pressed in a Home. Whoever presses is asked anew what they may see and do."""

import structlog

from bot.messages.channel_modes import MODES, ChannelModes
from bot.runtime.tasks import BackgroundTasks
from bot.tickets.refusals import ActionRefused
from handlers.actions.payload import Press, read_press
from handlers.commands.asked import TicketDesk
from handlers.errors import answered
from handlers.events.home import HomeTab
from handlers.slack.modal import open_modal
from handlers.types import Ack, Payload
from handlers.views import modals
from handlers.views.home import ALL, HomePlace, moved_place, read_home_place
from handlers.views.texts import ADMINS_ONLY
from handlers.views.ticket import ticket_view
from storage.reports.whole_ticket import whole_ticket
from storage.tickets import tickets
from storage.tickets.changes import NoTicket

TOO_LATE = "Slack did not open the form in time. Please press again."

log = structlog.get_logger("home")


class HomeActions:
    """Carries out what is pressed, and shows the Home that comes of it."""

    def __init__(
        self, desk: TicketDesk, modes: ChannelModes, tab: HomeTab, background: BackgroundTasks
    ) -> None:
        self._desk = desk
        self._modes = modes
        self._tab = tab
        self._background = background
        self._intents = [intent.name for intent in modes.desk.intents]

    async def used(self, ack: Ack, body: Payload) -> None:
        """Something was pressed or chosen; a refusal stands at the top of the Home."""
        await ack()
        press = read_press(body)
        place = read_home_place(press.carried)

        async def refused(sentence: str) -> None:
            await self._tab.publish(press.user, place, sentence)

        self._background.begin(answered(self._do(press, place), refused))

    async def _do(self, press: Press, place: HomePlace | None) -> None:
        going = await self._act(press, place or HomePlace("asked"))
        if going is not None:
            await self._tab.publish(press.user, going)

    async def _act(self, press: Press, place: HomePlace) -> HomePlace | None:
        """Carry out what was pressed; answers where to go, None when a form shows the rest."""
        match press.name.removeprefix("home_").partition("_")[0]:
            case "show":
                await self._show(press)
                return None
            case "ask":
                await self._ask(press)
                return None
            case "mode":
                await self._set_mode(press)
                return place
            case "alone":
                await self._set_alone(press)
                return place
            case _:
                return moved_place(place, press.name, press.value, press.chosen or ALL)

    async def _set_mode(self, press: Press) -> None:
        if not await self._desk.access.configures(press.user):
            raise ActionRefused(ADMINS_ONLY)
        channel = press.block.removeprefix("mode:")
        known = {each.id for each in await self._tab.watched()}
        wanted = next((each for each in MODES if each == press.chosen), None)
        if channel not in known or wanted is None:
            raise ActionRefused("The bot is not in that channel. Nothing was changed.")
        await self._modes.put(channel, wanted, press.user)
        log.info("mode set", channel=channel, mode=wanted, by=press.user)

    async def _set_alone(self, press: Press) -> None:
        if not await self._desk.access.configures(press.user):
            raise ActionRefused(ADMINS_ONLY)
        await self._desk.proposals.let_alone(press.user, stopped=press.value != "on")

    async def _show(self, press: Press) -> None:
        number = press.value
        wanted = int(number) if number.isdecimal() and len(number) < 10 else 0
        agent = await self._desk.access.works(press.user)
        ticket = await self._desk.store.read(tickets.find_ticket, wanted)
        if ticket is None or not await self._desk.access.may_see(press.user, ticket):
            raise NoTicket("There is no such ticket that you may see.")
        whole = await self._desk.store.read(whole_ticket, ticket, agent=agent)
        view = modals.reading_modal(ticket.number, ticket_view(whole)["blocks"])
        await open_modal(self._desk.client, press.trigger, view, TOO_LATE)

    async def _ask(self, press: Press) -> None:
        chosen = press.value if press.value in self._intents else None
        view = modals.new_ticket_modal(self._intents, category=chosen)
        await open_modal(self._desk.client, press.trigger, view, TOO_LATE)
