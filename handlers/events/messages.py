"""Where messages come in: each event is read, written down durably, and only then acknowledged.

Bolt runs with `process_before_response`, so Slack's acknowledgement waits for these listeners; they
do no more than translate and submit. One that raises leaves the event unacknowledged, and Slack
sends it again.
"""

import structlog

from bot.config.modes import Mode
from bot.messages.inbound import Author, IgnoredEvent
from bot.pipeline.intake import Intake
from handlers.events.agents import AgentEvents
from handlers.events.payload import (
    MessageEvent,
    read_membership,
    read_message,
    read_message_event,
    read_revision,
)
from handlers.slack.agents import AgentRoster
from handlers.slack.permissions import Permissions
from handlers.types import Payload

log = structlog.get_logger("inbox")


class MessageEvents:
    """Listens in the watched channels, in direct messages, and wherever the bot is mentioned."""

    def __init__(
        self,
        intake: Intake,
        roster: AgentRoster,
        access: Permissions,
        agent_events: AgentEvents,
        bot_user: str,
    ) -> None:
        self._intake = intake
        self._roster = roster
        self._access = access
        self._agent_events = agent_events
        self._bot_user = bot_user

    async def message(self, event: Payload, body: Payload) -> None:
        """A message, an edit or a deletion in a place the bot is in; also a mention of the bot."""
        heard = read_message_event(event, str(body["team_id"]))
        if heard.channel == self._roster.channel:
            await self._agent_events.agent_spoke(heard)
            return
        mode = await self._mode(heard)
        if mode == "off":
            log.debug("not watched", channel=heard.channel)
        elif heard.revises:
            await self._revision(heard)
        else:
            await self._said(heard, mode)

    async def membership(self, event: Payload) -> None:
        """Someone joined or left a channel: perhaps an agent."""
        if read_membership(event) == self._roster.channel:
            self._roster.forget()

    async def _said(self, heard: MessageEvent, mode: Mode) -> None:
        author: Author = "agent" if await self._by_agent(heard) else "customer"
        if heard.channel_type is None:
            heard = heard.placed(await self._access.channel_type(heard.channel))
        read = read_message(heard, bot_user=self._bot_user, author=author, mode=mode)
        if isinstance(read, IgnoredEvent):
            await self._ignore(read)
        elif read.author == "customer":
            await self._intake.receive(read)
        elif found := await self._agent_events.thread_command(heard):
            await self._ignore(IgnoredEvent(reason="macro", key=read.key))
            await self._agent_events.run_command(heard, *found)
        elif read.thread_ts is None or not await self._intake.agent_spoke(read):
            await self._ignore(IgnoredEvent(reason="agent outside a ticket", key=read.key))

    async def _mode(self, heard: MessageEvent) -> Mode:
        said = heard.concerned
        called = heard.channel_type == "im" or said.mentions(self._bot_user)
        mode = self._intake.mode(heard.channel, called=called)
        if mode == "off" and said.thread_ts:
            return await self._intake.thread_mode(heard.team, heard.channel, said.thread_ts)
        return mode

    async def _by_agent(self, heard: MessageEvent) -> bool:
        """An agent who mentions the bot outside a thread asks like anyone else."""
        said = heard.said
        if said.user is None or not await self._roster.is_agent(said.user):
            return False
        return said.thread_ts is not None or not said.mentions(self._bot_user)

    async def _revision(self, heard: MessageEvent) -> None:
        read = read_revision(heard, bot_user=self._bot_user)
        if isinstance(read, IgnoredEvent):
            await self._ignore(read)
        else:
            await self._intake.revised(read)

    async def _ignore(self, ignored: IgnoredEvent) -> None:
        log.info("ignored", message=ignored.key, reason=ignored.reason)
        if ignored.key is not None:
            await self._intake.ignored(ignored.key, ignored.reason)
