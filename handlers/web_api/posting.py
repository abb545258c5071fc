"""Posting once: Slack has no key that would make a repeated post a no-op, so we bring our own.

Each post carries its key as message metadata. When an earlier attempt may have succeeded (the
connection broke, the answer was a 5xx, or an earlier process began it), Slack is asked whether a
message with that key stands there before anything is posted again.
"""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from math import isfinite
from typing import Any, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.app_standing import AppStanding
from bot.workspace.failures import CannotPost, PostRefused
from handlers.web_api.app_refusals import asks_too_often, lacks_scope, refuses_app
from handlers.web_api.pacer import TooManyCalls

EVENT_TYPE = "deskhand_post"
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 30.0
# Errors of Slack's own side, after which a post may or may not stand there.
UNCLEAR = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
# What a call may fail with; everything else is our own mistake.
TROUBLE = (SlackClientError, aiohttp.ClientError, TimeoutError)

PostResult = TypeVar("PostResult")


async def update_post(client: AsyncWebClient, what: str, **message: Any) -> bool:
    """Bring a message up to date in place; False when it was deleted.

    The same update twice leaves the same message, so the client may retry it. `what` names the
    message where Slack will not take it.

    Raises:
        CannotPost: Slack refused it, or could not be reached.
    """
    try:
        await client.chat_update(**message)
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code == "message_not_found":
            return False
        raise CannotPost(f"Slack refused the update of {what}: {code}") from error
    except TROUBLE as error:
        raise CannotPost(f"Slack could not be reached for the update of {what}") from error
    return True


class Poster:
    """Posts to Slack until it stands there, and only once; gives up after `patience` seconds.

    The time in which Slack refuses the whole app, a method of it, or asks for fewer calls in so
    many words is not counted: nothing that meets such a refusal has failed.
    """

    def __init__(self, client: AsyncWebClient, patience: float, standing: AppStanding) -> None:
        self._client = client
        self._patience = patience
        self.standing = standing

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

        async def attempt(*, unclear: bool) -> str:
            standing = await self._find(key, message, after) if unclear else None
            return standing or await self._post(key, message)

        return await self.patiently(attempt, unclear=recovered)

    async def patiently(
        self, attempt: Callable[..., Awaitable[PostResult]], *, unclear: bool
    ) -> PostResult:
        """Try until it is done; `unclear` tells the attempt that an earlier one may have worked.

        Raises:
            CannotPost: as with `post`.
        """
        give_up = time.monotonic() + self._patience
        pause = FIRST_PAUSE
        while True:
            try:
                return await attempt(unclear=unclear)
            except TROUBLE as error:
                if await self._stood_by(error, pause):
                    give_up = time.monotonic() + self._patience
                    pause = min(pause * 2, LONGEST_PAUSE)
                    continue
                wait = _wait(error, pause)
                unclear = unclear or _may_have_worked(error)
                if time.monotonic() + wait > give_up:
                    raise CannotPost("Slack could not be reached for too long") from error
                if retry_after(error) is not None:
                    # The next attempt waits for its turn, and had better be in the queue by then.
                    continue
            await asyncio.sleep(wait)
            pause = min(pause * 2, LONGEST_PAUSE)

    async def _stood_by(self, error: Exception, pause: float) -> bool:
        """Wait while Slack refuses more than this call; whether it did."""
        if refuses_app(error):
            await self.standing.taken()
        elif lacks_scope(error):
            await asyncio.sleep(pause)
        else:
            # The next attempt waits for its turn by itself.
            return asks_too_often(error)
        return True

    async def _post(self, key: str, message: dict[str, Any]) -> str:
        reply = await self._client.chat_postMessage(
            **message, metadata=metadata(key), unfurl_links=False, unfurl_media=False
        )
        return str(reply["ts"])

    async def _find(self, key: str, message: dict[str, Any], after: str) -> str | None:
        async for each in thread_messages(
            self._client, message["channel"], message.get("thread_ts"), after
        ):
            if key_of(each) == key:
                return str(each["ts"])
        return None


def metadata(key: str) -> dict[str, Any]:
    """What a post of ours carries, so that it can be found again."""
    return {"event_type": EVENT_TYPE, "event_payload": {"key": key}}


def key_of(message: dict[str, Any]) -> str | None:
    """The key of a post of ours; None for anything else."""
    payload = (message.get("metadata") or {}).get("event_payload") or {}
    return payload.get("key")


async def thread_messages(
    client: AsyncWebClient, channel: str, thread_ts: str | None, after: str
) -> AsyncIterator[dict[str, Any]]:
    """The messages of a thread, or of a channel, from a ts on, with their metadata.

    None where the thread is gone: its first message may have been deleted meanwhile.
    """
    place: dict[str, Any] = {
        "channel": channel,
        "oldest": after,
        "include_all_metadata": True,
        "limit": 200,
    }
    cursor = ""
    while True:
        try:
            reply = await (
                client.conversations_replies(ts=thread_ts, cursor=cursor, **place)
                if thread_ts
                else client.conversations_history(cursor=cursor, **place)
            )
        except SlackApiError as error:
            if code_of(error) == "thread_not_found":
                return
            raise
        for each in reply["messages"]:
            yield each
        cursor = (reply.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return


def _wait(error: Exception, pause: float) -> float:
    """Seconds until the next attempt.

    Raises:
        CannotPost: another attempt would end the same way.
    """
    if isinstance(error, TooManyCalls):
        raise CannotPost(f"{error}: that is too long") from error
    jittered = pause * random.uniform(0.5, 1.0)  # noqa: S311 - spreads load, guards nothing
    if not isinstance(error, SlackApiError):
        return jittered
    if error.response.status_code == 429:
        return retry_after(error) or jittered
    if error.response.status_code >= 500 or code_of(error) in UNCLEAR:
        return jittered
    raise PostRefused(code_of(error)) from error


def retry_after(error: Exception) -> float | None:
    """Seconds that a 429 wants us to keep away; None when it says nothing of the kind."""
    if not isinstance(error, SlackApiError) or error.response.status_code != 429:
        return None
    return said_pause(error) or None


def said_pause(error: SlackApiError) -> float | None:
    """Seconds in the answer's Retry-After; None without a number of them.

    Slack sends whole seconds. HTTP allows a date, and what stands between may send anything.
    """
    try:
        seconds = float(error.response.headers.get("Retry-After", ""))
    except ValueError:
        return None
    return max(0.0, seconds) if isfinite(seconds) else None


def _may_have_worked(error: Exception) -> bool:
    """A refused connection and a 429 certainly did nothing; of anything else we cannot be sure."""
    if isinstance(error, aiohttp.ClientConnectorError):
        return False
    return not (isinstance(error, SlackApiError) and error.response.status_code == 429)


def code_of(error: SlackApiError) -> str:
    """Slack's word for what was wrong."""
    data = error.response.data
    return str(data.get("error", "unknown")) if isinstance(data, dict) else "unknown"
