"""The agent pane: sessions begun, stopped, and their first questions."""

import structlog

from bot.answers.streaming import AnswerStreams
from bot.config.sections import AgentView
from handlers.background import ListenerTasks
from handlers.slack.status import AgentStatus, Payload, nobody

log = structlog.get_logger("agent")


class AgentSessions:
    """The stop button of a thread in which the agent is at work."""

    def __init__(
        self, agent_status: AgentStatus, streams: AnswerStreams, listener_tasks: ListenerTasks
    ) -> None:
        self._agent_status = agent_status
        self._streams = streams
        self._listener_tasks = listener_tasks

    async def stopped(self, event: Payload) -> None:
        """Somebody pressed stop: end the work, model call included, and say that it has ended."""
        channel, thread_ts = str(event["channel"]), str(event["thread_ts"])
        found = self._streams.stop(channel, thread_ts, str(event.get("user") or ""))
        log.info("stopped", channel=channel, thread=thread_ts, at_work=found)
        self._listener_tasks.start(self._agent_status.at_rest(channel, thread_ts), nobody)


class AgentPane:
    """The agent's pane: the messages tab of the app, where people begin."""

    def __init__(
        self, agent_status: AgentStatus, view: AgentView, listener_tasks: ListenerTasks
    ) -> None:
        self._agent_status = agent_status
        self._view = view
        self._listener_tasks = listener_tasks

    async def opened(self, event: Payload) -> None:
        """Somebody looks at the messages tab: offer them questions in their language."""
        self._listener_tasks.start(self._suggest(str(event["user"]), str(event["channel"])), nobody)

    async def _suggest(self, user: str, channel: str) -> None:
        language = await self._agent_status.language(user)
        await self._agent_status.suggest(channel, self._view, language)
