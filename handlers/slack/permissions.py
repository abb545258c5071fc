"""Who may do what: customers see their own tickets, agents work all of them, admins configure."""

import time
from typing import Literal

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.tickets.refusals import ActionRefused
from handlers.slack.agents import AgentRoster, Staff
from handlers.views.texts import AGENTS_ONLY
from handlers.web_api.pagination import channel_members
from storage.tickets.tables import Ticket

Role = Literal["customer", "agent", "admin"]

FRESH = 60.0
# What Slack says of a channel that is deleted, or that the app cannot see.
GONE = "channel_not_found"

log = structlog.get_logger("slack")


class Permissions:
    """Answers every question of the form «may this person …»; asked again at every act."""

    def __init__(self, client: AsyncWebClient, roster: AgentRoster, admins: frozenset[str]) -> None:
        self._client = client
        self._roster = roster
        self._admins = admins
        self._private: dict[str, tuple[float, bool]] = {}
        self._public: dict[str, tuple[float, frozenset[str]]] = {}

    async def role(self, user: str) -> Role:
        """What the person is to the desk. An admin is an agent too; nobody is one by default."""
        if not await self._roster.is_agent(user):
            return "customer"
        return "admin" if user in self._admins else "agent"

    async def works(self, user: str) -> bool:
        """Whether the person works tickets."""
        return await self._roster.is_agent(user)

    async def require_agent(self, user: str) -> None:
        """Raise ActionRefused unless the person works tickets."""
        if not await self.works(user):
            raise ActionRefused(AGENTS_ONLY)

    async def configures(self, user: str) -> bool:
        """Whether the person changes how the desk works."""
        return await self.role(user) == "admin"

    async def staff(self) -> Staff:
        """Everyone who works tickets, and who was left out and why."""
        return await self._roster.staff()

    async def may_see(self, user: str, ticket: Ticket) -> bool:
        """Agents see all, customers their own and those of public channels they are in."""
        if ticket.requester_id == user or await self.works(user):
            return True
        return not ticket.private and await self.is_member(user, ticket.channel_id)

    async def is_member(self, user: str, channel: str) -> bool:
        """Whether the person is in this public channel; nobody is in one that is private."""
        return user in await self._members(channel)

    async def private(self, channel: str) -> bool:
        """Whether only its members know what is said there; taken for so when Slack is silent."""
        return await self.privacy(channel) is not False

    async def privacy(self, channel: str) -> bool | None:
        """The same, or None when Slack is silent; a channel that is gone is nobody's."""
        read_at, private = self._private.get(channel, (float("-inf"), True))
        if time.monotonic() - read_at > FRESH:
            try:
                info = (await self._client.conversations_info(channel=channel))["channel"]
            except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
                log.warning("channel not read", channel=channel, error=type(error).__name__)
                gone = isinstance(error, SlackApiError) and error.response.get("error") == GONE
                return True if gone else None
            private = any(info.get(kind) for kind in ("is_private", "is_im", "is_mpim"))
            self._private[channel] = (time.monotonic(), private)
        return private

    def known_public(self, channel: str) -> bool:
        """Whether the channel was public when Slack was last asked."""
        return not self._private.get(channel, (0.0, True))[1]

    def forget(self, channel: str) -> None:
        """The channel is not what it was: ask anew what it is, and who is in it."""
        self._private.pop(channel, None)
        self._public.pop(channel, None)

    async def channel_type(self, channel: str) -> str:
        """The `channel_type` of a channel, which Slack leaves out of mentions and shortcuts."""
        return "group" if await self.private(channel) else "channel"

    async def _members(self, channel: str) -> frozenset[str]:
        """Who is in a public channel; nobody, when it is private or Slack does not say."""
        if await self.private(channel):
            return frozenset()
        read_at, known = self._public.get(channel, (float("-inf"), frozenset[str]()))
        if time.monotonic() - read_at > FRESH:
            try:
                known = await channel_members(self._client, channel)
            except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
                log.warning("members not read", channel=channel, error=type(error).__name__)
                return frozenset()
            self._public[channel] = (time.monotonic(), known)
        return known
