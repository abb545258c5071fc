"""What an agent shows in Slack besides its words: that it is at work, titles, first questions."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.frontdesk import Place
from bot.phrases import LOADING, phrase
from bot.pipeline import Pipeline
from bot.terms import AgentView
from handlers.later import Later
from handlers.mrkdwn import clipped
from handlers.posting import TROUBLE, code_of

TITLE = 200  # characters of a session's title
PATIENCE = 3.0  # seconds that an answer waits for its sign, at the most

log = structlog.get_logger("agent")

Payload = dict[str, Any]


class AgentFace:
    """Best effort, all of it: a workspace that knows no agents has a desk all the same."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def status(self, place: Place, language: str | None, *, busy: bool) -> None:
        """Show under the thread that the bot is at work, or that it is no longer. Never raises."""
        words: Mapping[str, Any] = {"status": ""}
        if busy:
            loading = LOADING.get(spoken(language), LOADING["en"])
            words = {"status": phrase("working", language), "loading_messages": list(loading)}
        await self._try(
            "assistant.threads.setStatus",
            channel_id=place.channel,
            thread_ts=place.thread_ts,
            **words,
        )

    async def title(self, place: Place, title: str) -> None:
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
            prompts=prompts(view, language),
        )

    async def language(self, user: str) -> str:
        """The language somebody uses Slack in, as `vi`; English when Slack does not say."""
        try:
            reply = await self._client.users_info(user=user, include_locale=True)
        except TROUBLE:
            return "en"
        return spoken(str(reply["user"].get("locale") or ""))

    async def _try(self, method: str, **arguments: Any) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._client.api_call(method, json=arguments)
        except TROUBLE as error:
            told = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
            log.info("not shown", method=method, error=told)


class Sessions:
    """The stop button of a thread in which the agent is at work."""

    def __init__(self, face: AgentFace, pipeline: Pipeline, later: Later) -> None:
        self._face = face
        self._pipeline = pipeline
        self._later = later

    async def stopped(self, event: Payload) -> None:
        """Somebody pressed stop: end the work, model call included, and say that it has ended."""
        channel, thread_ts = str(event["channel"]), str(event["thread_ts"])
        found = self._pipeline.stop(channel, thread_ts, str(event.get("user") or ""))
        log.info("stopped", channel=channel, thread=thread_ts, at_work=found)
        self._later.start(self._face.at_rest(channel, thread_ts), _nobody)


class Pane:
    """The agent's pane: the messages tab of the app, where people begin."""

    def __init__(self, face: AgentFace, view: AgentView, later: Later) -> None:
        self._face = face
        self._view = view
        self._later = later

    async def opened(self, event: Payload) -> None:
        """Somebody looks at the messages tab: offer them questions in their language."""
        self._later.start(self._suggest(str(event["user"]), str(event["channel"])), _nobody)

    async def _suggest(self, user: str, channel: str) -> None:
        language = await self._face.language(user)
        await self._face.suggest(channel, self._view, language)


def prompts(view: AgentView, language: str) -> Sequence[dict[str, str]]:
    """The questions in a language, or else in the first that the desk has."""
    chosen = view.prompts.get(language) or next(iter(view.prompts.values()))
    return [{"title": each.title, "message": each.message} for each in chosen]


async def _nobody(_sentence: str) -> None:
    """There is no place to say it, and nobody waits for it."""


def spoken(language: str | None) -> str:
    """`vi` for `vi-VN`, and English when there is none."""
    return (language or "en").split("-")[0].lower()
