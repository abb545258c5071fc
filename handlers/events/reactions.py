"""What people say with a reaction: an agent's verb, or that a message is to become a ticket."""

from bot.tickets.act_rules import Actor
from handlers.commands.asked import Asked, TicketDesk
from handlers.commands.verbs import REACTIONS
from handlers.events.gestures import Reaction, read_reaction
from handlers.events.pull_in import PullIn
from handlers.types import Payload
from storage.tickets import tickets


class Reactions:
    """Listens to reactions. A refusal is whispered to agents by `handlers.errors`."""

    def __init__(self, desk: TicketDesk, team: str, pull_in: PullIn, ticket_emoji: str) -> None:
        self._desk = desk
        self._team = team
        self._pull_in = pull_in
        self._ticket_emoji = ticket_emoji

    async def reacted(self, event: Payload) -> None:
        """🎫 makes a ticket of a message; an agent's 👀 or ✅ does what the button does."""
        reaction = read_reaction(event, self._team)
        if reaction is None:
            return
        if reaction.name == self._ticket_emoji:
            await self._make_ticket(reaction)
        else:
            await self._verb(reaction)

    async def _make_ticket(self, reaction: Reaction) -> None:
        """Of somebody else's message only for agents; others react as they like."""
        found = await self._pull_in.find(reaction.channel, reaction.ts)
        if found is not None and await self._pull_in.may(found, reaction.user):
            await self._pull_in.make(found, reaction.user)

    async def _verb(self, reaction: Reaction) -> None:
        """On the message that opened a ticket."""
        verb = REACTIONS.get(reaction.name)
        if verb is None:
            return
        ticket = await self._desk.store.read(
            tickets.ticket_of_thread, reaction.team, reaction.channel, reaction.ts
        )
        if ticket is None or not await self._desk.access.works(reaction.user):
            return
        actor = Actor(reaction.user, "reaction", reaction.key)
        await verb.run(self._desk, Asked(actor, number=ticket.ticket_id))
