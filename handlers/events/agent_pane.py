"""The agent pane: sessions begun, stopped, and their first questions."""

import structlog

from bot.answers.streaming import AnswerStreams
from bot.config.sections import AgentView
from bot.runtime.tasks import BackgroundTasks
from handlers.errors import answered, nobody
from handlers.events.gestures import TabOpened, read_session_stopped
from handlers.slack.status import AgentStatus
from handlers.types import Payload

log = structlog.get_logger("agent")


class AgentSessions:
    """The stop button of a thread in which the agent is at work."""

    def __init__(
        self, agent_status: AgentStatus, streams: AnswerStreams, background: BackgroundTasks
    ) -> None:
        self._agent_status = agent_status
        self._streams = streams
        self._background = background

    async def stopped(self, event: Payload) -> None:
        """Somebody pressed stop: end the work, model call included, and say that it has ended."""
        stop = read_session_stopped(event)
        found = self._streams.stop(stop.channel, stop.thread_ts, stop.user)
        log.info("stopped", channel=stop.channel, thread=stop.thread_ts, at_work=found)
        resting = self._agent_status.at_rest(stop.channel, stop.thread_ts)
        self._background.begin(answered(resting, nobody))


class AgentPane:
    """The agent's pane: the messages tab of the app, where people begin."""

    def __init__(
        self, agent_status: AgentStatus, view: AgentView, background: BackgroundTasks
    ) -> None:
        self._agent_status = agent_status
        self._view = view
        self._background = background

    def opened(self, tab: TabOpened) -> None:
        """Somebody looks at the messages tab: offer them questions in their language."""
        self._background.begin(answered(self._suggest(tab.user, tab.channel), nobody))

    async def _suggest(self, user: str, channel: str) -> None:
        language = await self._agent_status.language(user)
        await self._agent_status.suggest(channel, self._view, language)
