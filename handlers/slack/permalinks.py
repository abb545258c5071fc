"""The addresses of messages: made as Slack documents them, and compared once with Slack's own."""

import aiohttp
import structlog
from slack_sdk.errors import SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

# Addresses remembered of a workspace whose own are unlike those that we make.
LINKS = 2_000

log = structlog.get_logger("slack")


class Permalinks:
    """Where messages of a workspace are to be found.

    `url` is the workspace's, of `auth.test`; without it every address is asked for. The first
    address is asked for. If it is the one that we made, no other is; else each is, once.
    """

    def __init__(self, client: AsyncWebClient, url: str = "") -> None:
        self._client = client
        self._url = url.rstrip("/")
        # None until Slack has been asked.
        self._alike: bool | None = None if url else False
        self._links: dict[tuple[str, str], str] = {}

    async def link(self, channel: str, ts: str, thread_ts: str | None = None) -> str | None:
        """The address of a message, in a thread with the thread open; None where there is none."""
        made = made_link(self._url, channel, ts, thread_ts)
        if self._alike:
            return made
        known = self._links.get((channel, ts))
        if known is not None:
            return known
        try:
            reply = await self._client.chat_getPermalink(channel=channel, message_ts=ts)
        except (SlackClientError, aiohttp.ClientError, TimeoutError):
            return made if self._alike is None else None
        told = str(reply["permalink"])
        if self._alike is None:
            self._alike = told == made
            log.info("permalinks", made=self._alike)
        self._remember(channel, ts, told)
        return told

    def _remember(self, channel: str, ts: str, link: str) -> None:
        if len(self._links) >= LINKS:
            del self._links[next(iter(self._links))]
        self._links[channel, ts] = link


def made_link(url: str, channel: str, ts: str, thread_ts: str | None = None) -> str:
    """The address that docs.slack.dev gives for chat.getPermalink; a reply's names its thread."""
    link = f"{url}/archives/{channel}/p{ts.replace('.', '')}"
    if thread_ts and thread_ts != ts:
        link += f"?thread_ts={thread_ts}&cid={channel}"
    return link
