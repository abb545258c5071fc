"""Article drafts in the agents' channel, each posted and updated in place."""

from slack_sdk.web.async_client import AsyncWebClient

from handlers.views.article_draft import article_draft_message
from handlers.web_api.call_priority import CallPriority, prioritised
from handlers.web_api.posting import Poster, update_post
from storage.nightly.article_drafts import ArticleDraft


class SlackArticleDraftBoard:
    """Carries out what `bot.nightly.drafts.ArticleDraftBoard` promises."""

    def __init__(self, client: AsyncWebClient, poster: Poster, channel: str) -> None:
        self._client = client
        self._poster = poster
        self.channel = channel

    @prioritised(CallPriority.CARD)
    async def post(self, article_draft: ArticleDraft) -> str:
        """Put a draft before the agents; Slack is asked first whether it stands there."""
        key = f"article:{article_draft.number}:{article_draft.version}"
        message = {"channel": self.channel, **article_draft_message(article_draft)}
        after = f"{article_draft.drafted_at.timestamp() - 60:.6f}"
        return await self._poster.post(key, message, after=after, recovered=True)

    @prioritised(CallPriority.CARD)
    async def redraw(self, article_draft: ArticleDraft) -> bool:
        """Bring a card up to date in place; False when it was deleted."""
        return await update_post(
            self._client,
            "a draft",
            channel=self.channel,
            ts=str(article_draft.ts),
            **article_draft_message(article_draft),
        )
