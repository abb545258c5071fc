"""The shortcuts in a message's menu: make a ticket of it, close its ticket, say why."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.inbound import IgnoredEvent
from bot.pipeline.pipeline import Pipeline
from bot.tickets.actions import REFUSALS, ActionRefused, Actor, TicketActions, refusal_text
from handlers.actions.payload import Payload
from handlers.events.payload import read_message
from handlers.slack.permissions import Permissions
from handlers.views.blocks import Block
from handlers.views.decision import decision_blocks
from storage.db.database import Database
from storage.reports.whole_ticket import decisions_and_calls
from storage.tickets import cards, tickets
from storage.tickets.models import Ticket

Ack = Callable[..., Awaitable[Any]]
Respond = Callable[..., Awaitable[Any]]


class Shortcuts:
    """Each answers the one who chose it, and nobody else."""

    def __init__(
        self,
        client: AsyncWebClient,
        store: Database,
        access: Permissions,
        work: TicketActions,
        pipeline: Pipeline,
        bot_user: str,
    ) -> None:
        self._client = client
        self._store = store
        self._access = access
        self._work = work
        self._pipeline = pipeline
        self._bot_user = bot_user

    async def create(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Make a ticket of a message: an agent of any, everybody else of their own."""
        await self._tell(ack, respond, self._create(body))

    async def close(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Solve the ticket that a message belongs to: an agent, or the one who asked."""
        await self._tell(ack, respond, self._close(body))

    async def why(self, ack: Ack, body: Payload, respond: Respond) -> None:
        """Show an agent what the bot thought about the ticket of a message."""
        await ack()
        try:
            blocks = await self._why(body)
        except REFUSALS as error:
            await respond(text=refusal_text(error), response_type="ephemeral")
        else:
            await respond(text="Why this answer", blocks=blocks, response_type="ephemeral")

    async def _tell(self, ack: Ack, respond: Respond, work: Awaitable[str]) -> None:
        await ack()
        try:
            sentence = await work
        except REFUSALS as error:
            sentence = refusal_text(error)
        await respond(text=sentence, response_type="ephemeral")

    async def _create(self, body: Payload) -> str:
        user, channel = str(body["user"]["id"]), str(body["channel"]["id"])
        message = body["message"]
        if message.get("user") != user and not await self._access.works(user):
            raise ActionRefused(
                "Only the desk's agents can make a ticket of somebody else's message."
            )
        mode = self._pipeline.mode(channel, called=True)
        if mode == "off":
            raise ActionRefused("Messages of this channel do not become tickets.")
        known = await self._ticket(body)
        if known is not None:
            return f"This is {known.number} already."
        await self._check_inside(channel)
        event = await self._access.placed({**message, "channel": channel})
        team = str(body["team"]["id"])
        read = read_message(event, team, bot_user=self._bot_user, author="customer", mode=mode)
        if isinstance(read, IgnoredEvent):
            raise ActionRefused("Only what a person has written can become a ticket.")
        return f"{await self._pipeline.adopt(read)} is open."

    async def _close(self, body: Payload) -> str:
        user = str(body["user"]["id"])
        ticket = await self._ticket(body)
        if ticket is None or not await self._access.may_see(user, ticket):
            raise ActionRefused("This message belongs to no ticket that you may see.")
        if ticket.requester_id != user and not await self._access.works(user):
            raise ActionRefused("Only the one who asked, or an agent, can close this ticket.")
        key = f"shortcut:{user}:{body['action_ts']}"
        await self._work.solve(Actor(user, "shortcut", key), ticket.ticket_id)
        return f"{ticket.number} is solved."

    async def _why(self, body: Payload) -> list[Block]:
        if not await self._access.works(str(body["user"]["id"])):
            raise ActionRefused("Only the desk's agents can see why.")
        ticket = await self._ticket(body)
        if ticket is None:
            raise ActionRefused("This message belongs to no ticket.")
        found = await self._store.read(decisions_and_calls, ticket.ticket_id)
        return decision_blocks(*found)

    async def _ticket(self, body: Payload) -> Ticket | None:
        """The ticket of the thread that the message stands in, or of the card that it is."""
        message, channel = body["message"], str(body["channel"]["id"])
        root = str(message.get("thread_ts") or message["ts"])
        card = await self._store.read(cards.card_at, channel, root)
        if card is not None:
            return await self._store.read(tickets.find_ticket, card.ticket_id)
        return await self._store.read(
            tickets.ticket_of_thread, str(body["team"]["id"]), channel, root
        )

    async def _check_inside(self, channel: str) -> None:
        """Raise Refused where the bot could not answer: it is not in this channel."""
        try:
            info = (await self._client.conversations_info(channel=channel))["channel"]
        except SlackApiError:
            info = {}
        if not (info.get("is_member") or info.get("is_im")):
            raise ActionRefused("I am not in this channel: type /invite @deskhand here first.")
