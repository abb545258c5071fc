"""Keeps what stands in private channels private, whatever the desk took the channel for before.

A ticket is marked when it is opened; a channel may have become private since, and tickets of an
older version were not marked.
"""

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.slack.pagination import bot_conversations
from storage.db.database import Database
from storage.tickets import privacy
from storage.tickets.changes import BY_TIMER

AT_ONCE = 500  # tickets marked in one transaction, so that messages never wait long for the writer

log = structlog.get_logger("slack")


class PrivateChannels:
    """Looks now and then; a channel that was found to be private is looked at once."""

    def __init__(self, client: AsyncWebClient, store: Database) -> None:
        self._client = client
        self._store = store
        self._known: frozenset[str] = frozenset()

    async def hide_private_tickets(self) -> None:
        """Mark the tickets of private channels that the bot is in; later, when Slack is silent."""
        try:
            channels = await bot_conversations(self._client)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("channels not read", error=type(error).__name__)
            return
        private = {str(each["id"]) for each in channels if each.get("is_private")}
        fresh = private - self._known
        numbers = await self._store.read(privacy.exposed_tickets, fresh) if fresh else ()
        for start in range(0, len(numbers), AT_ONCE):
            await self._store.write(
                privacy.hide_tickets, numbers[start : start + AT_ONCE], BY_TIMER
            )
        if numbers:
            log.info("tickets marked as private", tickets=len(numbers))
        self._known = frozenset(private)
