"""Notices in the agents' channel."""

import time

from slack_sdk.web.async_client import AsyncWebClient

from bot.notices import Notice
from handlers.views.notice import notice_message
from handlers.web_api.call_priority import CallPriority, prioritised
from handlers.web_api.pagination import pages
from handlers.web_api.posting import Poster, key_of

# How far back notices are looked for, in seconds, and in how many pages of 200 messages.
LOOKED_BACK = 3 * 86_400.0
MOST_PAGES = 10


class NoticeBoard:
    """Posts each notice once, in the channel that it is for."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    @prioritised(CallPriority.NOTE)
    async def post(self, notice: Notice, recovered: bool) -> None:
        """Post a notice unless it stands there already; raises CannotPost."""
        message = notice_message(notice)
        await self._poster.post(notice.key, message, after="0", recovered=recovered)


class PostedNotices:
    """What the agents were told, as their channel shows it."""

    def __init__(self, client: AsyncWebClient, channel: str) -> None:
        self._client = client
        self._channel = channel

    @prioritised(CallPriority.CATCH_UP)
    async def keys(self, beginning: str) -> list[str]:
        """The keys of the last days' notices that begin like this, oldest first.

        Raises what the client raises.
        """
        now, found, read = time.time(), [], 0
        asked = pages(
            self._client.conversations_history,
            channel=self._channel,
            oldest=f"{now - LOOKED_BACK:.6f}",
            # Without an end Slack begins with the oldest page; its clock may be ahead of ours.
            latest=f"{now + 86_400:.6f}",
            include_all_metadata=True,
        )
        async for page in asked:
            found += [(str(each["ts"]), key_of(each) or "") for each in page["messages"]]
            read += 1
            if read == MOST_PAGES:
                break
        return [key for _, key in sorted(found) if key.startswith(beginning)]
