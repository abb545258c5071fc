"""The nightly run: summaries for the day's solved tickets, article drafts for some of them.

Everything is asked in message batches, at half the price, which may take a day. So a look begins a
run, submits what is to be asked, takes in what has been answered, and ends; a job looks again
every few minutes. What a look finds is in the database, so that a restart repeats nothing.
"""

import asyncio
from collections.abc import Awaitable, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from bot.batch.message_batches import MessageBatchQueue
from bot.batch.stop import StopSignal
from bot.config.cron import latest_time
from bot.config.desk import Desk
from bot.costs.reservation import SpendCap
from bot.costs.spending import SpendGuard
from bot.llm.client import Claude
from bot.llm.structured import AnswerLater, Ask, NoAnswer, Stopped
from bot.nightly.drafts import ArticleDrafts, person_of
from bot.nightly.log import NightLog
from bot.nightly.personal_data import TicketPerson, check_privacy
from bot.nightly.writer import ArticleWriter, DraftedArticle
from bot.notices import Alarms, Notices
from bot.summaries.summariser import Summariser
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from storage.db.database import Database
from storage.nightly import nights
from storage.nightly.article_drafts import ArticleDraft
from storage.nightly.nights import ListedTicket
from storage.nightly.tables import Night
from storage.tickets.tables import Message

# A request that expired or failed on the API's side is sent once more.
ROUNDS = 2
CHUNK = 5_000
# Seconds that one look waits for a busy API; the next look tries again.
PATIENCE = 30.0
# A desk that was down looks back so far, and at its first run one day.
LONGEST_BACK = timedelta(days=7)
FIRST_BACK = timedelta(days=1)
# A batch ends within a day, and what it leaves out within another.
LONGEST_NIGHT = timedelta(days=3)
ALARM = "night"

log = structlog.get_logger("nightly")


class NightlyRun:
    """Carries nightly runs on, one look at a time."""

    def __init__(  # noqa: PLR0913 - built in one place, by name
        self,
        *,
        store: Database,
        desk: Desk,
        claude: Claude,
        spend_guard: SpendGuard,
        alarms: Alarms,
        notices: Notices,
        workspace: Workspace,
        article_drafts: ArticleDrafts,
    ) -> None:
        self._store = store
        self._terms = desk.nightly
        self._zone = desk.zone
        self._claude = claude
        self._spend_guard = spend_guard
        self._alarms = alarms
        self._notices = notices
        self._workspace = workspace
        self._article_drafts = article_drafts
        self._summariser = Summariser(desk)
        self._article_writer = ArticleWriter(desk)
        self._looking = asyncio.Lock()

    async def continue_night(self, now: datetime | None = None) -> None:
        """Begin the run that is due, or take the one under way a step further. Never raises."""
        moment = now or datetime.now(UTC)
        async with self._looking:
            try:
                night = await self._store.read(nights.night_under_way) or await self._begin(moment)
                problem = await self._go_on(night, moment) if night else None
            except Exception as error:
                log.exception("nightly run failed")
                night, problem = None, f"an unexpected {type(error).__name__}"
            if night is not None or problem is not None:
                told = f"{problem}. It is tried again every few minutes."
                await self._alarms.set(ALARM, told if problem else None)

    async def _begin(self, now: datetime) -> Night | None:
        due = latest_time(self._terms.cron, now, self._zone)
        last = await self._store.read(nights.latest_night)
        if due is None or (last is not None and last.due_at >= due):
            return None
        since = max(last.due_at, due - LONGEST_BACK) if last else due - FIRST_BACK
        entries = await self._store.read(
            nights.night_candidates,
            since,
            due,
            self._terms.articles,
            summaries=self._terms.summaries,
        )
        await self._store.write(nights.begin_night, due, entries)
        log.info("nightly run begun", night=due.isoformat(), tickets=len(entries))
        return await self._store.read(nights.night_under_way)

    async def _go_on(self, night: Night, now: datetime) -> str | None:
        """One step; answers what keeps the run from going on, if anything does."""
        listed = await self._store.read(nights.listed_tickets, night.due_at)
        if not listed:
            await self._end(night, "done")
            return None
        if now - night.due_at > LONGEST_NIGHT:
            await self._end(night, "failed", f"{_tickets(len(listed))} given up after 3 days")
            return None
        tickets = {each.entry.ticket_id: each.ticket for each in listed}
        book = await NightLog(self._store, night.due_at, tickets).open_log()
        spend_cap = await self._spend_guard.spend_cap()
        problem = None
        if book.sendings or spend_cap.holds(1):
            problem = await self._work(night, listed, book, spend_cap)
        left = len(await self._store.read(nights.listed_tickets, night.due_at))
        if not left:
            await self._end(night, "done")
        elif not book.sendings and (spend_cap.refused or not spend_cap.holds(1)):
            await self._end(
                night, "skipped", f"{_tickets(left)} left out: {spend_cap.exceeded_text}"
            )
        else:
            return problem
        return None

    async def _work(
        self, night: Night, listed: Sequence[ListedTicket], book: NightLog, spend_cap: SpendCap
    ) -> str | None:
        stop_signal = StopSignal()
        batch_queue = MessageBatchQueue(
            self._claude,
            book,
            spend_cap,
            stop_signal,
            chunk=CHUNK,
            patience=PATIENCE,
            rounds=ROUNDS,
            waits=False,
            told=lambda said: log.info("batch", night=night.due_at.isoformat(), said=said),
        )
        works = [
            asyncio.create_task(work)
            for each in listed
            for work in self._works(each, batch_queue.ask)
        ]
        # Whoever waits for a batch of an earlier look is in line before that is taken up.
        await asyncio.sleep(0)
        carrying = asyncio.create_task(batch_queue.run())
        try:
            outcomes = await asyncio.gather(*works)
            stop_signal.now("looked")
            await carrying
        finally:
            carrying.cancel()
            with suppress(asyncio.CancelledError):
                await carrying
        stopped = [each for each in outcomes if each is not None]
        return stopped[0] if stopped else None

    def _works(self, each: ListedTicket, ask: Ask) -> Iterator[Coroutine[Any, Any, str | None]]:
        if each.entry.summary == "wanted":
            yield self._told(self._summarise(each, ask), each, "summary")
        if each.entry.article == "wanted":
            yield self._told(self._draft(each, ask), each, "article")

    async def _told(self, work: Awaitable[None], each: ListedTicket, what: str) -> str | None:
        """Do one piece of work; answers what stops it, None when it is done, failed or put off."""
        try:
            await work
        except AnswerLater:
            pass
        except (Stopped, CannotPost) as stopped:
            return str(stopped)
        except NoAnswer as error:
            log.warning("no answer", ticket=each.entry.ticket_id, what=what, why=str(error))
            await self._store.write(nights.settle_night_ticket, each.entry, **{what: "failed"})
        return None

    async def _summarise(self, each: ListedTicket, ask: Ask) -> None:
        text = transcript(each.said)
        if not text:
            await self._store.write(nights.settle_night_ticket, each.entry, summary="none")
            return
        labelled = await self._summariser.ticket(each.entry.key, text, ask)
        labels = labelled.model_dump()
        summary = labels.pop("summary")
        await self._store.write(nights.night_summarised, each.entry, summary, labels)

    async def _draft(self, each: ListedTicket, ask: Ask) -> None:
        asked = next((one.text for one in each.said if one.author == "customer"), "")
        drafted = await self._article_writer.draft(
            each.entry.key, asked, transcript(each.said), ask
        )
        if not drafted.usable:
            await self._store.write(nights.settle_night_ticket, each.entry, article="none")
            return
        names = await self._workspace.names(each.ticket.requester_id)
        article_draft = self._article_draft(each, drafted, person_of(names, each.said, each.orders))
        await self._store.write(nights.night_drafted, each.entry, article_draft)
        self._article_drafts.touch()

    def _article_draft(
        self, each: ListedTicket, drafted: DraftedArticle, person: TicketPerson
    ) -> ArticleDraft:
        title, body = " ".join(drafted.title.split()), drafted.body.strip()
        text = f"{title}\n\n{body}"
        return ArticleDraft(
            ticket_id=each.entry.ticket_id,
            solved_at=each.entry.solved_at,
            title=title,
            body=body,
            audience=drafted.audience,
            language=drafted.language,
            model=self._article_writer.model,
            drafted=text,
            findings=[asdict(finding) for finding in check_privacy(text, person)],
        )

    async def _end(self, night: Night, state: str, problem: str | None = None) -> None:
        tally = await self._store.read(nights.count_night, night.due_at)
        await self._store.write(nights.end_night, night.due_at, state, problem)
        self._spend_guard.put_back()
        log.info("nightly run over", night=night.due_at.isoformat(), state=state, **tally)
        failed = sum(count for name, count in tally.items() if name.endswith(" failed"))
        if state == "done" and failed:
            problem = f"{failed} of {sum(tally.values())} summaries and drafts got no answer"
        if problem:
            await self._notices.tell(
                f"night:{night.due_at.isoformat()}:{state}",
                "alarm" if state == "failed" else "warning",
                "The nightly run left something out",
                f"{problem}.",
            )


def transcript(said: Sequence[Message]) -> str:
    """What was said in a ticket, a line each, so that no text can pass for somebody else's."""
    return "\n".join(f"[{each.author}] {' '.join(each.text.split())}" for each in said if each.text)


def _tickets(count: int) -> str:
    return "1 ticket was" if count == 1 else f"{count:,} tickets were"
