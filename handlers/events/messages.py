"""Where messages come in: each event is read, written down durably, and only then acknowledged.

Bolt runs with `process_before_response`, so Slack's acknowledgement waits for these listeners; they
do no more than translate and submit. One that raises leaves the event unacknowledged, and Slack
sends it again.
"""

from typing import Any

import structlog

from bot.config.modes import Mode
from bot.messages.inbound import Author, IgnoredEvent
from bot.pipeline.intake import Intake
from handlers.events.agents import AgentEvents
from handlers.events.payload import concerned_message, is_mention, read_message, read_revision
from handlers.slack.agents import AgentRoster
from handlers.slack.permissions import Permissions

REVISIONS = ("message_changed", "message_deleted")

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

    async def message(self, event: dict[str, Any], body: dict[str, Any]) -> None:
        """A message, an edit or a deletion in a place the bot is in; also a mention of the bot."""
        team = str(body["team_id"])
        if event["channel"] == self._roster.channel:
            await self._agent_events.agent_spoke(event, team)
            return
        mode = await self._mode(event, team)
        if mode == "off":
            log.debug("not watched", channel=event["channel"])
            return
        if event.get("subtype") in REVISIONS:
            await self._revision(event, team)
            return
        author: Author = "agent" if await self._by_agent(event) else "customer"
        placed = await self._access.placed(event)
        read = read_message(placed, team, bot_user=self._bot_user, author=author, mode=mode)
        if isinstance(read, IgnoredEvent):
            await self._ignore(read)
        elif read.author == "customer":
            await self._intake.receive(read)
        elif await self._agent_events.thread_command(event, team):
            await self._ignore(IgnoredEvent(reason="macro", key=read.key))
        elif read.thread_ts is None or not await self._intake.agent_spoke(read):
            await self._ignore(IgnoredEvent(reason="agent outside a ticket", key=read.key))

    async def membership(self, event: dict[str, Any]) -> None:
        """Someone joined or left a channel: perhaps an agent."""
        if event.get("channel") == self._roster.channel:
            self._roster.forget()

    async def _mode(self, event: dict[str, Any], team: str) -> Mode:
        said = concerned_message(event)
        called = event.get("channel_type") == "im" or is_mention(said, self._bot_user)
        mode = self._intake.mode(event["channel"], called=called)
        if mode == "off" and said.get("thread_ts"):
            return await self._intake.thread_mode(team, event["channel"], said["thread_ts"])
        return mode

    async def _by_agent(self, event: dict[str, Any]) -> bool:
        """An agent who mentions the bot outside a thread asks like anyone else."""
        user = event.get("user")
        if user is None or not await self._roster.is_agent(user):
            return False
        return "thread_ts" in event or not is_mention(event, self._bot_user)

    async def _revision(self, event: dict[str, Any], team: str) -> None:
        read = read_revision(event, team, bot_user=self._bot_user)
        if isinstance(read, IgnoredEvent):
            await self._ignore(read)
        else:
            await self._intake.revised(read)

    async def _ignore(self, ignored: IgnoredEvent) -> None:
        log.info("ignored", message=ignored.key, reason=ignored.reason)
        if ignored.key is not None:
            await self._intake.ignored(ignored.key, ignored.reason)
