"""The desk answers a program from its articles, by the rules that it answers customers by.

Nothing is looked up in the desk's systems: a program's word does not say whose data it may see.
"""

import time
from collections.abc import Sequence

from bot.answers.answer import Answer, Inquiry
from bot.answers.answerer import Answerer, searched_words
from bot.answers.further_queries import further_queries
from bot.api.callers import Caller
from bot.api.shapes import AnswerTold, SourceTold
from bot.attachments.contents import NOTHING
from bot.config.desk import Desk
from bot.costs.budgets import FREE, Allowance
from bot.costs.spending import SpendGuard
from bot.gate.gate import Case
from bot.gate.judgement import Verdict
from bot.knowledge.search import KnowledgeSearch
from bot.llm.calls import Call
from bot.messages.inbound import IncomingMessage
from bot.pipeline.assessment import Assessment
from bot.pipeline.route import route
from bot.triage.classifier import Classifier
from bot.triage.verdict import Triage
from storage.costs import ledger
from storage.db.database import Database
from storage.knowledge.values import Audience
from storage.tickets.tables import CallRow

# Where budgets and the ledger take a question for.
PLACE = "api"
FOR_PEOPLE = "a person has to answer this"


class ProgramQuestions:
    """Answers questions of programs; what they cost counts for the budgets like any other."""

    def __init__(
        self,
        *,
        store: Database,
        desk: Desk,
        team: str,
        classifier: Classifier,
        answerer: Answerer,
        search: KnowledgeSearch,
        spend_guard: SpendGuard,
    ) -> None:
        self._store = store
        self._desk = desk
        self._team = team
        self._classifier = classifier
        self._answerer = answerer
        self._search = search
        self._spend_guard = spend_guard

    async def answer(self, caller: Caller, question: str) -> AnswerTold:
        """What the gate lets be said, from articles that the caller may read.

        An agent's program gets what would wait for an agent's yes as a suggestion; for a reader
        that is a person's business.
        """
        if self._spend_guard.refused:
            return _person(caller, "the model takes no more calls for now")
        asked = self._asked(caller, question)
        calls: list[Call] = []
        allowed = FREE
        try:
            triage, problem = await self._triaged(asked, calls)
            allowed = await self._spend_guard.allowance(asked, calls)
            if triage is None:
                return _person(caller, problem)
            answer = await self._answered(caller, asked, triage, allowed, calls)
            return _told(caller, answer)
        finally:
            await self._store.write(ledger.put_rows, *_rows(asked, calls))
            await self._spend_guard.review(asked, allowed, calls)

    def _asked(self, caller: Caller, question: str) -> IncomingMessage:
        seconds, rest = divmod(time.time_ns(), 1_000_000_000)
        return IncomingMessage(
            team=self._team,
            channel=PLACE,
            ts=f"{seconds}.{rest:09d}",
            user=caller.who,
            text=question,
            machine=True,
            private=True,
        )

    async def _triaged(
        self, asked: IncomingMessage, calls: list[Call]
    ) -> tuple[Triage | None, str]:
        self._spend_guard.expect(asked, (), "triage", self._desk.models.triage)
        if (await self._spend_guard.allowance(asked)).level == "stopped":
            return None, "the budget is used up"
        triaged = await self._classifier.triage(asked.text, "", asked.user)
        calls.extend(triaged.calls)
        return triaged.triage, triaged.problem or ""

    async def _answered(
        self,
        caller: Caller,
        asked: IncomingMessage,
        triage: Triage,
        allowed: Allowance,
        calls: list[Call],
    ) -> Answer:
        assessment = Assessment(text=asked.text, triage=triage, allowance=allowed)
        chosen = route(assessment, self._desk, "auto")
        if chosen.action == "hand_over":
            return Answer(verdict=Verdict(outcome="hand_over", reason=chosen.reason))
        inquiry = self._inquiry(asked, triage, chosen.model or "", sure=chosen.sure)
        if chosen.action == "reply":
            return self._answerer.courtesy(inquiry)
        audiences: Sequence[Audience] = ("public", "agents") if caller.agent else ("public",)
        hits = await self._search.search_articles(
            searched_words(asked.text), "", audiences=audiences
        )
        hits = await self._search.also(asked.text, hits, further_queries(triage, NOTHING))
        if not hits:
            return self._answerer.unknown()
        self._spend_guard.expect(asked, calls, "answer", chosen.model)
        answer = await self._answerer.answer(inquiry, hits)
        calls.extend(answer.calls)
        return answer

    def _inquiry(
        self, asked: IncomingMessage, triage: Triage, model: str, *, sure: bool
    ) -> Inquiry:
        rule = self._desk.rule(triage.intent)
        case = Case(rule=rule, intent=triage.intent, drafts=rule == "draft", sure=sure, asked=False)
        return Inquiry(text=asked.text, triage=triage, case=case, model=model, user=asked.user)


def _told(caller: Caller, answer: Answer) -> AnswerTold:
    verdict = answer.verdict
    outcome = {
        "send": "answered",
        "ask": "asked",
        "decline": "declined",
        "suggest": "suggested" if caller.agent else "person",
        "hand_over": "person",
    }[verdict.outcome]
    if outcome == "person" or answer.text is None:
        return _person(caller, verdict.reason)
    sources = [SourceTold(title=each.title, url=each.url) for each in answer.sources]
    reason = verdict.reason if caller.agent else ""
    return AnswerTold.model_validate(
        {"outcome": outcome, "text": answer.text, "sources": sources, "reason": reason}
    )


def _person(caller: Caller, why: str) -> AnswerTold:
    """A person has to answer; `why` is for those who see what is among agents."""
    reason = why if caller.agent else FOR_PEOPLE
    return AnswerTold(outcome="person", text=None, sources=[], reason=reason)


def _rows(asked: IncomingMessage, calls: Sequence[Call]) -> list[CallRow]:
    return [
        CallRow(key=f"{asked.key}:{number}", requester_id=asked.user, **call.model_dump())
        for number, call in enumerate(calls)
    ]
