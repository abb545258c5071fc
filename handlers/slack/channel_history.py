"""What stands in the workspace's conversations, read back page by page within Slack's limits."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.types import Payload
from handlers.web_api.call_priority import CallPriority, prioritised
from handlers.web_api.pagination import pages

PAGE = 200
# Pages of what was known already that are looked through for threads that have grown since.
MOST_KNOWN = 20
KINDS = {"is_im": "im", "is_mpim": "mpim", "is_private": "group", "is_group": "group"}
GONE = frozenset({"thread_not_found", "message_not_found"})


@dataclass(frozen=True)
class HistoryPlace:
    """A conversation that the bot is in; `kind` is the `channel_type` of its events."""

    id: str
    kind: str


class ChannelHistory:
    """Reads back. Every method raises what the client raises."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    @prioritised(CallPriority.CATCH_UP)
    async def places(self) -> list[HistoryPlace]:
        """The conversations that the bot is in and that are not archived."""
        asked = pages(
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
        async for page in self._history(channel, oldest):
            found += page
            known += bool(page) and str(page[-1]["ts"]) < since
            if known > MOST_KNOWN:
                return found[::-1], str(page[-1]["ts"])
        return found[::-1], oldest

    async def _history(self, channel: str, oldest: str) -> AsyncIterator[list[Payload]]:
        asked = pages(
            self._client.conversations_history, channel=channel, oldest=oldest, inclusive=True
        )
        async for page in asked:
            yield sorted(page["messages"], key=lambda each: str(each["ts"]), reverse=True)

    @prioritised(CallPriority.CATCH_UP)
    async def thread(self, channel: str, ts: str, since: str = "0") -> list[Payload]:
        """The answers in a thread since a moment, oldest first; none where it is gone."""
        asked = pages(self._client.conversations_replies, channel=channel, ts=ts, oldest=since)
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
