"""The story of one message, from Slack to the ledger."""

import asyncio
from collections.abc import Coroutine, Sequence
from typing import Any
from uuid import uuid4

import structlog

from bot import judging
from bot.acting import Actor
from bot.answering import SEARCHED, Answer, Answerer, Inquiry, searched
from bot.attachments import Attachments
from bot.beside import beside
from bot.cards import Cards
from bot.engine import Engine, PutAside
from bot.frontdesk import FrontDesk
from bot.inbound import File, Inbound, Mode, Revised
from bot.journal import SPOKEN, Acted, Journal, Opened, record
from bot.lanes import Lanes
from bot.modes import Modes
from bot.progress import Progress, Told
from bot.reception import STORY, Reception
from bot.retrieval import Library
from bot.reuse import Reuse
from bot.routing import route
from bot.thread import Thread, thread_of
from bot.till import Till
from bot.triage import MAX_THREAD, Triage, Triaged, Triager
from storage import inbox, tickets
from storage.database import Database, Session
from storage.documents import Hit
from storage.tickets import Arrival

# A customer who keeps editing while the answer is written gets this many fresh attempts.
ROUNDS = 4
# Stories worked on at once. In a burst the rest wait here, written down and with their sign given,
# so that accepting the next message is not held up by finishing the one before.
DESKS = 40
# What became of a message when the customer was told something.
TOLD = SPOKEN | {"handed_over", "drafted"}
# Characters of the thread that the articles are searched with.
LOOKED_AT = 4_000
Search = asyncio.Task[Sequence[Hit]]

log = structlog.get_logger("story")


class Pipeline:
    """Tells the story of each message: open, triage, route, answer, act, record."""

    def __init__(  # noqa: PLR0913 - built in one place, by name
        self,
        *,
        engine: Engine,
        store: Database,
        modes: Modes,
        triager: Triager,
        library: Library,
        reuse: Reuse,
        answerer: Answerer,
        attachments: Attachments,
        front: FrontDesk,
        cards: Cards,
        till: Till,
    ) -> None:
        self._engine = engine
        self._store = store
        self._desk = modes.desk
        self._modes = modes
        self._triager = triager
        self._library = library
        self._reuse = reuse
        self._answerer = answerer
        self._attachments = attachments
        self._front = front
        self._cards = cards
        self._till = till
        self._actor = Actor(engine, store, front, cards)
        self._lanes = Lanes()
        self._greeted: dict[str, bool] = {}
        self._reception = Reception(engine, store, self._lanes, self._greet)
        self._desks = asyncio.Semaphore(DESKS)
        self._signs: set[asyncio.Task[None]] = set()

    async def resume(self) -> None:
        """Let stories that a crash cut short go ahead of what comes in now, thread by thread."""
        for payload in await self._engine.unfinished(STORY):
            inbound = Inbound.model_validate(payload)
            self._lanes.join(inbound.thread, inbound.ts)
        await self._reception.resume()

    async def quiet(self) -> None:
        """Wait until no story is under way, every card is drawn and every sign stands."""
        await self._reception.quiet()
        await self._engine.quiet()
        while self._signs or self._cards.drawing:
            await asyncio.gather(*self._signs)
            await self._cards.quiet()

    async def stop(self) -> None:
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
        number = await self._store.write(_overheard, inbound, expected=expected)
        if number is None:
            return False
        self._cards.touch(number)
        return True

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
            opened = journal.opened = await self._open(inbound)
        if opened.deleted:
            acted = Acted(outcome="cancelled")
        elif opened.human:
            acted = await self._overhear(inbound, journal)
        else:
            acted = await self._handle(inbound, journal)
        if acted.outcome == "failed":
            return await self._fail(journal, acted.problem or "could not post")
        journal.acted = acted
        await self._record(journal, acted)
        self._done(journal, acted)
        if journal.triaged is not None:
            await self._till.review(inbound, journal.triaged.allowance, journal.calls)
        return acted

    async def _overhear(self, inbound: Inbound, journal: Journal) -> Acted:
        """A person has the word. Where nothing was left to do, find out whether there is again."""
        if journal.ticket.waiting:
            journal.thread = await self._thread(inbound)
            with journal.timed("triage"):
                journal.triaged = await self._engine.step(
                    "triage", Triaged, self._triage, inbound, journal.ticket.text, journal
                )
            journal.calls += journal.triaged.calls
        return await self._actor.overhear(journal)

    async def _handle(self, inbound: Inbound, journal: Journal) -> Acted:
        text, files = journal.ticket.text, inbound.files
        journal.thread = await self._thread(inbound)
        progress = Progress(self._front, self._engine, inbound, journal.ticket.language)
        for patience in reversed(range(ROUNDS)):
            with journal.timed("read"):
                await self._read(journal, text, files, progress)
            words = text[:SEARCHED].strip()
            async with beside(self._library.find(words, journal.thread.text(LOOKED_AT))) as search:
                with journal.timed("triage"):
                    journal.triaged = await self._engine.step(
                        "triage", Triaged, self._triage, inbound, text, journal
                    )
                journal.calls += journal.triaged.calls
                allowance = journal.triaged.allowance
                journal.route = route(journal.triaged, self._desk, inbound.mode, allowance)
                besides = journal.attached.tokens
                model = journal.route.model
                self._till.expect(inbound, journal.calls, "answer", model, besides=besides)
                with journal.timed("answer"):
                    journal.answer = await self._answer(journal, search)
            # What a re-run finds written down may be the verdict on an older text.
            text = journal.triaged.text
            with journal.timed("act"):
                heeded = text if patience else None
                acted = await self._actor.act(journal, heeded)
            if acted.edited is None:
                return await self._told(journal, acted, progress)
            text = acted.edited
        raise RuntimeError("the last round heeds no edit, so it always acts")

    async def _read(
        self, journal: Journal, text: str, files: Sequence[File], progress: Progress
    ) -> None:
        """Read what is attached and was not read in an earlier round."""
        inbound, known = journal.inbound, journal.attached

        async def afford(tokens: int) -> bool:
            if self._till.refused:
                return False
            allowed = await self._till.allowance(inbound, journal.calls)
            model = self._desk.models.triage
            self._till.expect(inbound, journal.calls, "triage", model, besides=tokens)
            return allowed.level != "stopped"

        new = await self._attachments.read(text, files, known, progress=progress, afford=afford)
        journal.attached = known.plus(new)
        journal.calls += new.calls

    async def _told(self, journal: Journal, acted: Acted, progress: Progress) -> Acted:
        """Once something was said to the customer, say also what could not be read."""
        attached = journal.attached
        noteworthy = attached.unread or any(paper.parts > 1 for paper in attached.papers)
        if not noteworthy or acted.outcome not in TOLD:
            return acted
        told = await self._engine.step("files", Told, progress.end, attached, journal.language)
        posts = (*acted.posts, told.posted) if told.posted else acted.posts
        return acted.model_copy(update={"posts": posts})

    async def _open(self, inbound: Inbound) -> Opened:
        opened = await self._store.write(_opened, arrival(inbound))
        ticket = opened.ticket
        return Opened(
            ticket_id=ticket.id or 0,
            number=ticket.number,
            text=opened.message.text,
            deleted=opened.deleted,
            human=ticket.human_since is not None,
            handed_over=ticket.handed_over_at is not None,
            waiting=ticket.status != "open",
            language=ticket.language,
        )

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
        self._beside(self._front.sign(inbound.channel, inbound.ts, "eyes", on=True))
        return True

    def _done(self, journal: Journal, acted: Acted) -> None:
        """Show the agents what became of the message, and take the sign of work off it."""
        inbound, number = journal.inbound, journal.ticket.ticket_id
        self._cards.touch(number)
        if journal.signed and acted.outcome != "cancelled":
            self._beside(self._cards.done_with(number, inbound.channel, inbound.ts))

    def _beside(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._signs.add(task)
        task.add_done_callback(self._signs.discard)

    async def _triage(self, inbound: Inbound, text: str, journal: Journal) -> Triaged:
        attached = journal.attached
        if not (journal.thread.lines or attached.seen or inbound.thread_ts):
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

    async def _answer(self, journal: Journal, search: Search) -> Answer | None:
        """The words to publish, when the route wants any: a courtesy from triage, or an answer."""
        inquiry = journal.inquiry(self._desk)
        if journal.route is None or inquiry is None:
            return None
        if journal.route.action == "reply":
            return self._answerer.courtesy(inquiry)
        if journal.triaged is not None and journal.triaged.approved is not None:
            return self._answerer.again(inquiry, journal.triaged.approved)
        answer = await self._engine.step("answer", Answer, self._compose, inquiry, search)
        journal.calls += answer.calls
        return answer

    async def _compose(self, inquiry: Inquiry, search: Search) -> Answer:
        asked = searched(inquiry.text, inquiry.triage)
        if asked == inquiry.text[:SEARCHED].strip():
            hits = await search
        else:
            hits = await self._library.find(asked, inquiry.thread.text(LOOKED_AT))
        pictures = await self._attachments.blocks(inquiry.attached)
        return await self._answerer.answer(inquiry, hits, pictures)

    async def _thread(self, inbound: Inbound) -> Thread:
        """What was said before in the thread, from our own tables."""
        if inbound.thread_ts is None:
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
            journal.opened = await self._open(journal.inbound)
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


def _opened(session: Session, said: Arrival) -> tickets.Opened:
    """From here on the message is in its ticket, and no longer in the inbox."""
    inbox.remove(session, said.key)
    return tickets.open_for(session, said)


def _overheard(session: Session, inbound: Inbound, *, expected: bool) -> int | None:
    """The number of the agent's ticket; `expected` is one that its thread is about to become."""
    ticket = tickets.of_thread(session, inbound.team, inbound.channel, inbound.root)
    if ticket is None and not expected:
        return None
    number = tickets.open_for(session, arrival(inbound)).ticket.id or 0
    judging.ignored_drafts(session, number, inbound.text, inbound.user)
    return number


def arrival(inbound: Inbound) -> Arrival:
    """A message as the store takes it in."""
    return Arrival(
        key=inbound.key,
        team_id=inbound.team,
        channel_id=inbound.channel,
        ts=inbound.ts,
        thread_ts=inbound.root,
        author_id=inbound.user,
        author=inbound.author,
        requester_id=inbound.requester or inbound.user,
        text=inbound.text,
        private=inbound.private,
        sent_at=inbound.sent_at,
        files=[file.model_dump() for file in inbound.files],
    )
