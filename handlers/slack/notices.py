"""Notices in the agents' channel."""

from bot.notices import Notice
from handlers.views.notice import notice_message
from handlers.web_api.call_priority import CallPriority, prioritised
from handlers.web_api.posting import Poster


class NoticeBoard:
    """Posts each notice once, in the channel that it is for."""

    def __init__(self, poster: Poster) -> None:
        self._poster = poster

    @prioritised(CallPriority.NOTE)
    async def post(self, notice: Notice, recovered: bool) -> None:
        """Post a notice unless it stands there already; raises CannotPost."""
        message = notice_message(notice)
        await self._poster.post(notice.key, message, after="0", recovered=recovered)
