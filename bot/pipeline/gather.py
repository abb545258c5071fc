"""What a message is about that stands elsewhere: in the thread that the desk was called into."""

from dataclasses import replace

from bot.messages.content import Content, Quotes
from bot.messages.history import ThreadHistory, with_request
from bot.pipeline.context import Accepted
from bot.runtime.workflows import Workflows
from bot.triage.addressing import points_at_thread
from bot.workspace.port import ThreadReader


class Gatherer:
    """Reads linked messages and the thread above a call, once: a re-run finds what was read."""

    def __init__(self, workflows: Workflows, threads: ThreadReader) -> None:
        self._workflows = workflows
        self._threads = threads

    async def gather(self, accepted: Accepted) -> Accepted:
        """The message with the request that it points at, and the thread as its history."""
        inbound = accepted.inbound
        if inbound.links:
            linked = await self._workflows.step("links", Quotes, self._threads.linked, inbound)
            text = Content(words=inbound.text, quotes=linked.quotes).text
            accepted = replace(accepted, inbound=inbound.model_copy(update={"text": text}))
            inbound = accepted.inbound
        if inbound.pulled is None:
            return accepted
        history = await self._workflows.step("thread", ThreadHistory, self._threads.thread, inbound)
        called = inbound.pulled == "called" and not inbound.files
        points = called and points_at_thread(inbound.text)
        inbound = with_request(inbound, history, points=points)
        return replace(accepted, inbound=inbound, history=history)
