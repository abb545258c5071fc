"""Who the agents are: the members of the agents' channel."""

import asyncio
import time

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.pagination import channel_members

FRESH = 300.0

log = structlog.get_logger("slack")


class AgentRoster:
    """The agents' user ids, read again when someone joins or leaves, or after five minutes."""

    def __init__(self, client: AsyncWebClient, channel: str, bot_user: str) -> None:
        self.channel = channel
        self._client = client
        self._bot_user = bot_user
        self._agents: frozenset[str] = frozenset()
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def is_agent(self, user: str) -> bool:
        """Whether the user works tickets."""
        return user in await self.agents()

    async def agents(self) -> frozenset[str]:
        """All agents. When Slack does not answer, those we knew last.

        Raises:
            SlackClientError: Slack does not answer and none is known yet.
        """
        async with self._lock:
            if time.monotonic() - self._read_at > FRESH:
                try:
                    await self._read()
                except (SlackClientError, aiohttp.ClientError, TimeoutError):
                    if not self._agents:
                        raise
                    log.warning("agents not read again", channel=self.channel)
            return self._agents

    def forget(self) -> None:
        """Somebody joined or left: read the members again at the next question."""
        self._read_at = float("-inf")

    async def _read(self) -> None:
        found = await channel_members(self._client, self.channel)
        self._agents = found - {self._bot_user}
        self._read_at = time.monotonic()
