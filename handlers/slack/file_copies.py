"""Files handed on: fetched with the bot's token, uploaded as the bot's own, shared in a thread.

Slack has no key that would make sharing twice a no-op, and does not say where a file was shared
when it takes the order. So the bytes go up first, unseen; what is then shared is a file whose id is
known, and Slack can be asked where it stands.
"""

from collections.abc import Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.attachments.files import CannotFetch
from bot.messages.inbound import File
from bot.workspace.failures import CannotPost
from bot.workspace.posts import FileCopy
from handlers.slack.files import SlackFiles
from handlers.web_api.posting import Poster, code_of

# Held in memory on its way; larger ones are the agents' own to share.
MOST_BYTES = 32 * 1024 * 1024
GONE = {"file_not_found", "file_deleted"}

log = structlog.get_logger("slack")


class FileCopies:
    """Hands files on. `client` does not repeat a call by itself; `poster` knows when to."""

    def __init__(self, client: AsyncWebClient, files: SlackFiles, poster: Poster) -> None:
        self._client = client
        self._files = files
        self._poster = poster

    async def copy(self, file: File) -> FileCopy:
        """Upload the bytes of a file as one of ours; says why it cannot. Never raises."""
        try:
            known = await self._files.described(file)
            content = await self._files.fetch(known, MOST_BYTES)
        except CannotFetch as error:
            return FileCopy(problem=error.problem)
        if not content:
            return FileCopy(problem="empty")

        async def attempt(*, unclear: bool) -> str:
            # An upload that nobody was shown is nothing: another one may be begun.
            del unclear
            return await self._upload(known.name or "file", content)

        try:
            return FileCopy(id=await self._poster.patiently(attempt, unclear=False))
        except CannotPost as error:
            log.warning("file not uploaded", file=file.id, problem=str(error))
            return FileCopy(problem="away")

    async def _upload(self, name: str, content: bytes) -> str:
        began = await self._client.files_getUploadURLExternal(filename=name, length=len(content))
        await self._files.upload(str(began["upload_url"]), content)
        return str(began["file_id"])

    async def share(
        self, file: str, title: str, channel: str, thread_ts: str, *, recovered: bool
    ) -> None:
        """Share a file of ours in a thread unless it stands there; raises CannotPost."""

        async def attempt(*, unclear: bool) -> None:
            if unclear and await self._is_shared(file, channel):
                return
            await self._client.files_completeUploadExternal(
                files=[{"id": file, "title": title or "file"}],
                channel_id=channel,
                thread_ts=thread_ts,
            )

        await self._poster.patiently(attempt, unclear=recovered)

    async def _is_shared(self, file: str, channel: str) -> bool:
        known: Mapping[str, Any] = (await self._client.files_info(file=file))["file"]
        shares = known.get("shares") or {}
        return any(channel in (places or {}) for places in shares.values())

    async def delete(self, file: str) -> None:
        """Take a file of ours away; raises CannotPost."""

        async def attempt(*, unclear: bool) -> None:
            del unclear
            try:
                await self._client.files_delete(file=file)
            except SlackApiError as error:
                if code_of(error) not in GONE:
                    raise

        await self._poster.patiently(attempt, unclear=False)
