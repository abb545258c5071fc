"""An answer from the desk's own articles, judged by the gate before anybody reads it."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from bot.answers.answer import Answer, Inquiry
from bot.answers.approved import Approved, Evidence, evidence_of
from bot.answers.preview import ask_aloud, check_of_sentences
from bot.answers.research import Research
from bot.attachments.contents import ContentBlock
from bot.config.desk import Desk
from bot.config.intents import intents_text
from bot.config.settings import Settings
from bot.gate.gate import Case, judge_reply
from bot.gate.grounding import Grounding
from bot.gate.judgement import Verdict
from bot.gate.reply_kind import read_proposal
from bot.gate.second_reading import Verifier
from bot.knowledge.citations import CitedArticle, sources_of
from bot.knowledge.search import best_for_customer
from bot.llm.calls import Call, Citation, Completion, ModelUnavailable, Question
from bot.llm.client import Claude
from bot.llm.output_limits import ANSWER_MAX_TOKENS
from bot.llm.prompts import Prompt, fenced, load_prompt
from bot.llm.streaming import ReplyAudience
from bot.messages.content import without_headings
from bot.messages.outcomes import NO_ARTICLE, UNANSWERED
from bot.tools.lookup import search_result
from storage.knowledge.values import Hit, Passage

MAX_MESSAGE = 12_000
MAX_THREAD = 12_000
# Characters of a message that the articles are searched with.
SEARCHED = 8_000
# Articles named to the agents as what was found.
NAMED = 3


class Answerer:
    """Asks a model for an answer from the passages found, and lets the gate decide about it."""

    def __init__(self, claude: Claude, desk: Desk, settings: Settings) -> None:
        self._claude = claude
        self._desk = desk
        self._settings = settings
        self._verifier = Verifier(claude, desk, settings)
        named = {"name": desk.desk.name, "about": desk.desk.about}
        self._prompt = load_prompt("answer", **named)
        triage = load_prompt("triage", **named, intents=intents_text(desk.intents))
        self._lookup_prompt = load_prompt("lookup", name=desk.desk.name)
        self._told = (self._prompt.text, triage.text, self._lookup_prompt.text)

    async def answer(
        self,
        inquiry: Inquiry,
        hits: Sequence[Hit],
        pictures: Sequence[ContentBlock] = (),
        audience: ReplyAudience | None = None,
    ) -> Answer:
        """Answer a message from the passages found for it, in the customer's language.

        Where nothing was found a model may still ask what is meant, or say that it is none of the
        desk's business; that takes the simplest one. Only a text to be made up needs no passages.

        `audience` hears the reply while it is written, and is shown what may be: of an answer that
        could be sent at all, the sentences that the gate lets pass.
        """
        passages = [hit.passage for hit in best_for_customer(hits, inquiry.triage.language)]
        question = self._question(inquiry, passages, pictures)
        found = sources_of(passages)[:NAMED]
        bare = self._grounding(inquiry, passages)
        if audience is not None and self._shows(inquiry.case):
            audience.show(check_of_sentences(bare, self._desk.gate))
        broken: list[Call] = []
        try:
            reply = await ask_aloud(self._claude, question, audience, broken)
        except ModelUnavailable as error:
            return _none(f"the model failed: {error.reason}", found, *broken, error.call)
        calls = (*broken, reply.call)
        if reply.call.status == "stopped":
            return _none("it was stopped", found, *calls)
        if not reply.usable:
            return _none(f"the model stopped: {reply.call.stop_reason}", found, *calls)
        judged = await self._judged(inquiry, reply, bare.citing(reply.citations))
        return judged.model_copy(update={"found": found, "calls": (*calls, *judged.calls)})

    async def _judged(self, inquiry: Inquiry, reply: Completion, grounding: Grounding) -> Answer:
        """What a model said, judged by the gate and read a second time; `calls` are of that."""
        proposal = read_proposal(reply.text)
        # A poem may be long, and nothing may hold the loop for as long as that takes to judge.
        verdict = await asyncio.to_thread(
            judge_reply, proposal.kind, proposal.text, grounding, inquiry.case, self._desk.gate
        )
        again: tuple[Call, ...] = ()
        if proposal.kind == "answer":
            verdict, again = await self._verifier.verify(
                verdict, proposal.text, grounding, inquiry.user
            )
        return Answer(
            text=_usable(proposal.text, verdict),
            verdict=_missing(verdict, inquiry.triage.summary),
            sources=grounding.sources,
            evidence=_evidence(inquiry, grounding),
            calls=again,
        )

    def again(self, inquiry: Inquiry, approved: Approved) -> Answer:
        """An approved answer for a question that is the same, judged anew by the desk's policy."""
        cited = [
            Citation(source=each.source, title=each.title, text=paragraph)
            for each in approved.passages
            for paragraph in each.paragraphs
        ]
        grounding = self._grounding(inquiry, approved.passages).citing(cited)
        verdict = judge_reply("answer", approved.text, grounding, inquiry.case, self._desk.gate)
        return Answer(
            text=_usable(approved.text, verdict),
            verdict=verdict,
            sources=approved.sources,
            reused=approved.message_key,
            saved=approved.nano_dollars,
        )

    def unknown(self) -> Answer:
        """No answer, and no model asked: no article was found, and nobody need be asked back."""
        return _none(NO_ARTICLE, ())

    def _shows(self, case: Case) -> bool:
        """Whether an answer may show before it is whole: if it could be sent, and by policy."""
        return case.sure and not case.drafts and self._desk.streams(case.intent)

    def courtesy(self, inquiry: Inquiry) -> Answer:
        """The greeting that triage wrote already, judged like any other words of a model."""
        text = (inquiry.triage.reply or "").strip()
        grounding = self._grounding(inquiry, ()).freely()
        verdict = judge_reply("answer", text, grounding, inquiry.case, self._desk.gate)
        return Answer(text=_usable(text, verdict), verdict=verdict)

    async def ask(
        self,
        inquiry: Inquiry,
        hits: Sequence[Hit],
        pictures: Sequence[ContentBlock],
        research: Research,
    ) -> Completion:
        """Ask for an answer, or for what has to be looked up for it.

        Raises:
            ModelUnavailable: as `Claude.ask`.
        """
        passages = [hit.passage for hit in best_for_customer(hits, inquiry.triage.language)]
        question = self._question(inquiry, passages, pictures, research)
        return await self._claude.ask(question)

    async def settle(
        self, inquiry: Inquiry, hits: Sequence[Hit], research: Research, reply: Completion
    ) -> Answer:
        """The answer of a model that looked things up, judged; `calls` are of that alone."""
        passages = [hit.passage for hit in best_for_customer(hits, inquiry.triage.language)]
        found = sources_of(passages)[:NAMED]
        if not reply.usable:
            return _none(f"the model stopped: {reply.call.stop_reason}", found)
        grounding = self._grounding(inquiry, passages, research)
        judged = await self._judged(inquiry, reply, grounding.citing(reply.citations))
        return judged.model_copy(update={"found": found})

    def _question(
        self,
        inquiry: Inquiry,
        passages: Sequence[Passage],
        pictures: Sequence[ContentBlock],
        research: Research | None = None,
    ) -> Question:
        question = self._plain_question(inquiry, passages, pictures)
        if research is None:
            return question
        return replace(
            question,
            # Where something can be looked up, having no article says nothing of what it takes.
            model=inquiry.model,
            effort=getattr(self._desk.effort, inquiry.triage.complexity),
            prompt=Prompt(
                f"{self._prompt.text}\n\n{self._lookup_prompt.text}",
                f"{self._prompt.version}+{self._lookup_prompt.version}",
            ),
            tools=research.offers,
            turns=research.turns,
            settle=research.over,
        )

    def _plain_question(
        self, inquiry: Inquiry, passages: Sequence[Passage], pictures: Sequence[ContentBlock]
    ) -> Question:
        complexity = inquiry.triage.complexity
        sent = (*inquiry.attached.passages, *passages)
        lost = not sent and not pictures and complexity != "creative"
        return Question(
            purpose="answer",
            model=self._desk.models.simple if lost else inquiry.model,
            prompt=self._prompt,
            content=[*map(search_result, sent), *pictures, _asked(inquiry)],
            max_tokens=ANSWER_MAX_TOKENS,
            timeout=self._settings.answer_timeout,
            deadline=self._settings.answer_deadline,
            user=inquiry.user,
            effort=getattr(self._desk.effort, "simple" if lost else complexity),
        )

    def _grounding(
        self,
        inquiry: Inquiry,
        passages: Sequence[Passage],
        research: Research | None = None,
    ) -> Grounding:
        return Grounding(
            looked=[each.passage for each in research.found] if research else (),
            message=inquiry.text,
            language=inquiry.triage.language,
            passages=passages,
            attached=inquiry.attached.passages,
            asked=[*inquiry.thread.said_by("customer"), inquiry.triage.seen or ""],
            said=inquiry.thread.said_by("agent", "bot"),
            own=(self._desk.desk.name, self._desk.desk.about),
            told=self._told,
            free=inquiry.triage.complexity == "creative",
        )


def _usable(text: str, verdict: Verdict) -> str | None:
    """The words, as far as somebody may read them; a faulty refusal is said in the desk's own."""
    faulty_refusal = verdict.outcome == "decline" and verdict.faults
    return None if verdict.outcome == "hand_over" or faulty_refusal else text


def _missing(verdict: Verdict, summary: str) -> Verdict:
    """The verdict with what was missing: as the model said, else an article about the matter."""
    if verdict.outcome != "hand_over" or verdict.reason not in UNANSWERED or verdict.unknown:
        return verdict
    return verdict.model_copy(update={"unknown": f"an article that answers: {summary}"})


def _evidence(inquiry: Inquiry, grounding: Grounding) -> tuple[Evidence, ...]:
    """What an answer rests on, where that is nothing but articles and the message itself."""
    if inquiry.thread.lines or inquiry.attached.seen or grounding.free or grounding.looked:
        return ()
    return evidence_of(grounding.cited)


def _none(reason: str, found: tuple[CitedArticle, ...], *calls: Call) -> Answer:
    verdict = Verdict(outcome="hand_over", reason=reason)
    return Answer(verdict=verdict, found=found, calls=calls)


def searched_words(text: str) -> str:
    """The words of a message that the articles are searched with, its quotes' headings left out."""
    return without_headings(text)[:SEARCHED].strip()


def _asked(inquiry: Inquiry) -> ContentBlock:
    question = "\n".join(
        [
            f"<language>{inquiry.triage.language}</language>",
            fenced("thread", inquiry.thread.text(MAX_THREAD)),
            fenced("message", inquiry.text[:MAX_MESSAGE]),
        ]
    )
    return {"type": "text", "text": question}
