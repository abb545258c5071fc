"""The story of one message, from Slack to the ledger: its stages, top to bottom."""

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from bot import metrics, tracing
from bot.config.desk import Desk
from bot.messages.inbound import IncomingMessage
from bot.pipeline.act import Publisher
from bot.pipeline.answer import ArticleSearch, Composer
from bot.pipeline.assess import Assessor
from bot.pipeline.context import Accepted, Assessed, Composed, Opened, Published, Read, Routed
from bot.pipeline.decision import facts_of
from bot.pipeline.gather import Gatherer
from bot.pipeline.intake import Intake
from bot.pipeline.open import already_left_alone, open_message
from bot.pipeline.read import ReadStage
from bot.pipeline.record import Recorder
from bot.pipeline.rescue import Rescue
from bot.pipeline.revisions import Revisions
from bot.pipeline.route import Beside, left_alone, route
from bot.runtime.tasks import alongside
from bot.runtime.workflows import Workflows
from storage.db.database import Database

# A customer who keeps editing while the answer is written gets this many fresh attempts.
ROUNDS = 4
# Stories worked on at once. In a burst the rest wait here, written down and with their sign given,
# so that accepting the next message is not held up by finishing the one before.
DESKS = 40

log = structlog.get_logger("story")


@dataclass(frozen=True)
class Stages:
    """What each stage of a story is done by; `open` and `route` are functions."""

    gather: Gatherer
    read: ReadStage
    assess: Assessor
    answer: Composer
    act: Publisher
    record: Recorder


class StageTimer:
    """The milliseconds that each stage of one story took, all rounds together."""

    def __init__(self) -> None:
        self.ms: dict[str, int] = {}

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes."""
        started = time.monotonic()
        try:
            with tracing.span(stage):
                yield
        finally:
            took = time.monotonic() - started
            metrics.stage_took(stage, took)
            self.ms[stage] = self.ms.get(stage, 0) + round(took * 1000)


class Pipeline:
    """Tells the story of each message: open, read, assess, route, answer, act, record."""

    def __init__(
        self,
        workflows: Workflows,
        store: Database,
        desk: Desk,
        intake: Intake,
        revisions: Revisions,
        stages: Stages,
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._desk = desk
        self._intake = intake
        self._revisions = revisions
        self._stages = stages
        self._rescue = Rescue(store, stages.act, stages.record)
        self._desks = asyncio.Semaphore(DESKS)

    async def wait_idle(self) -> None:
        """Wait until no story is under way, every card is drawn and every sign stands."""
        await self._intake.wait_idle()
        await self._workflows.wait_idle()
        await self._intake.wait_idle()
        await self._stages.record.wait_idle()

    async def run(self, payload: dict[str, Any]) -> str:
        """The story of one message, as the engine tells it; answers its outcome."""
        inbound = IncomingMessage.model_validate(payload)
        # Every line that is logged on its way has the message's key.
        with bound_contextvars(message=inbound.key), tracing.span("story", message=inbound.key):
            outcome = await self._story(inbound)
            tracing.tell(outcome=outcome)
            return outcome

    async def _story(self, inbound: IncomingMessage) -> str:
        accepted, timer = await self._intake.greeted(inbound), StageTimer()
        reached: Accepted | Published = accepted
        async with self._intake.turn(inbound), self._desks:
            began = time.monotonic()
            try:
                if reason := await already_left_alone(self._store, inbound):
                    return await self._leave(accepted, reason)
                with timer.timed("read"):
                    reached = accepted = await self._stages.gather.gather(accepted)
                async with aclosing(self._tell(accepted, timer)) as stages:
                    async for stage in stages:
                        reached = stage
            except Exception as error:  # noqa: BLE001 - the one place where any failure becomes a person
                reached = await self._rescue.rescue(reached, error, timer.ms)
            finally:
                self._stages.record.close(inbound)
                self._intake.done(inbound)
        match reached:
            case Published():
                await self._intake.over(accepted.inbound, reached)
                metrics.story_told(reached.outcome, time.monotonic() - began)
                log.info("message handled", message=accepted.inbound.key, **facts_of(reached))
                return reached.outcome
            case _:
                raise RuntimeError("the last stage publishes")

    async def _leave(self, accepted: Accepted, reason: str) -> str:
        """End a story that has become none of the desk's business before it began."""
        await self._intake.leave_alone(accepted.inbound, reason)
        await self._intake.over(accepted.inbound)
        metrics.story_told("left_alone", 0)
        log.info("left alone", message=accepted.inbound.key, reason=reason)
        return "left_alone"

    async def _tell(
        self, accepted: Accepted, timer: StageTimer
    ) -> AsyncGenerator[Opened | Published, None]:
        """The stages, top to bottom; `run` knows of each as soon as it is reached."""
        stages = self._stages
        with timer.timed("open"):
            opened = await open_message(self._store, accepted)
        yield opened
        if opened.ticket.joined:
            published = Published(reached=opened, outcome="joined")
        elif opened.ticket.deleted:
            published = Published(reached=opened, outcome="cancelled")
        elif opened.told_to_people:
            if opened.ticket.waiting or opened.renames:
                # Nothing was left to do, or something else: find out what there is now.
                with timer.timed("triage"):
                    opened = await stages.assess.assess(await stages.read.read_thread(opened))
                yield opened
            published = await stages.act.overhear(opened)
        else:
            progress = stages.read.begin_progress(opened)
            with timer.timed("read"):
                read = await stages.read.read(opened, progress)
            composed: Composed | None = None
            for patience in reversed(range(ROUNDS)):
                yield read
                async with alongside(stages.answer.search(read)) as search:
                    with timer.timed("triage"):
                        assessed = await self._one_matter(read)
                    yield assessed
                    if await self._asks_the_same(assessed, search):
                        published = await stages.act.note_edit(assessed)
                        break
                    routed = self._routed(assessed)
                    yield routed
                    with timer.timed("answer"):
                        composed = await self._compose(routed, read, search, composed)
                yield composed
                with timer.timed("act"):
                    acted = await stages.act.publish(composed, last=not patience)
                if isinstance(acted, Published):
                    published = await stages.read.tell_unread(composed, acted, progress)
                    break
                with timer.timed("read"):
                    read = await stages.read.read_again(composed, acted, progress)
        if published.outcome == "failed":
            problem = published.problem or "could not post"
            yield await self._rescue.fail(published.reached, problem, timer.ms)
            return
        published = replace(published, stage_ms=timer.ms)
        yield published
        await self._intake.heed(published)
        await stages.record.record(published)
        await stages.record.follow_up(published)
        await self._revisions.settle(published)

    async def _asks_the_same(self, assessed: Assessed, search: ArticleSearch) -> bool:
        """Whether the edit of a message leaves what was answered as it is."""
        if not assessed.edited or assessed.ticket.drafted:
            return False
        return await self._stages.assess.asks_the_same(assessed, await search)

    async def _one_matter(self, read: Read) -> Assessed:
        """What a message wants; what came in a row with it and is another matter is parted."""
        assessed = await self._stages.assess.assess(read)
        while assessed.assessment.apart:
            await self._intake.part(assessed.inbound, assessed.assessment.apart)
            apart = await self._stages.read.apart(assessed)
            assessed = await self._stages.assess.assess(apart)
        return assessed

    def _routed(self, assessed: Assessed) -> Routed:
        inbound, revised = assessed.inbound, self._revisions.now(assessed.inbound.key)
        if revised is not None and revised.left_alone is not None:
            return Routed(**vars(assessed), route=left_alone(revised.left_alone))
        judged_anew = revised is not None and revised.content is not None and not inbound.pulled
        chosen = route(
            assessed.assessment,
            self._desk,
            inbound.mode,
            addressed=revised.addressed if revised and judged_anew else inbound.addressed,
            beside=_beside(assessed),
            too_late=inbound.missed == "old",
        )
        return Routed(**vars(assessed), route=chosen)

    async def _compose(
        self, routed: Routed, read: Read, search: ArticleSearch, before: Composed | None
    ) -> Composed:
        """The words; those of the round before where nothing was added but another matter."""
        heard = routed.heard
        parted = not read.heard.same_as(heard)
        if before is not None and parted and before.heard.same_as(heard):
            return replace(before, calls=routed.calls)
        if read.heard.text == heard.text:
            return await self._stages.answer.compose(routed, search)
        async with alongside(self._stages.answer.search(routed)) as fresh:
            return await self._stages.answer.compose(routed, fresh)


def _beside(opened: Opened) -> Beside | None:
    """Where a message stands that need not be for the desk."""
    inbound = opened.inbound
    if inbound.pulled == "overheard":
        return "talk"
    return "ticket" if inbound.user != opened.ticket.requester_id and not inbound.alone else None
