"""The button under «Shall I help?»: the message becomes a ticket, because its author wants it."""

from bot.tickets.refusals import ActionRefused
from handlers.actions.payload import read_offer_accepted
from handlers.events.pull_in import PullIn
from handlers.types import Ack, Payload, Respond

GONE = "I cannot find that message any more."


class HelpOffers:
    """Only the author of a message sees the offer, and only they may take it."""

    def __init__(self, pull_in: PullIn) -> None:
        self._pull_in = pull_in

    async def accepted(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Make the ticket and take the offer away."""
        await ack()
        accepted = read_offer_accepted(body)
        found = await self._pull_in.find(accepted.channel, accepted.ts)
        if found is None:
            raise ActionRefused(GONE)
        await self._pull_in.make(found, accepted.user)
        await respond(delete_original=True)
