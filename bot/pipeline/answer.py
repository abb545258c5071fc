"""Words for the customer or the agents, once it is known what a message wants."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from bot.answers.answer import Answer, Inquiry
from bot.answers.answerer import Answerer, searched_words
from bot.answers.further_queries import further_queries
from bot.answers.streaming import AnswerStream, AnswerStreams, StreamedAnswer
from bot.attachments.reader import AttachmentReader
from bot.config.desk import Desk
from bot.costs.spending import SpendGuard
from bot.gate.gate import Case
from bot.gate.judgement import Verdict
from bot.knowledge.search import KnowledgeSearch
from bot.pipeline.context import Composed, Read, Routed
from bot.pipeline.research import Researcher
from bot.runtime.workflows import Workflows
from bot.text.phrases import phrase
from storage.knowledge.values import Hit

# Characters of the thread that the articles are searched with.
LOOKED_AT = 4_000
ArticleSearch = asyncio.Task[Sequence[Hit]]


class Composer:
    """Finds the words: in sight of the customer where they may see them grow, else unseen."""

    def __init__(  # noqa: PLR0913 - built in one place, by name
        self,
        *,
        workflows: Workflows,
        desk: Desk,
        spend_guard: SpendGuard,
        knowledge_search: KnowledgeSearch,
        answerer: Answerer,
        attachments: AttachmentReader,
        streams: AnswerStreams,
        researcher: Researcher,
    ) -> None:
        self._workflows = workflows
        self._desk = desk
        self._spend_guard = spend_guard
        self._knowledge_search = knowledge_search
        self._answerer = answerer
        self._attachments = attachments
        self._streams = streams
        self._researcher = researcher

    async def search(self, read: Read) -> Sequence[Hit]:
        """Look for articles by the bare words of a message, while triage is under way."""
        return await self._knowledge_search.search_articles(
            searched_words(read.heard.text), read.thread.text(LOOKED_AT)
        )

    async def compose(self, routed: Routed, search: ArticleSearch) -> Composed:
        """The words to publish, when the route wants any: a courtesy, or an answer."""
        besides, model = routed.attached.tokens, routed.route.model
        self._spend_guard.expect(routed.inbound, routed.calls, "answer", model, besides=besides)
        if routed.assessment.polite:
            return Composed(**vars(routed), answer=_thanked(routed))
        inquiry = _inquiry(routed, self._desk)
        if inquiry is None:
            return Composed(**vars(routed))
        if routed.route.action == "reply":
            return Composed(**vars(routed), answer=self._answerer.courtesy(inquiry))
        approved = routed.assessment.approved
        if approved is not None:
            return Composed(**vars(routed), answer=self._answerer.again(inquiry, approved))
        begun = await self._researcher.begin(routed, inquiry)
        if begun is not None:
            hits = await self._hits(inquiry, search)
            looked = await self._researcher.research(routed, inquiry, begun, hits)
            return await self._invited(looked, inquiry)
        written = await self._workflows.step(
            "answer", StreamedAnswer, self._write, routed, inquiry, search
        )
        calls = (*routed.calls, *written.answer.calls)
        told = replace(routed, calls=calls, standing=written.standing)
        composed = Composed(**vars(told), answer=written.answer, stopped=written.stopped)
        return await self._invited(composed, inquiry)

    async def _invited(self, composed: Composed, inquiry: Inquiry) -> Composed:
        if composed.answer is None:
            return composed
        answer = await self._researcher.invited(composed, inquiry, composed.answer)
        return replace(composed, answer=answer)

    async def _write(
        self, routed: Routed, inquiry: Inquiry, search: ArticleSearch
    ) -> StreamedAnswer:
        """Compose what agents will send, or what the customer may watch, and stop."""
        compose = partial(self._answer, inquiry, search, called=routed.route.called)
        if inquiry.case.drafts or not routed.route.called:
            return StreamedAnswer(answer=await compose())
        language, standing = inquiry.triage.language, routed.standing
        return await self._streams.write(
            routed.inbound, compose, language, standing, recovered=routed.recovered
        )

    async def _answer(
        self,
        inquiry: Inquiry,
        search: ArticleSearch,
        stream: AnswerStream | None = None,
        *,
        called: bool,
    ) -> Answer:
        hits = await self._hits(inquiry, search)
        if not hits and not called:
            return self._answerer.unknown()
        pictures = await self._attachments.blocks(inquiry.attached)
        return await self._answerer.answer(inquiry, hits, pictures, stream)

    async def _hits(self, inquiry: Inquiry, search: ArticleSearch) -> Sequence[Hit]:
        """The passages found for a message, by its words and by what triage made of them."""
        more = further_queries(inquiry.triage, inquiry.attached)
        return await self._knowledge_search.also(inquiry.text, await search, more)


def _inquiry(routed: Routed, desk: Desk) -> Inquiry | None:
    """The message as a question to be answered; None where the route wants no words."""
    route, triage = routed.route, routed.assessment.triage
    if triage is None or route.publish == "nowhere" or route.action not in ("reply", "answer"):
        return None
    return Inquiry(
        text=routed.heard.text,
        thread=routed.thread,
        triage=triage,
        case=Case(
            rule=desk.rule(triage.intent),
            intent=triage.intent,
            drafts=route.publish == "draft",
            sure=route.sure,
            asked=routed.thread.asked,
        ),
        model=route.model or "",
        user=routed.inbound.user,
        attached=routed.attached,
    )


def _thanked(routed: Routed) -> Answer | None:
    """The desk's own polite words; None where the bot says nothing."""
    polite, publish = routed.assessment.polite, routed.route.publish
    if polite is None or publish == "nowhere":
        return None
    outcome = "suggest" if publish == "draft" else "send"
    verdict = Verdict(outcome=outcome, reason="thanks want no facts")
    return Answer(text=phrase(polite, routed.language), verdict=verdict)
