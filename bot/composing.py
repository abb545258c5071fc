"""Words for the customer or the agents, once it is known what a message wants."""

import asyncio
from collections.abc import Sequence
from functools import partial

from bot.answering import SEARCHED, Answer, Answerer, Inquiry, searched
from bot.attachments import Attachments
from bot.desk import Desk
from bot.engine import Engine
from bot.journal import Journal
from bot.politeness import thanked
from bot.retrieval import Library
from bot.streaming import Stream, Streams, Written
from storage.documents import Hit

# Characters of the thread that the articles are searched with.
LOOKED_AT = 4_000
Search = asyncio.Task[Sequence[Hit]]


class Composer:
    """Finds the words: in sight of the customer where they may see them grow, else unseen."""

    def __init__(
        self,
        *,
        engine: Engine,
        desk: Desk,
        library: Library,
        answerer: Answerer,
        attachments: Attachments,
        streams: Streams,
    ) -> None:
        self._engine = engine
        self._desk = desk
        self._library = library
        self._answerer = answerer
        self._attachments = attachments
        self._streams = streams

    async def search(self, journal: Journal, text: str) -> Sequence[Hit]:
        """Look for articles by the bare words of a message, while triage is under way."""
        return await self._library.find(text[:SEARCHED].strip(), journal.thread.text(LOOKED_AT))

    async def answer(self, journal: Journal, search: Search) -> Answer | None:
        """The words to publish, when the route wants any: a courtesy, or an answer."""
        if journal.triaged is not None and journal.triaged.polite:
            return thanked(journal)
        inquiry = journal.inquiry(self._desk)
        if journal.route is None or inquiry is None:
            return None
        if journal.route.action == "reply":
            return self._answerer.courtesy(inquiry)
        if journal.triaged is not None and journal.triaged.approved is not None:
            return self._answerer.again(inquiry, journal.triaged.approved)
        journal.writing = True
        written = await self._engine.step("answer", Written, self._write, journal, inquiry, search)
        journal.standing, journal.stopped = written.standing, written.stopped
        journal.writing = False
        journal.calls += written.answer.calls
        return written.answer

    async def _write(self, journal: Journal, inquiry: Inquiry, search: Search) -> Written:
        """Compose what agents will send, or what the customer may watch, and stop."""
        compose = partial(self._compose, inquiry, search)
        if inquiry.case.drafts:
            return Written(answer=await compose())
        inbound = journal.inbound
        recovered = self._engine.recovered(inbound.key)
        return await self._streams.write(
            inbound, compose, inquiry.triage.language, journal.standing, recovered=recovered
        )

    async def _compose(
        self, inquiry: Inquiry, search: Search, stream: Stream | None = None
    ) -> Answer:
        asked = searched(inquiry.text, inquiry.triage)
        if asked == inquiry.text[:SEARCHED].strip():
            hits = await search
        else:
            hits = await self._library.find(asked, inquiry.thread.text(LOOKED_AT))
        pictures = await self._attachments.blocks(inquiry.attached)
        return await self._answerer.answer(inquiry, hits, pictures, stream)
