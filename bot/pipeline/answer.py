"""Words for the customer or the agents, once it is known what a message wants."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.answers.answer import Answer, Inquiry
from bot.answers.answerer import SEARCHED, Answerer, search_text
from bot.answers.streaming import AnswerStream, AnswerStreams, StreamedAnswer
from bot.attachments.reader import AttachmentReader
from bot.config.desk import Desk
from bot.knowledge.search import KnowledgeSearch
from bot.pipeline.courtesy import courtesy_answer
from bot.pipeline.record import MessageContext
from bot.runtime.workflows import Workflows
from storage.knowledge.values import Hit

# Characters of the thread that the articles are searched with.
LOOKED_AT = 4_000
Search = asyncio.Task[Sequence[Hit]]


class Composer:
    """Finds the words: in sight of the customer where they may see them grow, else unseen."""

    def __init__(
        self,
        *,
        workflows: Workflows,
        desk: Desk,
        knowledge_search: KnowledgeSearch,
        answerer: Answerer,
        attachments: AttachmentReader,
        streams: AnswerStreams,
    ) -> None:
        self._workflows = workflows
        self._desk = desk
        self._knowledge_search = knowledge_search
        self._answerer = answerer
        self._attachments = attachments
        self._streams = streams

    async def search(self, context: MessageContext, text: str) -> Sequence[Hit]:
        """Look for articles by the bare words of a message, while triage is under way."""
        return await self._knowledge_search.search_articles(
            text[:SEARCHED].strip(), context.thread.text(LOOKED_AT)
        )

    async def answer(self, context: MessageContext, search: Search) -> Answer | None:
        """The words to publish, when the route wants any: a courtesy, or an answer."""
        if context.triaged is not None and context.triaged.polite:
            return courtesy_answer(context)
        inquiry = context.inquiry(self._desk)
        if context.route is None or inquiry is None:
            return None
        if context.route.action == "reply":
            return self._answerer.courtesy(inquiry)
        if context.triaged is not None and context.triaged.approved is not None:
            return self._answerer.again(inquiry, context.triaged.approved)
        context.writing = True
        written = await self._workflows.step(
            "answer", StreamedAnswer, self._write, context, inquiry, search
        )
        context.standing, context.stopped = written.standing, written.stopped
        context.writing = False
        context.calls += written.answer.calls
        return written.answer

    async def _write(
        self, context: MessageContext, inquiry: Inquiry, search: Search
    ) -> StreamedAnswer:
        """Compose what agents will send, or what the customer may watch, and stop."""
        compose = partial(self._compose, inquiry, search)
        if inquiry.case.drafts:
            return StreamedAnswer(answer=await compose())
        inbound = context.inbound
        recovered = self._workflows.recovered(inbound.key)
        return await self._streams.write(
            inbound, compose, inquiry.triage.language, context.standing, recovered=recovered
        )

    async def _compose(
        self, inquiry: Inquiry, search: Search, stream: AnswerStream | None = None
    ) -> Answer:
        asked = search_text(inquiry.text, inquiry.triage)
        if asked == inquiry.text[:SEARCHED].strip():
            hits = await search
        else:
            hits = await self._knowledge_search.search_articles(
                asked, inquiry.thread.text(LOOKED_AT)
            )
        pictures = await self._attachments.blocks(inquiry.attached)
        return await self._answerer.answer(inquiry, hits, pictures, stream)
