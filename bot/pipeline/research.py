"""Looking things up for an answer: who asks, what the model wants to know, what the systems say.

Each round is two steps, so that neither a model nor a system is asked again after a crash.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog

from bot.answers.answer import Answer, Inquiry
from bot.answers.answerer import Answerer
from bot.answers.research import Research, for_people
from bot.answers.streaming import place_of
from bot.attachments.reader import AttachmentReader
from bot.costs.spending import SpendGuard
from bot.gate.judgement import Verdict
from bot.knowledge.citations import sources_of
from bot.llm.calls import Call, Completion, ModelUnavailable
from bot.pipeline.context import Composed, Routed
from bot.runtime.workflows import Workflows
from bot.text.phrases import phrase
from bot.tools.customers import Customers, asks_themselves
from bot.tools.lookup import Lookups
from bot.tools.toolbox import Toolbox
from bot.values import Frozen
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from bot.workspace.posts import Reply
from storage.knowledge.values import Hit

# Articles named to the agents beside what was looked up.
NAMED = 3

log = structlog.get_logger("story")


class Asker(Frozen):
    """Who asks, by what names them in the desk's systems; None for somebody unknown."""

    customer: str | None = None


class Invited(Frozen):
    """Whether somebody unknown was sent a link to connect their account."""

    sent: bool


class AskedModel(Frozen):
    """A model's reply, or why there is none."""

    reply: Completion | None = None
    problem: str = ""
    call: Call


class Researcher:
    """Answers with the help of the desk's systems, where its tools serve the intent."""

    def __init__(
        self,
        *,
        workflows: Workflows,
        spend_guard: SpendGuard,
        toolbox: Toolbox,
        customers: Customers,
        answerer: Answerer,
        attachments: AttachmentReader,
        workspace: Workspace,
    ) -> None:
        self._workflows = workflows
        self._spend_guard = spend_guard
        self._toolbox = toolbox
        self._customers = customers
        self._answerer = answerer
        self._attachments = attachments
        self._workspace = workspace

    async def begin(self, routed: Routed, inquiry: Inquiry) -> tuple[Research, Asker] | None:
        """What may be looked up for a message, and for whom; None where nothing is to be."""
        intent = inquiry.triage.intent
        if not routed.route.called or not self._toolbox.serves(intent):
            return None
        asker = await self._workflows.step("asker", Asker, self._asker, routed)
        offers = self._toolbox.offers(intent, asker.customer)
        return (Research(offers), asker) if offers else None

    async def research(
        self,
        routed: Routed,
        inquiry: Inquiry,
        begun: tuple[Research, Asker],
        hits: Sequence[Hit],
    ) -> Composed:
        """Ask the model, look up what it wants to know, and ask again, until there is an answer."""
        research, asker = begun
        calls: tuple[Call, ...] = ()
        async with self._sign(routed, inquiry):
            while True:
                number = len(research.rounds)
                self._expect(routed, inquiry, calls)
                said = await self._workflows.step(
                    f"ask {number}", AskedModel, self._ask, inquiry, hits, research
                )
                calls += (said.call,)
                if said.reply is None or research.over or not said.reply.wanted:
                    break
                found = await self._workflows.step(
                    f"look {number}", Lookups, self._look, inquiry, said.reply, asker
                )
                research = research.after(said.reply, found.found)
                if research.in_vain or research.proposed:
                    break
        answer = await self._answer(inquiry, hits, research, said)
        whole = answer.model_copy(update={"calls": (*calls, *answer.calls)})
        told = replace(routed, calls=(*routed.calls, *whole.calls))
        return Composed(**vars(told), answer=whole)

    async def _answer(
        self, inquiry: Inquiry, hits: Sequence[Hit], research: Research, said: AskedModel
    ) -> Answer:
        if research.in_vain or research.proposed:
            articles = sources_of([hit.passage for hit in hits])[:NAMED]
            return for_people(research, articles)
        if said.reply is None:
            verdict = Verdict(outcome="hand_over", reason=f"the model failed: {said.problem}")
            answer = Answer(verdict=verdict)
        else:
            answer = await self._workflows.step(
                "answer", Answer, self._answerer.settle, inquiry, hits, research, said.reply
            )
        return answer.model_copy(update={"lookups": research.lookups})

    async def invited(self, routed: Routed, inquiry: Inquiry, answer: Answer) -> Answer:
        """An answer to somebody who asked about what only the desk's systems know of them.

        Where these do not know who they are, they are sent a link to connect their account. The
        answer says so, where it is that a person will come.
        """
        triage, handed = inquiry.triage, answer.verdict.outcome == "hand_over"
        asks = routed.route.called and not inquiry.case.drafts
        personal = self._toolbox.personal(triage.intent) and (handed or triage.entities.order_ids)
        if self._customers.connections is None or not (asks and personal):
            return answer
        invited = await self._workflows.step(
            "invite", Invited, self._invite, routed, triage.language
        )
        told = invited.sent and handed
        return answer.model_copy(update={"told": "connect"}) if told else answer

    async def _invite(self, routed: Routed, language: str | None) -> Invited:
        """Nobody else may read the link: who else opens it would connect their own account."""
        inbound, connections = routed.inbound, self._customers.connections
        known = await self._customers.customer_of(inbound)
        if connections is None or known is not None or not asks_themselves(inbound):
            return Invited(sent=False)
        address = await connections.link_for(inbound, language)
        if address is None:
            return Invited(sent=True)
        try:
            words = Reply(
                key=f"connect:{inbound.key}",
                kind="line",
                channel=await self._workspace.direct(inbound.user),
                thread_ts=None,
                text=phrase("connect_link", language, link=address),
                after=inbound.ts,
            )
            await self._workspace.say(words, recovered=routed.recovered)
        except CannotPost as error:
            await connections.drop(inbound)
            log.info("nobody invited", message=inbound.key, problem=str(error))
            return Invited(sent=False)
        return Invited(sent=True)

    async def _asker(self, routed: Routed) -> Asker:
        return Asker(customer=await self._customers.customer_of(routed.inbound))

    async def _ask(self, inquiry: Inquiry, hits: Sequence[Hit], research: Research) -> AskedModel:
        pictures = await self._attachments.blocks(inquiry.attached)
        try:
            reply = await self._answerer.ask(inquiry, hits, pictures, research)
        except ModelUnavailable as error:
            return AskedModel(problem=error.reason, call=error.call)
        return AskedModel(reply=reply, call=reply.call)

    async def _look(self, inquiry: Inquiry, reply: Completion, asker: Asker) -> Lookups:
        triage = inquiry.triage
        found = await self._toolbox.look_up(
            reply.wanted, triage.intent, asker.customer, triage.language
        )
        return Lookups(found=found)

    def _expect(self, routed: Routed, inquiry: Inquiry, calls: tuple[Call, ...]) -> None:
        paid, besides = (*routed.calls, *calls), routed.attached.tokens
        self._spend_guard.expect(routed.inbound, paid, "answer", inquiry.model, besides=besides)

    @asynccontextmanager
    async def _sign(self, routed: Routed, inquiry: Inquiry) -> AsyncIterator[None]:
        """Let the customer see that something is done, where the answer is for them."""
        if inquiry.case.drafts:
            yield
            return
        place, language = place_of(routed.inbound), inquiry.triage.language
        sign = asyncio.create_task(self._workspace.status(place, language, busy=True))
        try:
            yield
        finally:
            # What is posted takes the sign away; a sign that came later would stay.
            await sign
