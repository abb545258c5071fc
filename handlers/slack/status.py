"""What an agent shows in Slack besides its words: that it is at work, titles, first questions."""

import asyncio
from collections.abc import Mapping
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.config.sections import AgentView
from bot.text.locale import locale_of
from bot.text.phrases import phrase
from bot.workspace.posts import ReplyPlace
from handlers.views.mrkdwn import clipped
from handlers.views.prompts import pane_prompts
from handlers.web_api.posting import TROUBLE, code_of

TITLE = 200  # characters of a session's title
PATIENCE = 3.0  # seconds that an answer waits for its sign, at the most

log = structlog.get_logger("agent")


class AgentStatus:
    """Best effort, all of it: a workspace that knows no agents has a desk all the same."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def status(self, place: ReplyPlace, language: str | None, *, busy: bool) -> None:
        """Show under the thread that the bot is at work, or that it is no longer. Never raises."""
        words: Mapping[str, Any] = {"status": ""}
        if busy:
            loading = list(locale_of(language).status.loading)
            words = {"status": phrase("working", language), "loading_messages": loading}
        await self._try(
            "assistant.threads.setStatus",
            channel_id=place.channel,
            thread_ts=place.thread_ts,
            **words,
        )

    async def title(self, place: ReplyPlace, title: str) -> None:
        """Name a direct conversation. Never raises."""
        await self._try(
            "assistant.threads.setTitle",
            channel_id=place.channel,
            thread_ts=place.thread_ts,
            title=clipped(title, TITLE),
        )

    async def at_rest(self, channel: str, thread_ts: str) -> None:
        """Say that nothing is under way in a thread, as Slack wants it after a stop."""
        await self._try(
            "agents.sessions.setStatus", channel_id=channel, thread_ts=thread_ts, status="active"
        )

    async def suggest(self, channel: str, view: AgentView, language: str) -> None:
        """Offer the desk's first questions to whoever looks at the app's messages."""
        await self._try(
            "assistant.threads.setSuggestedPrompts",
            channel_id=channel,
            title=phrase("suggest", language),
            prompts=pane_prompts(view, language),
        )

    async def language(self, user: str) -> str:
        """The language somebody uses Slack in, as `vi`; English when Slack does not say."""
        try:
            reply = await self._client.users_info(user=user, include_locale=True)
        except TROUBLE:
            return "en"
        return prompt_language(str(reply["user"].get("locale") or ""))

    async def _try(self, method: str, **arguments: Any) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._client.api_call(method, json=arguments)
        except TROUBLE as error:
            told = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
            log.info("not shown", method=method, error=told)


def prompt_language(language: str | None) -> str:
    """`vi` for `vi-VN`, and English when there is none."""
    return (language or "en").split("-")[0].lower()
