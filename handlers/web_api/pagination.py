"""Lists that Slack hands out page by page, read to their end."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

SIZE = 200


async def channel_members(client: AsyncWebClient, channel: str) -> frozenset[str]:
    """The user ids of everyone in a channel; raises what the client raises."""
    asked = pages(client.conversations_members, channel=channel)
    return frozenset([str(each) async for page in asked for each in page["members"]])


async def bot_conversations(client: AsyncWebClient) -> list[dict[str, Any]]:
    """The public and private channels that the bot is in; raises what the client raises."""
    asked = pages(client.users_conversations, types="public_channel,private_channel")
    return [each async for page in asked for each in page["channels"]]


async def everybody(client: AsyncWebClient) -> AsyncIterator[dict[str, Any]]:
    """All users of the workspace; raises what the client raises."""
    async for page in pages(client.users_list):
        for each in page["members"]:
            yield each


async def pages(
    call: Callable[..., Awaitable[AsyncSlackResponse]], **arguments: Any
) -> AsyncIterator[AsyncSlackResponse]:
    """The pages of a list, one after the other; raises what the client raises."""
    cursor = ""
    while True:
        page = await call(**arguments, limit=SIZE, cursor=cursor)
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
