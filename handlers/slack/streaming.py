"""Messages written piece by piece: chat.startStream, appendStream, stopStream, and what else works.

Slack guarantees 20 starts a minute in a workspace, ends a stream that was silent for some minutes,
and lets people stop one. None of that may cost a customer the answer: what cannot be streamed is
posted, and what was begun is finished, by an update of the message where its stream is lost.
"""

import asyncio
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError

from bot.workspace.failures import CannotPost, StreamStopped
from bot.workspace.posts import Placeholder, ReplyPlace
from handlers.views.blocks import Block
from handlers.views.mrkdwn import markdown
from handlers.web_api.paced_client import PacedClient
from handlers.web_api.posting import (
    TROUBLE,
    Poster,
    code_of,
    key_of,
    metadata,
    thread_messages,
)

# A piece that takes longer than this has lost its stream: the words are shown another way. Seconds.
PATIENCE = 5.0
# What may wait so long for its turn is not worth another way. Seconds.
BRIEF = 1.0
STOPPED = "stopped_by_user"
# Its stream is over already, whoever ended it.
OVER = (STOPPED, "message_not_in_streaming_state")
# Nothing of it can be changed any more.
GONE = (
    "message_not_found",
    "cant_update_message",
    "edit_window_closed",
    "message_not_owned_by_app",
)

log = structlog.get_logger("slack")


class Streamer:
    """Begins, continues and finishes messages. `client` must not retry: a piece is added once."""

    def __init__(self, client: PacedClient, poster: Poster, bot_user: str) -> None:
        self._client = client
        self._poster = poster
        self._bot_user = bot_user

    async def begin(self, place: ReplyPlace, text: str) -> str:
        """Show the beginning of a message; raises CannotPost, after which one may stand there."""
        if self._client.wait("chat.startStream") > BRIEF:
            raise CannotPost("the workspace's streams of this minute are used up")
        if place.user[:1] not in ("U", "W"):
            raise CannotPost("a stream is for a person, and an app asked")
        try:
            async with asyncio.timeout(PATIENCE):
                reply = await self._client.chat_startStream(
                    channel=place.channel,
                    thread_ts=place.thread_ts,
                    recipient_user_id=place.user,
                    recipient_team_id=place.team,
                    markdown_text=markdown(text),
                )
        except TROUBLE as error:
            raise CannotPost(f"no stream: {_told(error)}") from error
        return str(reply["ts"])

    async def go_on(self, place: ReplyPlace, ts: str, text: str) -> None:
        """Add a piece; raises CannotPost, and Halted when somebody pressed stop."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._client.chat_appendStream(
                    channel=place.channel, ts=ts, markdown_text=markdown(text)
                )
        except TROUBLE as error:
            if isinstance(error, SlackApiError) and code_of(error) == STOPPED:
                raise StreamStopped("somebody stopped it") from error
            raise CannotPost(f"the stream is lost: {_told(error)}") from error

    async def finish(
        self,
        key: str,
        message: dict[str, Any],
        over: Placeholder,
        ending: tuple[str, list[Block]] | None,
    ) -> str | None:
        """Make the message say what it has to, under its key; None when it cannot be changed.

        `message` is the whole of it, as chat.update takes it. `ending` is what is missing, text and
        blocks, where its stream may go on to the end.

        Raises:
            CannotPost: Slack refused, or could not be reached for too long.
        """
        place: dict[str, Any] = {"channel": message["channel"], "ts": over.ts}
        missing = ending

        async def attempt(*, unclear: bool) -> str | None:
            nonlocal missing
            if missing is not None and not unclear:
                if self._client.wait("chat.stopStream") > BRIEF:
                    # Streams are stopped 20 times a minute, too. The words need not wait.
                    missing = await self._ahead(place, missing)
                if missing is not None and await self._stop(key, place, missing):
                    return over.ts
            await self._end(place)
            return over.ts if await self._update(key, place, message) else None

        return await self._poster.patiently(attempt, unclear=False)

    async def _stop(self, key: str, place: dict[str, Any], ending: tuple[str, list[Block]]) -> bool:
        """End the stream with its last words; False when it is no stream any more."""
        text, blocks = ending
        try:
            await self._client.chat_stopStream(
                **place,
                markdown_text=markdown(text) or None,
                blocks=blocks or None,
                metadata=metadata(key),
            )
        except SlackApiError as error:
            if code_of(error) not in OVER:
                raise
            return False
        return True

    async def _update(self, key: str, place: dict[str, Any], message: dict[str, Any]) -> bool:
        """Make the message say all of it; False when it cannot be changed any more."""
        try:
            await self._client.chat_update(
                **place,
                text=message["text"],
                blocks=message["blocks"],
                metadata=metadata(key),
            )
        except SlackApiError as error:
            if code_of(error) in GONE:
                return False
            raise
        return True

    async def _ahead(
        self, place: dict[str, Any], ending: tuple[str, list[Block]]
    ) -> tuple[str, list[Block]] | None:
        """Show the last words before the stream can be stopped; what is then missing."""
        text, blocks = ending
        if text:
            try:
                await self._client.chat_appendStream(**place, markdown_text=markdown(text))
            except TROUBLE:
                # Nobody knows whether they stand there.
                return None
        return "", blocks

    async def _end(self, place: dict[str, Any]) -> None:
        """A message cannot be updated while its stream is open."""
        try:
            await self._client.chat_stopStream(**place)
        except SlackApiError as error:
            if code_of(error) not in (*OVER, *GONE):
                raise

    async def withdraw(self, channel: str, ts: str) -> None:
        """Take a message away; one that is gone already is no error. Raises CannotPost."""

        async def attempt(*, unclear: bool) -> None:
            del unclear
            await self._end({"channel": channel, "ts": ts})
            try:
                await self._client.chat_delete(channel=channel, ts=ts)
            except SlackApiError as error:
                if code_of(error) not in GONE:
                    raise

        await self._poster.patiently(attempt, unclear=False)

    async def unfinished(self, place: ReplyPlace, after: str) -> str | None:
        """A message of ours without a key, later than `after`: all that we finish have one.

        Raises:
            CannotPost: Slack could not be asked.
        """

        async def attempt(*, unclear: bool) -> str | None:
            del unclear
            async for each in thread_messages(self._client, place.channel, place.thread_ts, after):
                ours = each.get("user") == self._bot_user and not each.get("subtype")
                if ours and key_of(each) is None and str(each["ts"]) > after:
                    return str(each["ts"])
            return None

        return await self._poster.patiently(attempt, unclear=False)


def _told(error: Exception) -> str:
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
