"""The front desk in Slack: what the story says and shows, done with the Web API."""

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.frontdesk import Card, Note, Posted, Say
from bot.inbound import Inbound
from handlers.blocks import card, said
from handlers.mrkdwn import escape
from handlers.posting import Poster

SEEN = "eyes"

log = structlog.get_logger("slack")


class SlackDesk:
    """Carries out what `bot.frontdesk.FrontDesk` promises.

    `client` retries by itself and is for calls that may run twice; `poster` posts exactly once.
    """

    def __init__(
        self, client: AsyncWebClient, poster: Poster, *, agents_channel: str, bot_user: str
    ) -> None:
        self._client = client
        self._poster = poster
        self._agents_channel = agents_channel
        self.bot_user = bot_user

    async def seen(self, inbound: Inbound) -> None:
        """Put 👀 on the message. Never raises: it is only a sign."""
        try:
            await self._client.reactions_add(
                channel=inbound.channel, timestamp=inbound.ts, name=SEEN
            )
        except SlackApiError as error:
            if error.response.get("error") != "already_reacted":
                log.warning("no sign", message=inbound.key, error=str(error.response.get("error")))
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("no sign", message=inbound.key, error=type(error).__name__)

    async def say(self, say: Say, *, recovered: bool) -> Posted:
        """Say something in the customer's thread; raises CannotPost."""
        text, blocks = said(say)
        message = {
            "channel": say.channel,
            "thread_ts": say.thread_ts,
            "text": text,
            "blocks": blocks,
        }
        ts = await self._poster.post(say.key, message, after=say.thread_ts, recovered=recovered)
        return Posted(key=say.key, kind=say.kind, channel=say.channel, ts=ts, text=say.text)

    async def card(self, ticket: Card, *, recovered: bool) -> Posted:
        """Put a ticket before the agents; raises CannotPost."""
        text, blocks = card(ticket, await self._permalink(ticket.channel, ticket.ts))
        message = {"channel": self._agents_channel, "text": text, "blocks": blocks}
        ts = await self._poster.post(ticket.key, message, after=ticket.ts, recovered=recovered)
        return Posted(
            key=ticket.key, kind="card", channel=self._agents_channel, ts=ts, text=ticket.reason
        )

    async def note(self, note: Note, *, recovered: bool) -> Posted:
        """Add a line under a ticket's card; raises CannotPost."""
        quoted = "\n".join(f">{escape(line)}" for line in note.text.splitlines())
        message = {
            "channel": self._agents_channel,
            "thread_ts": note.card_ts,
            "text": f"The customer added:\n{quoted}",
        }
        ts = await self._poster.post(note.key, message, after=note.card_ts, recovered=recovered)
        return Posted(
            key=note.key, kind="note", channel=self._agents_channel, ts=ts, text=note.text
        )

    async def _permalink(self, channel: str, ts: str) -> str | None:
        try:
            reply = await self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except (SlackClientError, aiohttp.ClientError, TimeoutError):
            return None
        return str(reply["permalink"])
