"""The story of one message, from Slack to the ledger."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import structlog

from bot.acting import Actor
from bot.arriving import arrival, overheard, take_in
from bot.attachments import Attachments
from bot.attending import Attending
from bot.beside import beside
from bot.bursts import Bursts, Heard
from bot.cards import Cards
from bot.composing import Composer
from bot.engine import Engine, PutAside
from bot.errands import Errands
from bot.frontdesk import FrontDesk
from bot.inbound import Inbound, Mode, Revised
from bot.journal import SPOKEN, Acted, Journal, record
from bot.lanes import Lanes
from bot.linking import link
from bot.modes import Modes
from bot.politeness import polite
from bot.reception import STORY, Reception
from bot.relaying import Relays
from bot.reuse import Reuse
from bot.routing import route
from bot.streaming import Streams, place_of
from bot.thread import Thread, thread_of
from bot.till import Till
from bot.triage import MAX_THREAD, Triage, Triaged, Triager
from storage import tickets, together
from storage.columns import utc_now
from storage.database import Database

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
        engine: Engine,
        store: Database,
        modes: Modes,
        streams: Streams,
        triager: Triager,
        composer: Composer,
        reuse: Reuse,
        attachments: Attachments,
        front: FrontDesk,
        cards: Cards,
        till: Till,
        relays: Relays,
    ) -> None:
        self._engine = engine
        self._store = store
        self._desk = modes.desk
        self._modes = modes
        self._triager = triager
        self._composer = composer
        self._reuse = reuse
        self._attachments = attachments
        self._attending = Attending(engine, attachments, till, modes.desk, front)
        self._front = front
        self._cards = cards
        self._till = till
        self._relays = relays
        self._actor = Actor(engine, store, front, cards)
        self._streams = streams
        self._bursts = Bursts(modes.desk.bursts.seconds)
        self._lanes = Lanes()
        self._greeted: dict[str, bool] = {}
        self._reception = Reception(engine, store, self._lanes, self._greet)
        self._desks = asyncio.Semaphore(DESKS)
        self._errands = Errands()

    async def resume(self) -> None:
        """Let stories that a crash cut short go ahead of what comes in now, thread by thread."""
        for payload in await self._engine.unfinished(STORY):
            inbound = Inbound.model_validate(payload)
            self._lanes.join(inbound.thread, inbound.ts)
        since = utc_now() - timedelta(seconds=self._desk.bursts.seconds)
        self._bursts.recall(await self._store.read(together.lately, since))
        await self._reception.resume()

    async def quiet(self) -> None:
        """Wait until no story is under way, every card is drawn and every sign stands."""
        await self._reception.quiet()
        await self._engine.quiet()
        while self._errands or self._cards.drawing:
            await self._errands.quiet()
            await self._cards.quiet()

    async def hear(self, inbound: Inbound) -> None:
        """Accept a message by a customer: more of what they have just said, or a matter of its own.

        What is more of something is stored at once, so that an answer that is being written can
        heed it.
        """
        root = self._bursts.heard(inbound)
        if root is not None:
            inbound = inbound.model_copy(update={"burst_ts": root})
            await self._store.write(tickets.open_for, arrival(inbound))
        await self.accept(inbound)

    async def close(self) -> None:
        """Begin no more stories; those of messages taken in are begun at the next start."""
        await self._reception.stop()

    async def accept(self, inbound: Inbound) -> None:
        """Write the message down durably; once this returns it is not lost. Its story follows."""
        await self._reception.accept(inbound)

    async def adopt(self, inbound: Inbound) -> str:
        """Make a ticket of a message that people point at; answers its number, new or old."""
        ticket = (await self._store.write(tickets.open_for, arrival(inbound))).ticket
        await self.accept(inbound)
        return ticket.number

    async def agent_spoke(self, inbound: Inbound) -> bool:
        """An agent's word in a ticket's thread: stored at once, and the bot keeps quiet from there.

        It does not wait for the thread's turn, because it has to stop an answer that is being
        written. False when the thread is no ticket.
        """
        expected = self._lanes.occupied(inbound.thread)
        number = await self._store.write(overheard, inbound, expected=expected)
        if number is None:
            return False
        self._streams.stop(inbound.channel, inbound.root, inbound.user)
        self._cards.touch(number)
        return True

    def stop(self, channel: str, thread_ts: str, by: str) -> bool:
        """Somebody pressed stop in a thread; False when nothing is being written there."""
        return self._streams.stop(channel, thread_ts, by)

    async def revised(self, revised: Revised) -> None:
        """An edit or a deletion: heeded by a story that has not acted yet, else only recorded."""
        await self._store.write(tickets.revise, revised.key, revised.edited_ts, revised.text)

    async def ignored(self, key: str, reason: str) -> None:
        """Count a message that opens no ticket."""
        await self._store.write(tickets.ignore, key, reason)

    def mode(self, channel: str, *, called: bool) -> Mode:
        """How far the bot may go in a channel; `called` says that somebody spoke to it there."""
        return self._modes.of(channel, called=called)

    async def thread_mode(self, team: str, channel: str, thread_ts: str) -> Mode:
        """A thread that is a ticket is followed, even where only a mention brought the bot in.

        Where the bot was told to be off it still listens there, and says nothing.
        """
        if channel == self._desk.desk.agents_channel:
            return "off"
        ticket = await self._store.read(tickets.of_thread, team, channel, thread_ts)
        if ticket is None:
            return "off"
        return "shadow" if self._modes.silenced(channel) else "auto"

    async def run(self, payload: dict[str, Any]) -> str:
        """The story of one message, as the engine tells it; answers its outcome."""
        inbound = Inbound.model_validate(payload)
        journal = Journal(inbound)
        await self._greet(inbound)
        journal.signed = self._greeted.pop(inbound.key)
        async with self._lanes.turn(inbound.thread, inbound.ts), self._desks:
            try:
                acted = await self._story(inbound, journal)
            except Exception as error:  # noqa: BLE001 - the one place where any failure becomes a person
                acted = await self._rescue(journal, error)
            finally:
                self._till.close(inbound)
        log.info("message handled", message=inbound.key, **journal.facts(acted))
        return acted.outcome

    async def _story(self, inbound: Inbound, journal: Journal) -> Acted:
        with journal.timed("open"):
            opened = journal.opened = await self._store.write(take_in, inbound)
        if opened.orphan:
            inbound = journal.inbound = inbound.model_copy(update={"burst_ts": None})
        if opened.joined:
            acted = Acted(outcome="joined")
        elif opened.deleted:
            acted = Acted(outcome="cancelled")
        elif opened.human:
            acted = await self._overhear(journal)
        else:
            acted = await self._handle(inbound, journal)
        if acted.outcome == "failed":
            return await self._fail(journal, acted.problem or "could not post")
        journal.acted = acted
        self._follow(inbound, acted)
        await self._record(journal, acted)
        await self._link(journal)
        self._done(journal, acted)
        if journal.triaged is not None:
            await self._till.review(inbound, journal.triaged.allowance, journal.calls)
        return acted

    async def _overhear(self, journal: Journal) -> Acted:
        """A person has the word. Where nothing was left to do, find out whether there is again."""
        if journal.ticket.waiting:
            journal.thread = await self._thread(journal.inbound)
            with journal.timed("triage"):
                journal.triaged = await self._engine.step(
                    "triage", Triaged, self._triage, journal.inbound, journal.ticket.heard, journal
                )
            journal.calls += journal.triaged.calls
        return await self._actor.overhear(journal)

    async def _handle(self, inbound: Inbound, journal: Journal) -> Acted:
        heard = journal.ticket.heard
        # A re-run has to begin with what the first run found: the message as it came in.
        text, files = inbound.text, inbound.files
        journal.thread = await self._thread(inbound)
        progress = self._attending.begin(inbound, journal.ticket.language)
        for patience in reversed(range(ROUNDS)):
            with journal.timed("read"):
                await self._attending.read(journal, text, files, progress)
            async with beside(self._composer.search(journal, heard.text)) as search:
                with journal.timed("triage"):
                    journal.triaged = await self._engine.step(
                        "triage", Triaged, self._triage, inbound, heard, journal
                    )
                journal.calls += journal.triaged.calls
                allowance = journal.triaged.allowance
                journal.route = route(journal.triaged, self._desk, inbound.mode, allowance)
                besides = journal.attached.tokens
                model = journal.route.model
                self._till.expect(inbound, journal.calls, "answer", model, besides=besides)
                with journal.timed("answer"):
                    journal.answer = await self._composer.answer(journal, search)
            # What a re-run finds written down may be the verdict on an older text.
            heard = Heard(text=journal.triaged.text, parts=journal.triaged.parts)
            with journal.timed("act"):
                heeded = heard if patience else None
                acted = await self._actor.act(journal, heeded)
            if acted.edited is None:
                # When a person stepped in or it is gone, each of the others has its own story.
                parts = heard.parts if acted.outcome in ANSWERED else ()
                acted = acted.model_copy(update={"parts": parts})
                return await self._attending.told(journal, acted, progress)
            heard = acted.edited
            text, files = heard.text, heard.files
        raise RuntimeError("the last round heeds no edit, so it always acts")

    async def _link(self, journal: Journal) -> None:
        """A ticket that asks what many others ask is a part of an incident."""
        if journal.triage is None or journal.courtesy or not journal.inbound.alone:
            return
        number, limits = journal.ticket.ticket_id, self._desk.incidents
        if not limits.people:
            return
        linked = await self._store.write(link, number, journal.inbound.key, limits, utc_now())
        for each in linked.numbers:
            self._cards.touch(each)
        if linked.note is not None:
            await self._relays.send(linked.note)

    def _follow(self, inbound: Inbound, acted: Acted) -> None:
        """What the author says next may be more of this, unless it is gone."""
        if acted.outcome == "cancelled" and inbound.alone:
            self._bursts.withdrawn(inbound)
        elif acted.posts:
            self._bursts.answered(inbound, acted.posts[-1].ts)

    async def _greet(self, inbound: Inbound) -> None:
        """Give the sign once, be it when the message is taken in or when its story begins."""
        if inbound.key not in self._greeted:
            self._greeted[inbound.key] = await self._sign(inbound)

    async def _sign(self, inbound: Inbound) -> bool:
        """Let the author see at once that the message was seen; not where a person has the word."""
        if inbound.mode == "shadow":
            return False
        place = (inbound.team, inbound.channel, inbound.root)
        if inbound.thread_ts is not None and await self._store.read(tickets.silenced, *place):
            # An earlier process may have put it there before the person came.
            return self._engine.recovered(inbound.key)
        self._errands.begin(self._front.sign(inbound.channel, inbound.ts, "eyes", on=True))
        return True

    def _done(self, journal: Journal, acted: Acted) -> None:
        """Show the agents what became of the message, and take the sign of work off it."""
        inbound, number = journal.inbound, journal.ticket.ticket_id
        signed = journal.signed and acted.outcome != "cancelled"
        self._cards.touch(number, (inbound.channel, inbound.ts) if signed else None)
        if journal.private_title:
            self._errands.begin(self._front.title(place_of(inbound), journal.private_title))
        if journal.answer is not None and not acted.said_in(inbound.channel):
            self._errands.begin(self._front.status(place_of(inbound), None, busy=False))

    async def _triage(self, inbound: Inbound, heard: Heard, journal: Journal) -> Triaged:
        triaged = await self._verdict(inbound, heard.text, journal)
        return triaged.model_copy(update={"parts": heard.parts})

    async def _verdict(self, inbound: Inbound, text: str, journal: Journal) -> Triaged:
        attached = journal.attached
        if told := await polite(self._store, journal, text):
            return told
        if inbound.alone and not (journal.thread.lines or attached.seen):
            approved = await self._reuse.find(text)
            if approved is not None:
                triage = Triage.model_validate(approved.triage)
                return Triaged(text=text, triage=triage, approved=approved)
        if not text.strip() and not attached.readable:
            return Triaged(text=text, problem="a picture or file without words")
        if self._till.refused:
            return Triaged(text=text, problem="the spend limit of the API account is reached")
        model, besides = self._desk.models.triage, attached.tokens
        self._till.expect(inbound, attached.calls, "triage", model, besides=besides)
        pictures = await self._attachments.blocks(attached)
        thread = journal.thread.text(MAX_THREAD)
        triaged = await self._triager.triage(text, thread, inbound.user, attached, pictures)
        paid = (*attached.calls, *triaged.calls)
        allowance = await self._till.allowance(inbound, paid, besides=besides)
        return triaged.model_copy(update={"allowance": allowance})

    async def _thread(self, inbound: Inbound) -> Thread:
        """What was said before in the thread, from our own tables."""
        if inbound.alone:
            return Thread()
        return thread_of(await self._store.read(tickets.history, inbound.key))

    async def _rescue(self, journal: Journal, error: Exception) -> Acted:
        """Turn an unexpected failure into a person, or keep what was done if only the books failed.

        Raises:
            PutAside: not even that could be written down; the story runs again at the next start.
        """
        try:
            if journal.acted is None:
                return await self._fail(journal, f"an unexpected {type(error).__name__}", error)
            log.error("record failed", message=journal.inbound.key, exc_info=error)
            await self._record(journal, journal.acted)
        except Exception as second:
            log.critical("story put aside", message=journal.inbound.key, exc_info=second)
            raise PutAside from second
        return journal.acted

    async def _fail(self, journal: Journal, problem: str, error: Exception | None = None) -> Acted:
        """Log the failure under a reference, hand the customer to a person, and record it."""
        reference = uuid4().hex[:8]
        log.error(
            "story failed",
            message=journal.inbound.key,
            reference=reference,
            problem=problem,
            exc_info=error,
        )
        if journal.opened is None:
            journal.opened = await self._store.write(take_in, journal.inbound)
        acted = Acted(outcome="failed", problem=problem)
        if journal.inbound.mode != "shadow":
            told = await self._actor.apologise(journal, reference)
            acted = told.model_copy(update={"problem": problem})
        await self._record(journal, acted, reference)
        self._done(journal, acted)
        return acted

    async def _record(self, journal: Journal, acted: Acted, reference: str | None = None) -> None:
        await self._store.write(
            record, journal, acted, bot=self._front.bot_user, reference=reference
        )
