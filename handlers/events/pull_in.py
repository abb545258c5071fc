"""A message that people point at becomes a ticket: by the shortcut, a reaction, or a button."""

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.messages.inbound import IgnoredEvent
from bot.pipeline.intake import Intake
from bot.tickets.refusals import ActionRefused
from handlers.commands.asked import TicketDesk
from handlers.connection.installation import Installation
from handlers.events.machines import Machines
from handlers.events.payload import (
    MessageEvent,
    read_message,
    read_message_event,
    read_slack_message,
)
from handlers.slack.people import People
from storage.intake.talk import LEFT_ALONE
from storage.tickets import messages, tickets

# What Slack says of a message or a place that the bot cannot see.
UNSEEN = frozenset({"channel_not_found", "not_in_channel", "thread_not_found", "message_not_found"})


class PullIn:
    """Makes tickets of messages: an agent of any, everybody else of their own."""

    def __init__(
        self, desk: TicketDesk, intake: Intake, at: Installation, people: People, machines: Machines
    ) -> None:
        self._desk = desk
        self._intake = intake
        self._at = at
        self._people = people
        self._machines = machines

    async def find(self, channel: str, ts: str) -> MessageEvent | None:
        """A message by its place, with the names of whom it mentions; None where it is not seen.

        Raises:
            SlackClientError: Slack does not answer.
        """
        try:
            page = await self._desk.client.conversations_replies(
                channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=10
            )
        except SlackApiError as error:
            if error.response.get("error") in UNSEEN:
                return None
            raise
        raw = next((each for each in page["messages"] if str(each.get("ts")) == ts), None)
        if raw is None:
            return None
        bare = read_slack_message(raw, self._at)
        names = await self._people.names(bare.ids) if bare.ids else {}
        return read_message_event({**raw, "channel": channel}, self._at, names)

    async def may(self, event: MessageEvent, user: str) -> bool:
        """Whether this person may make a ticket of it."""
        return event.said.user == user or await self._desk.access.works(user)

    async def make(self, event: MessageEvent, by: str) -> str:
        """Make the ticket; a sentence for who asked. Raises ActionRefused."""
        if not await self.may(event, by):
            raise ActionRefused(
                "Only the desk's agents can make a ticket of somebody else's message."
            )
        mode = self._intake.mode(event.channel, called=True)
        if mode == "off":
            raise ActionRefused("Messages of this channel do not become tickets.")
        known = await self._known(event)
        if known is not None:
            return f"This is {known} already."
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

    async def _known(self, event: MessageEvent) -> str | None:
        """The ticket that the message belongs to already, unless it was left alone there."""
        root = event.said.thread_ts or event.said.ts
        store = self._desk.store
        ticket = await store.read(tickets.ticket_of_thread, event.team, event.channel, root)
        if ticket is None:
            return None
        row = await store.read(messages.find_message, event.key)
        return None if row is not None and row.outcome == LEFT_ALONE else ticket.number

    async def _check_inside(self, channel: str) -> None:
        """Raise ActionRefused where the bot could not answer: it is not in this channel.

        When Slack does not say, the ticket is not lost for it.
        """
        try:
            info = (await self._desk.client.conversations_info(channel=channel))["channel"]
        except SlackApiError as error:
            info = {"is_member": error.response.get("error") not in UNSEEN}
        except (SlackClientError, aiohttp.ClientError, TimeoutError):
            return
        if not (info.get("is_member") or info.get("is_im")):
            raise ActionRefused("I am not in this channel: type /invite @deskhand here first.")
