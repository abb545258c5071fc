"""What a message is about that stands elsewhere: in the thread that the desk was called into."""

from dataclasses import replace

from bot.messages.history import ThreadHistory, with_request
from bot.pipeline.context import Accepted
from bot.runtime.workflows import Workflows
from bot.triage.addressing import points_at_thread
from bot.workspace.port import ThreadReader


class Gatherer:
    """Reads the thread above a call, once: a story that runs again finds what was read."""

    def __init__(self, workflows: Workflows, threads: ThreadReader) -> None:
        self._workflows = workflows
        self._threads = threads

    async def gather(self, accepted: Accepted) -> Accepted:
        """The message with the request that it points at, and the thread as its history."""
        inbound = accepted.inbound
        if inbound.pulled is None:
            return accepted
        history = await self._workflows.step(
            "thread", ThreadHistory, self._threads.thread, inbound.channel, inbound.root, inbound.ts
        )
        points = points_at_thread(inbound.text) and not inbound.files
        inbound = with_request(inbound, history, points=points)
        return replace(accepted, inbound=inbound, history=history)
