"""What was said elsewhere in Slack: the thread that the desk was called into, and linked messages.

Slack is asked within limits, and whatever it does not tell in time is done without. What stands in
a place that not everybody may read who reads the answer is not read at all.
"""

import asyncio
from collections.abc import Mapping, Sequence

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.messages.content import Quote, Quotes
from bot.messages.history import EarlierMessage, ThreadHistory
from bot.messages.inbound import IncomingMessage, MessageLink, moment_of
from handlers.connection.installation import Installation
from handlers.events.payload import SlackMessage, read_slack_message
from handlers.slack.agents import AgentRoster
from handlers.slack.people import People
from handlers.types import Payload

# Of a thread, the first message and the latest are kept; pages are of 200 messages, and a
# thread that has more of them than are asked for is read to there.
PAGE = 200
MOST_PAGES = 5
MOST_KEPT = 100
MOST_TEXT = 2_000
# Seconds that a story waits for a thread.
PATIENCE = 15.0
TROUBLE = (SlackClientError, aiohttp.ClientError, TimeoutError)

log = structlog.get_logger("slack")


class Conversations:
    """Reads threads, as `bot.workspace.port.ThreadReader` promises."""

    def __init__(
        self, client: AsyncWebClient, at: Installation, people: People, roster: AgentRoster
    ) -> None:
        self._client = client
        self._at = at
        self._people = people
        self._roster = roster

    async def thread(self, inbound: IncomingMessage) -> ThreadHistory:
        """What was said in a message's thread, oldest first; empty when Slack does not say.

        What comes after the message tells its own story, unless the message was made a ticket.
        """
        until = None if inbound.pulled == "adopted" else inbound.ts
        try:
            async with asyncio.timeout(PATIENCE):
                raw, cut = await self._replies(inbound.channel, inbound.root, until)
                kept = raw if len(raw) <= MOST_KEPT else [raw[0], *raw[-MOST_KEPT + 1 :]]
                said = [each for each in kept if str(each.get("ts")) != inbound.ts]
                messages = await self._read(said)
        except TROUBLE as error:
            log.warning("thread not read", channel=inbound.channel, error=type(error).__name__)
            return ThreadHistory()
        return ThreadHistory(messages=tuple(messages), cut=cut or len(kept) < len(raw))

    async def linked(self, inbound: IncomingMessage) -> Quotes:
        """The messages that a message links to; those that Slack does not tell are left out.

        What stands in the same channel its readers can read. Another channel has to be open to
        the whole workspace, and then everybody here has to be of the workspace: what is private,
        shared with others, or not known to be neither is not read.
        """
        quotes = []
        try:
            async with asyncio.timeout(PATIENCE):
                among_ourselves = await self._among_ourselves(inbound)
                for link in inbound.links:
                    own = link.channel == inbound.channel
                    if own or (among_ourselves and await self._open(link.channel)):
                        quotes += await self._quoted(link)
        except TROUBLE as error:
            log.warning("links not read", message=inbound.key, error=type(error).__name__)
        return Quotes(quotes=tuple(quotes))

    async def _among_ourselves(self, inbound: IncomingMessage) -> bool:
        """Whether only people of the workspace read along where the message stands."""
        author = await self._people.find(inbound.user)
        if author is None or author.guest or author.stranger or inbound.user_team:
            return False
        info = (await self._client.conversations_info(channel=inbound.channel))["channel"]
        return not (info.get("is_ext_shared") or info.get("is_shared"))

    async def _open(self, channel: str) -> bool:
        """Whether a channel is one that the whole workspace may read."""
        try:
            info = (await self._client.conversations_info(channel=channel))["channel"]
        except SlackApiError:
            return False
        kinds = ("is_private", "is_im", "is_mpim", "is_ext_shared", "is_shared", "is_group")
        return bool(info.get("is_channel")) and not any(info.get(kind) for kind in kinds)

    async def _quoted(self, link: MessageLink) -> list[Quote]:
        try:
            page = await self._client.conversations_replies(
                channel=link.channel,
                ts=link.thread_ts or link.ts,
                oldest=link.ts,
                latest=link.ts,
                inclusive=True,
                limit=10,
            )
        except SlackApiError:
            return []
        found = [each for each in page["messages"] if str(each.get("ts")) == link.ts]
        return [
            Quote(
                kind="forward", text=each.text, author=each.name or None, said_at=moment_of(each.ts)
            )
            for each in await self._read(found)
        ]

    async def _replies(
        self, channel: str, thread_ts: str, until: str | None
    ) -> tuple[list[Payload], bool]:
        """The raw messages of a thread before a `ts`, page by page; and whether there are more."""
        found: list[Payload] = []
        cursor = ""
        for _ in range(MOST_PAGES):
            page = await self._client.conversations_replies(
                channel=channel, ts=thread_ts, limit=PAGE, cursor=cursor, latest=until
            )
            found += page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found, bool(cursor)

    async def _read(self, raw: Sequence[Payload]) -> list[EarlierMessage]:
        read = [read_slack_message(each, self._at) for each in raw]
        ids = {each for one in read for each in (*one.ids, one.user) if each}
        names = await self._people.names(ids)
        said = [read_slack_message(each, self._at, names) for each in raw]
        return [await self._earlier(each, names) for each in said if not each.content.empty]

    async def _earlier(self, said: SlackMessage, names: Mapping[str, str]) -> EarlierMessage:
        content = said.content
        ours = said.user == self._at.bot_user or self._at.bot_id in said.machines
        by_agent = bool(said.user) and await self._roster.is_agent(str(said.user))
        return EarlierMessage(
            ts=said.ts,
            user=said.user or next(iter(said.machines), ""),
            author="bot" if ours else "agent" if by_agent else "customer",
            name=" ".join(names.get(str(said.user), "").split())[:80],
            text=content.text[:MOST_TEXT],
            files=content.files,
        )
