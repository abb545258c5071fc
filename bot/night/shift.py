"""The night shift: summaries for the day's solved tickets, drafts of articles for some of them.

At night everything is asked in message batches, at half the price, which may take a day. So a look
begins a night, submits what is to be asked, takes in what has been answered, and ends; the clock
looks again every few minutes. What a look finds is in the store, so that a restart repeats nothing.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.alarms import Alarms
from bot.asking import Ask, NoAnswer, PutOff, Stopped
from bot.batch.bulk import Bulk
from bot.batch.halt import Halt
from bot.batch.purse import Purse
from bot.bulletins import Bulletins
from bot.claude import Claude
from bot.cron import latest_time
from bot.desk import Desk
from bot.frontdesk import CannotPost, FrontDesk
from bot.night.editor import Drafted, Editor
from bot.night.log import NightLog
from bot.night.manuscripts import Manuscripts, person_of
from bot.night.privacy import Person, check
from bot.summarising import Summariser
from bot.till import Till
from storage import manuscripts, nights
from storage.database import Database, Session
from storage.manuscripts import Manuscript
from storage.models import Message
from storage.nights import Listed, Night

# A request that expired or failed on the API's side is sent once more.
ROUNDS = 2
CHUNK = 5_000
# Seconds that one look waits for a busy API; the next look tries again.
PATIENCE = 30.0
# A desk that was down looks back so far, and at its first night one day.
LONGEST_BACK = timedelta(days=7)
FIRST_BACK = timedelta(days=1)
# A batch ends within a day, and what it leaves out within another.
LONGEST_NIGHT = timedelta(days=3)
ALARM = "night"

log = structlog.get_logger("night")


class Nightshift:
    """Looks after the nights, one look at a time."""

    def __init__(  # noqa: PLR0913 - built in one place, by name
        self,
        *,
        store: Database,
        desk: Desk,
        claude: Claude,
        till: Till,
        alarms: Alarms,
        bulletins: Bulletins,
        front: FrontDesk,
        manuscripts: Manuscripts,
    ) -> None:
        self._store = store
        self._terms = desk.nightly
        self._zone = desk.zone
        self._claude = claude
        self._till = till
        self._alarms = alarms
        self._bulletins = bulletins
        self._front = front
        self._manuscripts = manuscripts
        self._summariser = Summariser(desk)
        self._editor = Editor(desk)
        self._looking = asyncio.Lock()

    async def look(self, now: datetime | None = None) -> None:
        """Begin the night that is due, or take the one under way a step further. Never raises."""
        moment = now or datetime.now(UTC)
        async with self._looking:
            try:
                night = await self._store.read(nights.under_way) or await self._begin(moment)
                problem = await self._go_on(night, moment) if night else None
            except Exception as error:
                log.exception("night failed")
                night, problem = None, f"an unexpected {type(error).__name__}"
            if night is not None or problem is not None:
                told = f"{problem}. It is tried again every few minutes."
                await self._alarms.set(ALARM, told if problem else None)

    async def _begin(self, now: datetime) -> Night | None:
        due = latest_time(self._terms.cron, now, self._zone)
        last = await self._store.read(nights.latest)
        if due is None or (last is not None and last.due_at >= due):
            return None
        since = max(last.due_at, due - LONGEST_BACK) if last else due - FIRST_BACK
        entries = await self._store.read(nights.candidates, since, due, self._terms.articles)
        if not self._terms.summaries:
            entries = [each for each in entries if each.article == "wanted"]
            for each in entries:
                each.summary = "none"
        await self._store.write(nights.begin, due, entries)
        log.info("night begun", night=due.isoformat(), tickets=len(entries))
        return await self._store.read(nights.under_way)

    async def _go_on(self, night: Night, now: datetime) -> str | None:
        """One step; answers what keeps the night from going on, if anything does."""
        listed = await self._store.read(nights.listed, night.due_at)
        if not listed:
            await self._end(night, "done")
            return None
        if now - night.due_at > LONGEST_NIGHT:
            await self._end(night, "failed", f"{_tickets(len(listed))} given up after 3 days")
            return None
        tickets = {each.entry.ticket_id: each.ticket for each in listed}
        book = await NightLog(self._store, night.due_at, tickets).read()
        purse = await self._till.purse()
        problem = None
        if book.sendings or purse.holds(1):
            problem = await self._work(night, listed, book, purse)
        left = len(await self._store.read(nights.listed, night.due_at))
        if not left:
            await self._end(night, "done")
        elif not book.sendings and (purse.refused or not purse.holds(1)):
            await self._end(night, "skipped", f"{_tickets(left)} left out: {purse.told}")
        else:
            return problem
        return None

    async def _work(
        self, night: Night, listed: Sequence[Listed], book: NightLog, purse: Purse
    ) -> str | None:
        halt = Halt()
        bulk = Bulk(
            self._claude,
            book,
            purse,
            halt,
            chunk=CHUNK,
            patience=PATIENCE,
            rounds=ROUNDS,
            waits=False,
            told=lambda said: log.info("batch", night=night.due_at.isoformat(), said=said),
        )
        works = [
            asyncio.create_task(work) for each in listed for work in self._works(each, bulk.ask)
        ]
        # Whoever waits for a batch of an earlier look is in line before that is taken up.
        await asyncio.sleep(0)
        carrying = asyncio.create_task(bulk.run())
        try:
            outcomes = await asyncio.gather(*works)
            halt.now("looked")
            await carrying
        finally:
            carrying.cancel()
            with suppress(asyncio.CancelledError):
                await carrying
        stopped = [each for each in outcomes if each is not None]
        return stopped[0] if stopped else None

    def _works(self, each: Listed, ask: Ask) -> Iterator[Coroutine[Any, Any, str | None]]:
        if each.entry.summary == "wanted":
            yield self._told(self._summarise(each, ask), each, "summary")
        if each.entry.article == "wanted":
            yield self._told(self._draft(each, ask), each, "article")

    async def _told(self, work: Awaitable[None], each: Listed, what: str) -> str | None:
        """Do one piece of work; answers what stops it, None when it is done, failed or put off."""
        try:
            await work
        except PutOff:
            pass
        except (Stopped, CannotPost) as stopped:
            return str(stopped)
        except NoAnswer as error:
            log.warning("no answer", ticket=each.entry.ticket_id, what=what, why=str(error))
            await self._store.write(nights.settle, each.entry, **{what: "failed"})
        return None

    async def _summarise(self, each: Listed, ask: Ask) -> None:
        text = transcript(each.said)
        if not text:
            await self._store.write(nights.settle, each.entry, summary="none")
            return
        labelled = await self._summariser.ticket(each.entry.key, text, ask)
        labels = labelled.model_dump()
        summary = labels.pop("summary")
        await self._store.write(nights.summarised, each.entry, summary, labels)

    async def _draft(self, each: Listed, ask: Ask) -> None:
        asked = next((one.text for one in each.said if one.author == "customer"), "")
        drafted = await self._editor.draft(each.entry.key, asked, transcript(each.said), ask)
        if not drafted.usable:
            await self._store.write(nights.settle, each.entry, article="none")
            return
        names = await self._front.names(each.ticket.requester_id)
        manuscript = self._manuscript(each, drafted, person_of(names, each.said, each.orders))
        await self._store.write(_hand_over, each, manuscript)
        self._manuscripts.touch()

    def _manuscript(self, each: Listed, drafted: Drafted, person: Person) -> Manuscript:
        title, body = " ".join(drafted.title.split()), drafted.body.strip()
        text = f"{title}\n\n{body}"
        return Manuscript(
            ticket_id=each.entry.ticket_id,
            solved_at=each.entry.solved_at,
            title=title,
            body=body,
            audience=drafted.audience,
            language=drafted.language,
            model=self._editor.model,
            drafted=text,
            findings=[asdict(finding) for finding in check(text, person)],
        )

    async def _end(self, night: Night, state: str, problem: str | None = None) -> None:
        tally = await self._store.read(nights.tally, night.due_at)
        await self._store.write(nights.end, night.due_at, state, problem)
        self._till.put_back()
        log.info("night over", night=night.due_at.isoformat(), state=state, **tally)
        failed = sum(count for name, count in tally.items() if name.endswith(" failed"))
        if state == "done" and failed:
            problem = f"{failed} of {sum(tally.values())} summaries and drafts got no answer"
        if problem:
            await self._bulletins.tell(
                f"night:{night.due_at.isoformat()}:{state}",
                "alarm" if state == "failed" else "warning",
                "The night shift left something out",
                f"{problem}.",
            )


def transcript(said: Sequence[Message]) -> str:
    """What was said in a ticket, a line each, so that no text can pass for somebody else's."""
    return "\n".join(f"[{each.author}] {' '.join(each.text.split())}" for each in said if each.text)


def _hand_over(session: Session, each: Listed, manuscript: Manuscript) -> None:
    manuscripts.add(session, manuscript)
    nights.settle(session, each.entry, article="done")


def _tickets(count: int) -> str:
    return "1 ticket was" if count == 1 else f"{count:,} tickets were"
