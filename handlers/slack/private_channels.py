"""Keeps what stands in private channels private, whatever the desk took the channel for before.

A ticket is marked when it is opened; a channel may have become private since, and tickets of an
older version were not marked.
"""

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.tickets.private_channels import hide_tickets_of
from handlers.web_api.pagination import bot_conversations
from storage.db.database import Database

log = structlog.get_logger("slack")


class PrivateChannels:
    """Is told, and looks now and then; a channel that was found to be private is looked at once."""

    def __init__(self, client: AsyncWebClient, store: Database) -> None:
        self._client = client
        self._store = store
        self._known: frozenset[str] = frozenset()

    async def hide_tickets(self, channel: str) -> None:
        """A channel has become private: mark its tickets at once."""
        await hide_tickets_of(self._store, {channel})

    async def hide_private_tickets(self) -> None:
        """Mark the tickets of private channels that the bot is in; later, when Slack is silent."""
        try:
            channels = await bot_conversations(self._client)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("channels not read", error=type(error).__name__)
            return
        private = {str(each["id"]) for each in channels if each.get("is_private")}
        fresh = private - self._known
        if fresh:
            await hide_tickets_of(self._store, fresh)
        self._known = frozenset(private)
