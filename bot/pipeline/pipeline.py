"""The story of one message, from Slack to the ledger."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog

from bot.answers.reuse import AnswerReuse
from bot.answers.streaming import AnswerStreams, place_of
from bot.attachments.reader import AttachmentReader
from bot.config.modes import Mode
from bot.costs.spending import SpendGuard
from bot.messages.bursts import BurstTracker, Request
from bot.messages.channel_modes import ChannelModes
from bot.messages.inbound import IncomingMessage, RevisedMessage
from bot.messages.outcomes import SPOKEN
from bot.messages.thread import Thread, thread_of
from bot.pipeline.act import Publisher
from bot.pipeline.answer import Composer
from bot.pipeline.courtesy import assess_courtesy
from bot.pipeline.intake import WORKFLOW, Intake
from bot.pipeline.open import arrival_of, open_ticket_of, record_agent_message
from bot.pipeline.read import ReadStage
from bot.pipeline.record import Acted, MessageContext, record_outcome
from bot.pipeline.route import route
from bot.runtime.tasks import BackgroundTasks, alongside
from bot.runtime.thread_order import ThreadOrder
from bot.runtime.workflows import RetryAtNextStart, Workflows
from bot.tickets.cards import CardKeeper
from bot.tickets.incident_links import link_to_incident
from bot.tickets.outbox import Outbox
from bot.triage.classifier import MAX_THREAD, Classifier, Triage, Triaged
from bot.workspace.port import Workspace
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets import bursts, messages, tickets

# A customer who keeps editing while the answer is written gets this many fresh attempts.
ROUNDS = 4
# Stories worked on at once. In a burst the rest wait here, written down and with their sign given,
# so that accepting the next message is not held up by finishing the one before.
DESKS = 40
# What became of a message when those that joined it were settled with it.
ANSWERED = SPOKEN | {"handed_over", "drafted", "shadowed"}

log = structlog.get_logger("story")


class Pipeline:
    """Tells the story of each message: open, triage, route, answer, act, record."""

    def __init__(  # noqa: PLR0913 - built in one place, by name
        self,
        *,
        workflows: Workflows,
        store: Database,
        modes: ChannelModes,
        streams: AnswerStreams,
        classifier: Classifier,
        composer: Composer,
        reuse: AnswerReuse,
        attachments: AttachmentReader,
        workspace: Workspace,
        cards: CardKeeper,
        spend_guard: SpendGuard,
        outbox: Outbox,
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._desk = modes.desk
        self._modes = modes
        self._classifier = classifier
        self._composer = composer
        self._reuse = reuse
        self._attachments = attachments
        self._attending = ReadStage(workflows, attachments, spend_guard, modes.desk, workspace)
        self._workspace = workspace
        self._cards = cards
        self._spend_guard = spend_guard
        self._outbox = outbox
        self._actor = Publisher(workflows, store, workspace, cards)
        self._streams = streams
        self._bursts = BurstTracker(modes.desk.bursts.seconds)
        self._thread_order = ThreadOrder()
        self._acknowledged: dict[str, bool] = {}
        self._intake = Intake(workflows, store, self._thread_order, self._greet)
        self._desks = asyncio.Semaphore(DESKS)
        self._background = BackgroundTasks()

    async def resume(self) -> None:
        """Let stories that a crash cut short go ahead of what comes in now, thread by thread."""
        for payload in await self._workflows.unfinished(WORKFLOW):
            inbound = IncomingMessage.model_validate(payload)
            self._thread_order.join(inbound.thread, inbound.ts)
        since = utc_now() - timedelta(seconds=self._desk.bursts.seconds)
        self._bursts.recall(await self._store.read(bursts.opened_since, since))
        await self._intake.resume()

    async def wait_idle(self) -> None:
        """Wait until no story is under way, every card is drawn and every sign stands."""
        await self._intake.wait_idle()
        await self._workflows.wait_idle()
        while self._background or self._cards.drawing:
            await self._background.wait_idle()
            await self._cards.wait_idle()

    async def receive(self, inbound: IncomingMessage) -> None:
        """Accept a message by a customer: more of what they have just said, or a matter of its own.

        What is more of something is stored at once, so that an answer that is being written can
        heed it.
        """
        root = self._bursts.join_burst(inbound)
        if root is not None:
            inbound = inbound.model_copy(update={"burst_ts": root})
            await self._store.write(tickets.open_for_arrival, arrival_of(inbound))
        await self.accept(inbound)

    async def close(self) -> None:
        """Begin no more stories; those of messages taken in are begun at the next start."""
        await self._intake.stop()

    async def accept(self, inbound: IncomingMessage) -> None:
        """Write the message down durably; once this returns it is not lost. Its story follows."""
        await self._intake.accept(inbound)

    async def adopt(self, inbound: IncomingMessage) -> str:
        """Make a ticket of a message that people point at; answers its number, new or old."""
        ticket = (await self._store.write(tickets.open_for_arrival, arrival_of(inbound))).ticket
        await self.accept(inbound)
        return ticket.number

    async def agent_spoke(self, inbound: IncomingMessage) -> bool:
        """An agent's word in a ticket's thread: stored at once, and the bot keeps quiet from there.

        It does not wait for the thread's turn, because it has to stop an answer that is being
        written. False when the thread is no ticket.
        """
        expected = self._thread_order.occupied(inbound.thread)
        number = await self._store.write(record_agent_message, inbound, expected=expected)
        if number is None:
            return False
        self._streams.stop(inbound.channel, inbound.root, inbound.user)
        self._cards.touch(number)
        return True

    def stop(self, channel: str, thread_ts: str, by: str) -> bool:
        """Somebody pressed stop in a thread; False when nothing is being written there."""
        return self._streams.stop(channel, thread_ts, by)

    async def revised(self, revised: RevisedMessage) -> None:
        """An edit or a deletion: heeded by a story that has not acted yet, else only recorded."""
        await self._store.write(
            messages.revise_message, revised.key, revised.edited_ts, revised.text
        )

    async def ignored(self, key: str, reason: str) -> None:
        """Count a message that opens no ticket."""
        await self._store.write(messages.ignore_message, key, reason)

    def mode(self, channel: str, *, called: bool) -> Mode:
        """How far the bot may go in a channel; `called` says that somebody spoke to it there."""
        return self._modes.mode_of(channel, called=called)

    async def thread_mode(self, team: str, channel: str, thread_ts: str) -> Mode:
        """A thread that is a ticket is followed, even where only a mention brought the bot in.

        Where the bot was told to be off it still listens there, and says nothing.
        """
        if channel == self._desk.desk.agents_channel:
            return "off"
        ticket = await self._store.read(tickets.ticket_of_thread, team, channel, thread_ts)
        if ticket is None:
            return "off"
        return "shadow" if self._modes.silenced(channel) else "auto"

    async def run(self, payload: dict[str, Any]) -> str:
        """The story of one message, as the engine tells it; answers its outcome."""
        inbound = IncomingMessage.model_validate(payload)
        context = MessageContext(inbound)
        await self._greet(inbound)
        context.signed = self._acknowledged.pop(inbound.key)
        async with self._thread_order.turn(inbound.thread, inbound.ts), self._desks:
            try:
                acted = await self._story(inbound, context)
            except Exception as error:  # noqa: BLE001 - the one place where any failure becomes a person
                acted = await self._rescue(context, error)
            finally:
                self._spend_guard.close(inbound)
        log.info("message handled", message=inbound.key, **context.facts(acted))
        return acted.outcome

    async def _story(self, inbound: IncomingMessage, context: MessageContext) -> Acted:
        with context.timed("open"):
            opened = context.opened = await self._store.write(open_ticket_of, inbound)
        if opened.orphan:
            inbound = context.inbound = inbound.model_copy(update={"burst_ts": None})
        if opened.joined:
            acted = Acted(outcome="joined")
        elif opened.deleted:
            acted = Acted(outcome="cancelled")
        elif opened.human:
            acted = await self._overhear(context)
        else:
            acted = await self._handle(inbound, context)
        if acted.outcome == "failed":
            return await self._fail(context, acted.problem or "could not post")
        context.acted = acted
        self._follow(inbound, acted)
        await self._record(context, acted)
        await self._link(context)
        self._done(context, acted)
        if context.triaged is not None:
            await self._spend_guard.review(inbound, context.triaged.allowance, context.calls)
        return acted

    async def _overhear(self, context: MessageContext) -> Acted:
        """A person has the word. Where nothing was left to do, find out whether there is again."""
        if context.ticket.waiting:
            context.thread = await self._thread(context.inbound)
            with context.timed("triage"):
                context.triaged = await self._workflows.step(
                    "triage", Triaged, self._triage, context.inbound, context.ticket.heard, context
                )
            context.calls += context.triaged.calls
        return await self._actor.overhear(context)

    async def _handle(self, inbound: IncomingMessage, context: MessageContext) -> Acted:
        heard = context.ticket.heard
        # A re-run has to begin with what the first run found: the message as it came in.
        text, files = inbound.text, inbound.files
        context.thread = await self._thread(inbound)
        progress = self._attending.begin_progress(inbound, context.ticket.language)
        for patience in reversed(range(ROUNDS)):
            with context.timed("read"):
                await self._attending.read_attachments(context, text, files, progress)
            async with alongside(self._composer.search(context, heard.text)) as search:
                with context.timed("triage"):
                    context.triaged = await self._workflows.step(
                        "triage", Triaged, self._triage, inbound, heard, context
                    )
                context.calls += context.triaged.calls
                allowance = context.triaged.allowance
                context.route = route(context.triaged, self._desk, inbound.mode, allowance)
                besides = context.attached.tokens
                model = context.route.model
                self._spend_guard.expect(inbound, context.calls, "answer", model, besides=besides)
                with context.timed("answer"):
                    context.answer = await self._composer.answer(context, search)
            # What a re-run finds written down may be the verdict on an older text.
            heard = Request(text=context.triaged.text, parts=context.triaged.parts)
            with context.timed("act"):
                heeded = heard if patience else None
                acted = await self._actor.act(context, heeded)
            if acted.edited is None:
                # When a person stepped in or it is gone, each of the others has its own story.
                parts = heard.parts if acted.outcome in ANSWERED else ()
                acted = acted.model_copy(update={"parts": parts})
                return await self._attending.tell_unread(context, acted, progress)
            heard = acted.edited
            text, files = heard.text, heard.files
        raise RuntimeError("the last round heeds no edit, so it always acts")

    async def _link(self, context: MessageContext) -> None:
        """A ticket that asks what many others ask is a part of an incident."""
        if context.triage is None or context.courtesy or not context.inbound.alone:
            return
        number, limits = context.ticket.ticket_id, self._desk.incidents
        if not limits.people:
            return
        linked = await link_to_incident(self._store, number, context.inbound.key, limits, utc_now())
        for each in linked.numbers:
            self._cards.touch(each)
        if linked.note is not None:
            await self._outbox.send(linked.note)

    def _follow(self, inbound: IncomingMessage, acted: Acted) -> None:
        """What the author says next may be more of this, unless it is gone."""
        if acted.outcome == "cancelled" and inbound.alone:
            self._bursts.withdrawn(inbound)
        elif acted.posts:
            self._bursts.answered(inbound, acted.posts[-1].ts)

    async def _greet(self, inbound: IncomingMessage) -> None:
        """Give the sign once, be it when the message is taken in or when its story begins."""
        if inbound.key not in self._acknowledged:
            self._acknowledged[inbound.key] = await self._sign(inbound)

    async def _sign(self, inbound: IncomingMessage) -> bool:
        """Let the author see at once that the message was seen; not where a person has the word."""
        if inbound.mode == "shadow":
            return False
        place = (inbound.team, inbound.channel, inbound.root)
        if inbound.thread_ts is not None and await self._store.read(
            tickets.thread_silenced, *place
        ):
            # An earlier process may have put it there before the person came.
            return self._workflows.recovered(inbound.key)
        self._background.begin(self._workspace.sign(inbound.channel, inbound.ts, "eyes", on=True))
        return True

    def _done(self, context: MessageContext, acted: Acted) -> None:
        """Show the agents what became of the message, and take the sign of work off it."""
        inbound, number = context.inbound, context.ticket.ticket_id
        signed = context.signed and acted.outcome != "cancelled"
        self._cards.touch(number, (inbound.channel, inbound.ts) if signed else None)
        if context.private_title:
            self._background.begin(self._workspace.title(place_of(inbound), context.private_title))
        if context.answer is not None and not acted.said_in(inbound.channel):
            self._background.begin(self._workspace.status(place_of(inbound), None, busy=False))

    async def _triage(
        self, inbound: IncomingMessage, heard: Request, context: MessageContext
    ) -> Triaged:
        triaged = await self._verdict(inbound, heard.text, context)
        return triaged.model_copy(update={"parts": heard.parts})

    async def _verdict(
        self, inbound: IncomingMessage, text: str, context: MessageContext
    ) -> Triaged:
        attached = context.attached
        if told := await assess_courtesy(self._store, context, text):
            return told
        if inbound.alone and not (context.thread.lines or attached.seen):
            approved = await self._reuse.find_reusable(text)
            if approved is not None:
                triage = Triage.model_validate(approved.triage)
                return Triaged(text=text, triage=triage, approved=approved)
        if not text.strip() and not attached.readable:
            return Triaged(text=text, problem="a picture or file without words")
        if self._spend_guard.refused:
            return Triaged(text=text, problem="the spend limit of the API account is reached")
        model, besides = self._desk.models.triage, attached.tokens
        self._spend_guard.expect(inbound, attached.calls, "triage", model, besides=besides)
        pictures = await self._attachments.blocks(attached)
        thread = context.thread.text(MAX_THREAD)
        triaged = await self._classifier.triage(text, thread, inbound.user, attached, pictures)
        paid = (*attached.calls, *triaged.calls)
        allowance = await self._spend_guard.allowance(inbound, paid, besides=besides)
        return triaged.model_copy(update={"allowance": allowance})

    async def _thread(self, inbound: IncomingMessage) -> Thread:
        """What was said before in the thread, from our own tables."""
        if inbound.alone:
            return Thread()
        return thread_of(await self._store.read(messages.messages_before, inbound.key))

    async def _rescue(self, context: MessageContext, error: Exception) -> Acted:
        """Turn an unexpected failure into a person, or keep what was done if only the books failed.

        Raises:
            PutAside: not even that could be written down; the story runs again at the next start.
        """
        try:
            if context.acted is None:
                return await self._fail(context, f"an unexpected {type(error).__name__}", error)
            log.error("record failed", message=context.inbound.key, exc_info=error)
            await self._record(context, context.acted)
        except Exception as second:
            log.critical("story put aside", message=context.inbound.key, exc_info=second)
            raise RetryAtNextStart from second
        return context.acted

    async def _fail(
        self, context: MessageContext, problem: str, error: Exception | None = None
    ) -> Acted:
        """Log the failure under a reference, hand the customer to a person, and record it."""
        reference = uuid4().hex[:8]
        log.error(
            "story failed",
            message=context.inbound.key,
            reference=reference,
            problem=problem,
            exc_info=error,
        )
        if context.opened is None:
            context.opened = await self._store.write(open_ticket_of, context.inbound)
        acted = Acted(outcome="failed", problem=problem)
        if context.inbound.mode != "shadow":
            told = await self._actor.apologise(context, reference)
            acted = told.model_copy(update={"problem": problem})
        await self._record(context, acted, reference)
        self._done(context, acted)
        return acted

    async def _record(
        self, context: MessageContext, acted: Acted, reference: str | None = None
    ) -> None:
        await self._store.write(
            record_outcome, context, acted, bot=self._workspace.bot_user, reference=reference
        )
