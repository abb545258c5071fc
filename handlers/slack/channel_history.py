"""What stands in the workspace's conversations, read back page by page within Slack's limits."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.types import Payload
from handlers.web_api.call_priority import CallPriority, prioritised
from handlers.web_api.pagination import pages

# Pages of what was known already that are looked through for threads that have grown since.
MOST_KNOWN = 20
KINDS = {"is_im": "im", "is_mpim": "mpim", "is_private": "group", "is_group": "group"}
GONE = frozenset({"thread_not_found", "message_not_found"})
# Seconds from now to an end that nothing is said after. Without an end Slack begins with the page
# next to `oldest` (slackhq/slack-api-docs#4, and the example in its guide to reading messages).
LATER = 86_400.0
# Seconds by which two clocks may seem to differ that agree.
SAME = 2.0


@dataclass(frozen=True)
class HistoryPlace:
    """A conversation that the bot is in; `kind` is the `channel_type` of its events."""

    id: str
    kind: str


class ChannelHistory:
    """Reads back. Every method raises what the client raises."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        # How far Slack's clock is ahead of ours. Seconds.
        self._ahead = 0.0

    def now(self) -> float:
        """The time by Slack's clock, about; by ours before Slack has answered."""
        return time.time() + self._ahead

    @prioritised(CallPriority.CATCH_UP)
    async def places(self) -> list[HistoryPlace]:
        """The conversations that the bot is in and that are not archived."""
        asked = self._pages(
            self._client.users_conversations,
            types="public_channel,private_channel,mpim,im",
            exclude_archived=True,
        )
        return [
            HistoryPlace(str(each["id"]), next((KINDS[k] for k in KINDS if each.get(k)), "channel"))
            async for page in asked
            for each in page["channels"]
        ]

    @prioritised(CallPriority.CATCH_UP)
    async def roots(self, channel: str, since: str, back_to: str) -> tuple[list[Payload], str]:
        """What stands in a channel since a moment, oldest first; and how far back that goes.

        What was known is looked through as well, down to `back_to`, but not without end.
        """
        found: list[Payload] = []
        known = 0
        oldest = min(since, back_to)
        asked = self._pages(
            self._client.conversations_history,
            channel=channel,
            oldest=oldest,
            latest=f"{self.now() + LATER:.6f}",
            inclusive=True,
        )
        async for page in asked:
            newest_first = sorted(page["messages"], key=lambda each: str(each["ts"]), reverse=True)
            found += newest_first
            known += bool(newest_first) and str(newest_first[-1]["ts"]) < since
            if known > MOST_KNOWN:
                return found[::-1], str(newest_first[-1]["ts"])
        return found[::-1], oldest

    @prioritised(CallPriority.CATCH_UP)
    async def thread(self, channel: str, ts: str, since: str = "0") -> list[Payload]:
        """The answers in a thread since a moment, oldest first; none where it is gone."""
        asked = self._pages(
            self._client.conversations_replies, channel=channel, ts=ts, oldest=since
        )
        try:
            found = {str(each["ts"]): each async for page in asked for each in page["messages"]}
        except SlackApiError as error:
            if error.response.get("error") in GONE:
                return []
            raise
        return [found[each] for each in sorted(found) if each != ts]

    @prioritised(CallPriority.CATCH_UP)
    async def stands(self, channel: str, ts: str) -> bool:
        """Whether a message is still there."""
        try:
            page = await self._client.conversations_replies(
                channel=channel, ts=ts, oldest=ts, latest=ts, inclusive=True, limit=10
            )
        except SlackApiError as error:
            if error.response.get("error") in GONE:
                return False
            raise
        return any(
            str(each["ts"]) == ts and each.get("subtype") != "tombstone"
            for each in page["messages"]
        )

    async def _pages(
        self, call: Callable[..., Awaitable[AsyncSlackResponse]], **arguments: Any
    ) -> AsyncIterator[AsyncSlackResponse]:
        async for page in pages(call, **arguments):
            self._ahead = _ahead(page)
            yield page


def _ahead(response: AsyncSlackResponse) -> float:
    """How far Slack's clock is ahead of ours, which its `Date` tells to the second."""
    try:
        answered = parsedate_to_datetime(str(response.headers.get("Date", ""))).timestamp()
    except ValueError:
        return 0.0
    ahead = answered + 0.5 - time.time()
    return ahead if abs(ahead) > SAME else 0.0
