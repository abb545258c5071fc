"""Posting once: Slack has no key that would make a repeated post a no-op, so we bring our own.

Each post carries its key as message metadata. When an earlier attempt may have succeeded (the
connection broke, the answer was a 5xx, or an earlier process began it), Slack is asked whether a
message with that key stands there before anything is posted again.
"""

import asyncio
import random
import time
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.frontdesk import CannotPost

EVENT_TYPE = "deskhand_post"
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
# Errors of Slack's own side, after which a post may or may not stand there.
UNCLEAR = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}


class Poster:
    """Posts to Slack until it stands there, and only once; gives up after `patience` seconds."""

    def __init__(self, client: AsyncWebClient, patience: float) -> None:
        self._client = client
        self._patience = patience

    async def post(
        self,
        key: str,
        message: dict[str, Any],
        *,
        after: str,
        recovered: bool,
    ) -> str:
        """Post a message and answer its ts.

        `message` is what chat.postMessage takes; `after` is a ts before which the post cannot
        stand; `recovered` says that an earlier process may have posted it.

        Raises:
            CannotPost: Slack refused it for good, or could not be reached for too long.
        """
        give_up = time.monotonic() + self._patience
        pause, unclear = FIRST_PAUSE, recovered
        while True:
            try:
                standing = await self._find(key, message, after) if unclear else None
                return standing or await self._post(key, message)
            except (SlackClientError, aiohttp.ClientError, TimeoutError) as error:
                wait = _wait(error, pause)
                unclear = unclear or _may_have_posted(error)
                if time.monotonic() + wait > give_up:
                    raise CannotPost("Slack could not be reached for too long") from error
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _post(self, key: str, message: dict[str, Any]) -> str:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"key": key}}
        reply = await self._client.chat_postMessage(
            **message, metadata=metadata, unfurl_links=False, unfurl_media=False
        )
        return str(reply["ts"])

    async def _find(self, key: str, message: dict[str, Any], after: str) -> str | None:
        place = {"channel": message["channel"], "oldest": after, "include_all_metadata": True}
        thread = message.get("thread_ts")
        cursor = ""
        while True:
            page = {**place, "limit": 200, "cursor": cursor}
            if thread:
                reply = await self._client.conversations_replies(ts=thread, **page)
            else:
                reply = await self._client.conversations_history(**page)
            for each in reply["messages"]:
                if (each.get("metadata") or {}).get("event_payload", {}).get("key") == key:
                    return str(each["ts"])
            cursor = (reply.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return None


def _wait(error: Exception, pause: float) -> float:
    """Seconds until the next attempt.

    Raises:
        CannotPost: another attempt would end the same way.
    """
    jittered = pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
    if not isinstance(error, SlackApiError):
        return jittered
    if error.response.status_code == 429:
        return float(error.response.headers.get("Retry-After", jittered))
    if error.response.status_code >= 500 or _code(error) in UNCLEAR:
        return jittered
    raise CannotPost(f"Slack refused: {_code(error)}") from error


def _may_have_posted(error: Exception) -> bool:
    """A refused connection and a 429 certainly did nothing; of anything else we cannot be sure."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return False
    return not (isinstance(error, SlackApiError) and error.response.status_code == 429)


def _code(error: SlackApiError) -> str:
    data = error.response.data
    return str(data.get("error", "unknown")) if isinstance(data, dict) else "unknown"
