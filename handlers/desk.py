"""The front desk in Slack: what the story says and shows, done with the Web API."""

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.frontdesk import CannotPost, Card, Note, Posted, Say, Sign
from handlers.blocks import said
from handlers.cards import card as draw
from handlers.mrkdwn import escape
from handlers.posting import Poster

# What a sign is refused with when it stands already, is gone already, or its message is gone.
ALREADY = {"already_reacted", "no_reaction", "message_not_found"}
LINKS = 2_000

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
        self._names: dict[str, str] = {}
        self._links: dict[tuple[str, str], str] = {}
        self.bot_user = bot_user

    async def say(self, say: Say, *, recovered: bool) -> Posted:
        """Say something in the customer's thread; raises CannotPost."""
        text, blocks = said(say)
        message = {"channel": say.channel, "text": text, "blocks": blocks}
        if say.thread_ts:
            message["thread_ts"] = say.thread_ts
        after = say.thread_ts or say.after
        ts = await self._poster.post(say.key, message, after=after, recovered=recovered)
        return Posted(key=say.key, kind=say.kind, channel=say.channel, ts=ts, text=say.text)

    async def reword(self, say: Say, ts: str) -> None:
        """Change the bot's own words that stand at `ts`. Never raises."""
        text, blocks = said(say)
        try:
            await self._client.chat_update(channel=say.channel, ts=ts, text=text, blocks=blocks)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("not reworded", channel=say.channel, ts=ts, error=type(error).__name__)

    async def card(self, card: Card, *, edition: int, recovered: bool) -> Posted:
        """Put a ticket before the agents; raises CannotPost."""
        text, blocks = draw(card, await self._permalink(card.channel, card.ts))
        message = {"channel": self._agents_channel, "text": text, "blocks": blocks}
        key = f"card:{card.ticket_id}:{edition}"
        ts = await self._poster.post(key, message, after=card.ts, recovered=recovered)
        return Posted(key=key, kind="card", channel=self._agents_channel, ts=ts, text=text)

    async def redraw(self, card: Card, ts: str) -> bool:
        """Bring a card up to date in place; False when it was deleted. Raises CannotPost.

        The same update twice leaves the same card, so the client may retry it.
        """
        text, blocks = draw(card, await self._permalink(card.channel, card.ts))
        try:
            await self._client.chat_update(
                channel=self._agents_channel, ts=ts, text=text, blocks=blocks
            )
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code == "message_not_found":
                return False
            raise CannotPost(f"Slack refused the card's update: {code}") from error
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise CannotPost("Slack could not be reached for a card's update") from error
        return True

    async def sign(self, channel: str, ts: str, name: Sign, *, on: bool) -> None:
        """Put a sign on a customer's message or take it off. Never raises: it is only a sign."""
        call = self._client.reactions_add if on else self._client.reactions_remove
        try:
            await call(channel=channel, timestamp=ts, name=name)
        except SlackApiError as error:
            code = str(error.response.get("error"))
            if code not in ALREADY:
                log.warning("no sign", channel=channel, ts=ts, error=code)
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("no sign", channel=channel, ts=ts, error=type(error).__name__)

    async def note(self, note: Note, *, recovered: bool) -> Posted:
        """Add a line under a ticket's card; raises CannotPost."""
        text = escape(note.text)
        if note.author:
            quoted = "\n".join(f">{line}" for line in text.splitlines())
            text = f"<@{note.author}> added:\n{quoted}"
        if note.to:
            text = f"<@{note.to}> {text}"
        message = {
            "channel": self._agents_channel,
            "thread_ts": note.card_ts,
            "text": text,
            "reply_broadcast": note.loud,
        }
        ts = await self._poster.post(note.key, message, after=note.card_ts, recovered=recovered)
        return Posted(
            key=note.key, kind="note", channel=self._agents_channel, ts=ts, text=note.text
        )

    async def _permalink(self, channel: str, ts: str) -> str | None:
        """The address of a message, which never changes; the latest ones are remembered."""
        known = self._links.get((channel, ts))
        if known is not None:
            return known
        try:
            reply = await self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except (SlackClientError, aiohttp.ClientError, TimeoutError):
            return None
        if len(self._links) >= LINKS:
            del self._links[next(iter(self._links))]
        self._links[channel, ts] = str(reply["permalink"])
        return self._links[channel, ts]

    async def direct(self, user: str) -> str:
        """The channel of the direct messages with a person; raises CannotPost."""
        try:
            return str((await self._client.conversations_open(users=user))["channel"]["id"])
        except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            raise CannotPost("there is no way to write to this person directly") from error

    async def name(self, user: str) -> str:
        """What a person is called in the workspace; the first name a customer will read."""
        if user not in self._names:
            try:
                profile = (await self._client.users_info(user=user))["user"]
            except (SlackClientError, aiohttp.ClientError, TimeoutError):
                return "An agent"
            shown = (profile.get("profile") or {}).get("display_name") or profile.get("real_name")
            self._names[user] = str(shown or profile.get("name"))
        return self._names[user]
