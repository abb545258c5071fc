"""An answer and what was asked for it, as values."""

from bot.answers.approved import Evidence
from bot.attachments.contents import NOTHING, AttachmentContents
from bot.gate.gate import Case
from bot.gate.judgement import Verdict
from bot.knowledge.citations import CitedArticle
from bot.llm.calls import Call
from bot.messages.thread import Thread
from bot.text.phrases import Phrase
from bot.tools.lookup import Lookup
from bot.triage.verdict import Triage
from bot.values import Frozen


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
    attached: AttachmentContents = NOTHING


class Answer(Frozen):
    """Words and the gate's verdict on them, what they rest on, and what was paid.

    `text` is what the verdict lets be said to the customer or proposed to the agents; None when it
    lets neither. `found` are articles that came near the question without answering it. `evidence`
    are the cited passages of articles; without any, the answer is not to be given again. An answer
    that was `reused` from the one to another message `saved` so many nano-dollars. `lookups` are
    what systems were asked for it; `told` is what a customer hears of one that knew nothing.
    """

    text: str | None = None
    verdict: Verdict
    sources: tuple[CitedArticle, ...] = ()
    found: tuple[CitedArticle, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    calls: tuple[Call, ...] = ()
    reused: str | None = None
    saved: int = 0
    lookups: tuple[Lookup, ...] = ()
    told: Phrase | None = None
