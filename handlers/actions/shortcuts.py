"""The shortcuts in a message's menu: make a ticket of it, close its ticket, say why."""

from slack_sdk.errors import SlackApiError

from bot.messages.inbound import IgnoredEvent
from bot.pipeline.intake import Intake
from bot.tickets.act_rules import Actor
from bot.tickets.refusals import ActionRefused
from handlers.actions.payload import ChosenShortcut, read_shortcut
from handlers.commands.asked import Asked, TicketDesk
from handlers.commands.verbs import BUTTONS
from handlers.events.machines import Machines
from handlers.events.payload import read_message
from handlers.slack.installation import Installation
from handlers.slack.people import People
from handlers.types import Ack, MessageBody, Payload, Respond
from handlers.views.ids import ShortcutId
from storage.tickets import cards, tickets
from storage.tickets.tables import Ticket


class Shortcuts:
    """Each answers the one who chose it, and nobody else."""

    def __init__(
        self,
        desk: TicketDesk,
        intake: Intake,
        at: Installation,
        people: People,
        machines: Machines,
    ) -> None:
        self._desk = desk
        self._intake = intake
        self._at = at
        self._people = people
        self._machines = machines

    async def create(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Make a ticket of a message: an agent of any, everybody else of their own."""
        await ack()
        chosen = read_shortcut(body, self._at)
        names = await self._people.names(chosen.event.ids)
        sentence = await self._create(read_shortcut(body, self._at, names) if names else chosen)
        await respond(text=sentence, response_type="ephemeral")

    async def close(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Solve the ticket that a message belongs to: an agent, or the one who asked."""
        await ack()
        await respond(**await self._close(read_shortcut(body, self._at)), response_type="ephemeral")

    async def why(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Show an agent what the bot thought about the ticket of a message."""
        await ack()
        chosen = read_shortcut(body, self._at)
        ticket = await self._ticket(chosen)
        if ticket is None:
            raise ActionRefused("This message belongs to no ticket.")
        answer = await self._run(ShortcutId.WHY, chosen, ticket)
        await respond(**answer, response_type="ephemeral")

    async def _create(self, chosen: ChosenShortcut) -> str:
        event = chosen.event
        if event.said.user != chosen.user and not await self._desk.access.works(chosen.user):
            raise ActionRefused(
                "Only the desk's agents can make a ticket of somebody else's message."
            )
        mode = self._intake.mode(event.channel, called=True)
        if mode == "off":
            raise ActionRefused("Messages of this channel do not become tickets.")
        known = await self._ticket(chosen)
        if known is not None:
            return f"This is {known.number} already."
        await self._check_inside(event.channel)
        if event.channel_type is None:
            event = event.placed(await self._desk.access.channel_type(event.channel))
        said = event.said
        if said.user == self._at.bot_user or self._at.bot_id in said.machines:
            raise ActionRefused("What I said myself cannot become a ticket.")
        asker = await self._machines.behind(said) if said.by_bot else None
        read = read_message(event, author="customer", mode=mode, asker=asker)
        if isinstance(read, IgnoredEvent):
            raise ActionRefused("There is nothing in this message that could become a ticket.")
        return f"{await self._intake.adopt(read)} is open."

    async def _close(self, chosen: ChosenShortcut) -> MessageBody:
        ticket = await self._ticket(chosen)
        if ticket is None or not await self._desk.access.may_see(chosen.user, ticket):
            raise ActionRefused("This message belongs to no ticket that you may see.")
        if ticket.requester_id != chosen.user and not await self._desk.access.works(chosen.user):
            raise ActionRefused("Only the one who asked, or an agent, can close this ticket.")
        return await self._run(ShortcutId.CLOSE, chosen, ticket)

    async def _run(
        self, shortcut: ShortcutId, chosen: ChosenShortcut, ticket: Ticket
    ) -> MessageBody:
        actor = Actor(chosen.user, "shortcut", chosen.key)
        return await BUTTONS[shortcut].run(self._desk, Asked(actor, number=ticket.ticket_id))

    async def _ticket(self, chosen: ChosenShortcut) -> Ticket | None:
        """The ticket of the thread that the message stands in, or of the card that it is."""
        event, store = chosen.event, self._desk.store
        card = await store.read(cards.card_at, event.channel, chosen.root)
        if card is not None:
            return await store.read(tickets.find_ticket, card.ticket_id)
        return await store.read(tickets.ticket_of_thread, event.team, event.channel, chosen.root)

    async def _check_inside(self, channel: str) -> None:
        """Raise Refused where the bot could not answer: it is not in this channel."""
        try:
            info = (await self._desk.client.conversations_info(channel=channel))["channel"]
        except SlackApiError:
            info = {}
        if not (info.get("is_member") or info.get("is_im")):
            raise ActionRefused("I am not in this channel: type /invite @deskhand here first.")
