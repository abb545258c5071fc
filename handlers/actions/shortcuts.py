"""The shortcuts in a message's menu: make a ticket of it, close its ticket, say why."""

from bot.tickets.act_rules import Actor
from bot.tickets.refusals import ActionRefused
from handlers.actions.payload import ChosenShortcut, read_shortcut
from handlers.commands.asked import Asked, TicketDesk
from handlers.commands.verbs import BUTTONS
from handlers.connection.installation import Installation
from handlers.events.pull_in import PullIn
from handlers.slack.people import People
from handlers.types import Ack, MessageBody, Payload, Respond
from handlers.views.ids import ShortcutId
from storage.cards import cards
from storage.tickets import tickets
from storage.tickets.tables import Ticket


class Shortcuts:
    """Each answers the one who chose it, and nobody else."""

    def __init__(
        self,
        desk: TicketDesk,
        pull_in: PullIn,
        at: Installation,
        people: People,
    ) -> None:
        self._desk = desk
        self._pull_in = pull_in
        self._at = at
        self._people = people

    async def create(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Make a ticket of a message: an agent of any, everybody else of their own."""
        await ack()
        chosen = read_shortcut(body, self._at)
        names = await self._people.names(chosen.event.ids)
        named = read_shortcut(body, self._at, names) if names else chosen
        sentence = await self._pull_in.make(named.event, named.user)
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
