"""An answer from the desk's own articles, judged by the gate before anybody reads it."""

from collections.abc import Sequence

from bot.approved import Approved, Evidence, evidence
from bot.attached import NOTHING, Attached, Block
from bot.calls import Call, Citation, ModelUnavailable, Question
from bot.claude import Claude
from bot.desk import Desk
from bot.gate import Case, Verdict, judge
from bot.grounds import Grounds, Source, sources
from bot.inbound import Frozen
from bot.prompt import fenced, load_prompt
from bot.proposal import read
from bot.retrieval import prefer
from bot.settings import Settings
from bot.thread import Thread
from bot.triage import Triage, intents_text
from storage.documents import Hit, Passage

MAX_TOKENS = 2_000
MAX_MESSAGE = 12_000
MAX_THREAD = 12_000
# Characters of a message that the articles are searched with.
SEARCHED = 2_000
# Articles named to the agents as what was found.
NAMED = 3


class Inquiry(Frozen):
    """A message that wants an answer: what was said before, and what triage and policy make of it.

    `user` is who asks, `model` who is to answer. What is `attached` may be cited like an article;
    it is the customer's, and says nothing about what the desk promises.
    """

    text: str
    thread: Thread = Thread()
    triage: Triage
    case: Case
    model: str
    user: str
    attached: Attached = NOTHING


class Answer(Frozen):
    """Words and the gate's verdict on them, what they rest on, and what was paid.

    `text` is what the verdict lets be said to the customer or proposed to the agents; None when it
    lets neither. `found` are articles that came near the question without answering it. `evidence`
    are the cited passages of articles; without any, the answer is not to be given again. An answer
    that was `reused` from the one to another message `saved` so many nano-dollars.
    """

    text: str | None = None
    verdict: Verdict
    sources: tuple[Source, ...] = ()
    found: tuple[Source, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    calls: tuple[Call, ...] = ()
    reused: str | None = None
    saved: int = 0


class Answerer:
    """Asks a model for an answer from the passages found, and lets the gate decide about it."""

    def __init__(self, claude: Claude, desk: Desk, settings: Settings) -> None:
        self._claude = claude
        self._desk = desk
        self._settings = settings
        named = {"name": desk.desk.name, "about": desk.desk.about}
        self._prompt = load_prompt("answer", **named)
        triage = load_prompt("triage", **named, intents=intents_text(desk.intents))
        self._told = (self._prompt.text, triage.text)

    async def answer(
        self, inquiry: Inquiry, hits: Sequence[Hit], pictures: Sequence[Block] = ()
    ) -> Answer:
        """Answer a message from the passages found for it, in the customer's language.

        Where nothing was found a model may still ask what is meant, or say that it is none of the
        desk's business; that takes the simplest one. Only a text to be made up needs no passages.
        """
        passages = [hit.passage for hit in prefer(hits, inquiry.triage.language)]
        question = self._question(inquiry, passages, pictures)
        found = sources(passages)[:NAMED]
        try:
            reply = await self._claude.ask(question)
        except ModelUnavailable as error:
            return _none(f"the model failed: {error.reason}", found, error.call)
        if not reply.usable:
            return _none(f"the model stopped: {reply.call.stop_reason}", found, reply.call)
        proposal = read(reply.text)
        grounds = self._grounds(inquiry, passages).citing(reply.citations)
        verdict = judge(proposal.kind, proposal.text, grounds, inquiry.case, self._desk.gate)
        return Answer(
            text=_usable(proposal.text, verdict),
            verdict=verdict,
            sources=grounds.sources,
            found=found,
            evidence=_evidence(inquiry, grounds),
            calls=(reply.call,),
        )

    def again(self, inquiry: Inquiry, approved: Approved) -> Answer:
        """An approved answer for a question that is the same, judged anew by the desk's policy."""
        cited = [
            Citation(source=each.source, title=each.title, text=paragraph)
            for each in approved.passages
            for paragraph in each.paragraphs
        ]
        grounds = self._grounds(inquiry, approved.passages).citing(cited)
        verdict = judge("answer", approved.text, grounds, inquiry.case, self._desk.gate)
        return Answer(
            text=_usable(approved.text, verdict),
            verdict=verdict,
            sources=approved.sources,
            reused=approved.message_key,
            saved=approved.nano_dollars,
        )

    def courtesy(self, inquiry: Inquiry) -> Answer:
        """The greeting that triage wrote already, judged like any other words of a model."""
        text = (inquiry.triage.reply or "").strip()
        grounds = self._grounds(inquiry, ()).freely()
        verdict = judge("answer", text, grounds, inquiry.case, self._desk.gate)
        return Answer(text=_usable(text, verdict), verdict=verdict)

    def _question(
        self, inquiry: Inquiry, passages: Sequence[Passage], pictures: Sequence[Block]
    ) -> Question:
        complexity = inquiry.triage.complexity
        sent = (*inquiry.attached.passages, *passages)
        lost = not sent and not pictures and complexity != "creative"
        return Question(
            purpose="answer",
            model=self._desk.models.simple if lost else inquiry.model,
            prompt=self._prompt,
            content=[*map(_result, sent), *pictures, _asked(inquiry)],
            max_tokens=MAX_TOKENS,
            timeout=self._settings.answer_timeout,
            deadline=self._settings.answer_deadline,
            user=inquiry.user,
            effort=getattr(self._desk.effort, "simple" if lost else complexity),
        )

    def _grounds(self, inquiry: Inquiry, passages: Sequence[Passage]) -> Grounds:
        return Grounds(
            message=inquiry.text,
            language=inquiry.triage.language,
            passages=passages,
            attached=inquiry.attached.passages,
            asked=[*inquiry.thread.said_by("customer"), inquiry.triage.seen or ""],
            said=inquiry.thread.said_by("agent", "bot"),
            told=self._told,
            free=inquiry.triage.complexity == "creative",
        )


def _usable(text: str, verdict: Verdict) -> str | None:
    """The words, as far as somebody may read them; a faulty refusal is said in the desk's own."""
    faulty_refusal = verdict.outcome == "decline" and verdict.faults
    return None if verdict.outcome == "hand_over" or faulty_refusal else text


def _evidence(inquiry: Inquiry, grounds: Grounds) -> tuple[Evidence, ...]:
    """What an answer rests on, where that is nothing but articles and the message itself."""
    if inquiry.thread.lines or inquiry.attached.seen or grounds.free:
        return ()
    return evidence(grounds.cited)


def _none(reason: str, found: tuple[Source, ...], call: Call) -> Answer:
    verdict = Verdict(outcome="hand_over", reason=reason)
    return Answer(verdict=verdict, found=found, calls=(call,))


def searched(text: str, triage: Triage) -> str:
    """What the articles are searched with: the words, and those on the pictures."""
    words = " ".join(filter(None, (text[:SEARCHED].strip(), triage.seen)))
    return words or triage.summary


def _asked(inquiry: Inquiry) -> Block:
    question = "\n".join(
        [
            f"<language>{inquiry.triage.language}</language>",
            fenced("thread", inquiry.thread.text(MAX_THREAD)),
            fenced("message", inquiry.text[:MAX_MESSAGE]),
        ]
    )
    return {"type": "text", "text": question}


def _result(passage: Passage) -> Block:
    return {
        "type": "search_result",
        "source": passage.source,
        "title": " · ".join((passage.title, *passage.heading)),
        # A content block is the unit that can be cited, so each paragraph is one.
        "content": [{"type": "text", "text": paragraph} for paragraph in passage.paragraphs],
        "citations": {"enabled": True},
    }
