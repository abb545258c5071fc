"""What a message wants, asked of whoever knows it soonest: rules, agents, and only then a model."""

from collections.abc import Sequence
from dataclasses import replace

from bot.answers.reuse import AnswerReuse
from bot.attachments.reader import AttachmentReader
from bot.config.desk import Desk
from bot.costs.spending import SpendGuard
from bot.messages.bursts import Request
from bot.messages.content import without_headings
from bot.pipeline.assessment import WORDLESS, Assessment
from bot.pipeline.context import Assessed, Read
from bot.pipeline.same_matter import Matters
from bot.runtime.workflows import Workflows
from bot.text.sentences import has_question_mark
from bot.triage.classifier import MAX_THREAD, Before, Classifier
from bot.triage.courtesies import courtesy_in
from bot.triage.verdict import Triage, Triaged
from storage.answers.posted import last_answer
from storage.db.database import Database
from storage.knowledge.values import Hit
from storage.tickets import messages


class Assessor:
    """Courtesy, reuse, no words, spend limit, classifier: the first that applies decides."""

    def __init__(
        self,
        *,
        workflows: Workflows,
        store: Database,
        desk: Desk,
        reuse: AnswerReuse,
        spend_guard: SpendGuard,
        attachments: AttachmentReader,
        classifier: Classifier,
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._model = desk.models.triage
        self._reuse = reuse
        self._spend_guard = spend_guard
        self._attachments = attachments
        self._classifier = classifier
        self._matters = Matters(self._judged)

    async def assess(self, read: Read) -> Assessed:
        """Judge a message once; a re-run finds what was written down."""
        found = await self._workflows.step("triage", Assessment, self._assess, read)
        ticket = read.ticket
        read = replace(
            read,
            heard=_heard(read, found),
            calls=(*read.calls, *found.calls),
            language=found.triage.language if found.triage else found.language or ticket.language,
        )
        return Assessed(**vars(read), assessment=found)

    async def asks_the_same(self, assessed: Assessed, found: Sequence[Hit]) -> bool:
        """Whether a message that was edited still asks what was answered.

        The matter is another one when triage calls it so, when it now asks for a person, when there
        are files, or when what fits best is no article that the answer rested on.
        """
        triage = assessed.assessment.triage
        if triage is None or triage.wants_human or assessed.ticket.heard.files:
            return False
        key = assessed.inbound.key
        earlier = await self._store.read(messages.decision_before_edit, key)
        if earlier is None or earlier.triage is None or earlier.outcome != "answered":
            return False
        cited = {each["source"] for each in earlier.sources}
        best = {each.passage.source for each in found[:1]}
        return triage.intent == earlier.triage.get("intent") and best <= cited

    async def _assess(self, read: Read) -> Assessment:
        if self._spend_guard.refused or not read.heard.pieces:
            return await self._told(read, None)
        matter = await self._matters.split(read)
        found = await self._told(replace(read, heard=matter.request), matter.triage)
        return found.model_copy(
            update={"apart": matter.apart, "calls": (*matter.calls, *found.calls)}
        )

    async def _told(self, read: Read, known: Triage | None) -> Assessment:
        """Of one matter; `known` is what triage said of it already."""
        return (
            self._mere_call(read)
            or await self._courtesy(read)
            or await self._approved(read)
            or self._unanswerable(read)
            or await self._classified(read, known)
        )

    def _mere_call(self, read: Read) -> Assessment | None:
        """The desk's name and nothing else: below what was said here it asks what is missing."""
        inbound, heard = read.inbound, read.heard
        if (
            inbound.text.strip()
            or heard.text.strip()
            or inbound.files
            or heard.files
            or read.attached.readable
        ):
            return None
        again = bool(read.thread.lines)
        return Assessment(
            text=heard.text,
            parts=heard.parts,
            polite="call_again" if again else "call",
            language=read.ticket.language if again else None,
        )

    async def _courtesy(self, read: Read) -> Assessment | None:
        """Thanks or an okay for what was done, and nothing else.

        An okay may be the answer to a question, so it closes only an answer that asked none; one
        that begins a thread answers nothing there.
        """
        ticket, heard = read.ticket, read.heard
        alone = read.inbound.alone and not read.thread.lines and not read.attached.seen
        due = (ticket.waiting or alone) and not read.inbound.files
        found = courtesy_in(heard.text) if due else None
        if found is None:
            return None
        kind, language = found
        if kind == "okay" and not alone:
            said = await self._store.read(last_answer, ticket.ticket_id)
            if said is None or has_question_mark(said):
                return None
        language = ticket.language or language
        return Assessment(text=heard.text, parts=heard.parts, polite=kind, language=language)

    async def _approved(self, read: Read) -> Assessment | None:
        """A question that stands alone, and that an agent has approved the answer to."""
        if not read.inbound.alone or read.thread.lines or read.attached.seen:
            return None
        heard, approved = read.heard, await self._reuse.find_reusable(read.heard.text)
        if approved is None:
            return None
        triage = Triage.model_validate(approved.triage)
        return Assessment(text=heard.text, parts=heard.parts, triage=triage, approved=approved)

    def _unanswerable(self, read: Read) -> Assessment | None:
        """Where no model can be asked, or need not be: what a file is called asks nothing."""
        heard = read.heard
        if not without_headings(heard.text) and not read.attached.readable:
            problem = WORDLESS
        elif self._spend_guard.refused:
            problem = "the spend limit of the API account is reached"
        else:
            return None
        return Assessment(text=heard.text, parts=heard.parts, problem=problem)

    async def _classified(self, read: Read, known: Triage | None) -> Assessment:
        """What the model says, and what the budgets leave for an answer after that."""
        inbound, heard, attached = read.inbound, read.heard, read.attached
        triaged = (
            Triaged(triage=known)
            if known is not None
            else await self._judged(read, heard.text, None)
        )
        paid = (*attached.calls, *triaged.calls)
        return Assessment(
            text=heard.text,
            parts=heard.parts,
            triage=triaged.triage,
            problem=triaged.problem,
            calls=triaged.calls,
            allowance=await self._spend_guard.allowance(inbound, paid, besides=attached.tokens),
        )

    async def _judged(self, read: Read, text: str, before: Before | None) -> Triaged:
        """What triage says of a text, in the thread and with the files of a message."""
        inbound, attached = read.inbound, read.attached
        self._spend_guard.expect(
            inbound, attached.calls, "triage", self._model, besides=attached.tokens
        )
        pictures = await self._attachments.blocks(attached)
        thread = read.thread.text(MAX_THREAD)
        return await self._classifier.triage(text, thread, inbound.user, attached, pictures, before)


def _heard(read: Read, found: Assessment) -> Request:
    """What the verdict is on: a re-run may find one on an older text, or on fewer messages."""
    about = {read.inbound.key, *found.parts}
    kept = tuple(each for each in read.heard.pieces if each.key in about)
    return Request(text=found.text, parts=found.parts, pieces=kept)
