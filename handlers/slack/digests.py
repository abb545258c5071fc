"""Posts digests into channels, each once, with its picture."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.reports.digest import Digest
from bot.workspace.failures import PostRefused
from handlers.slack.permalinks import Permalinks
from handlers.views.digest import alt_text, digest_message
from handlers.web_api.call_priority import CallPriority, prioritised
from handlers.web_api.posting import Poster

# Slack may take a moment until an uploaded file can be shown. Seconds.
PAUSES = (0.0, 1.0, 3.0)

log = structlog.get_logger("slack")


class SlackDigestChannel:
    """Carries out what `bot.reports.publisher.DigestChannel` promises.

    `pauses` are the seconds before each attempt with the picture.
    """

    def __init__(
        self,
        client: AsyncWebClient,
        poster: Poster,
        permalinks: Permalinks,
        pauses: Sequence[float] = PAUSES,
    ) -> None:
        self._pauses = pauses
        self._permalinks = permalinks
        self._client = client
        self._poster = poster

    @prioritised(CallPriority.DIGEST)
    async def publish(self, key: str, channel: str, digest: Digest) -> str:
        """Post a digest unless it stands there under this key; answers its ts.

        A picture that Slack does not take leaves the digest without one.

        Raises:
            CannotPost: Slack refused it for good, or could not be reached for too long.
        """
        await self._require(channel)
        links = await self._links(digest)
        picture = await self._upload(digest) if digest.picture.days and not digest.quiet else None
        after = _before(digest.period.days.start)
        for pause in self._pauses if picture else ():
            await asyncio.sleep(pause)
            try:
                return await self._post(key, channel, digest_message(digest, links, picture), after)
            except PostRefused as error:
                log.warning("digest refused with its picture", key=key, problem=str(error))
        return await self._post(key, channel, digest_message(digest, links), after)

    async def _require(self, channel: str) -> None:
        """Raise PostRefused where the channel takes no post: nothing is uploaded for one then."""

        async def attempt(*, unclear: bool) -> AsyncSlackResponse:
            del unclear
            return await self._client.conversations_info(channel=channel)

        found = (await self._poster.patiently(attempt, unclear=False))["channel"]
        if found.get("is_archived"):
            raise PostRefused("is_archived")
        if found.get("is_member") is False:
            raise PostRefused("not_in_channel")

    async def _post(self, key: str, channel: str, message: dict[str, Any], after: str) -> str:
        # Somebody may have begun it before us, so Slack is always asked; digests are few.
        return await self._poster.post(
            key, {"channel": channel, **message}, after=after, recovered=True
        )

    async def _upload(self, digest: Digest) -> str | None:
        content = await asyncio.to_thread(_draw, digest)
        first, last = digest.period.days.first, digest.period.days.last
        try:
            reply = await self._client.files_upload_v2(
                content=content,
                filename=f"digest-{first}-{last}.png",
                title=f"Digest {digest.period.label}",
                alt_txt=alt_text(digest)[:1_000],
            )
        except (SlackApiError, SlackClientError, aiohttp.ClientError, TimeoutError) as error:
            log.warning("picture not uploaded", error=type(error).__name__)
            return None
        return str(reply["files"][0]["id"])

    async def _links(self, digest: Digest) -> Mapping[int, str]:
        found: dict[int, str] = {}
        for each in digest.dearest:
            if each.private:
                continue
            link = await self._permalinks.link(each.channel_id, each.thread_ts)
            if link is not None:
                found[each.ticket_id] = link
        return found


def _draw(digest: Digest) -> bytes:
    """Drawing takes Pillow, which only a digest needs in this process."""
    from handlers.views.chart import chart_png  # noqa: PLC0415

    return chart_png(digest.picture)


def _before(start: datetime) -> str:
    return f"{start.timestamp():.6f}"
