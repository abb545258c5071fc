"""Taking messages in: written down, acknowledged, and only then begun.

Messages that arrive together are written down in one commit, so that a crowd is acknowledged about
as soon as a single one. Nobody is greeted while there is a crowd at the door, and no story begins
while a crowd is greeted; it is begun at the next start when the process ends before.
"""

import asyncio
from collections.abc import Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta

import structlog

from bot import metrics
from bot.answers.streaming import AnswerStreams
from bot.config.modes import Mode
from bot.messages.burst_book import BurstBook
from bot.messages.channel_modes import ChannelModes
from bot.messages.inbound import IncomingMessage, message_key
from bot.pipeline.context import Accepted, Published
from bot.pipeline.message_order import MessageOrder, SharedMessageOrder
from bot.pipeline.open import arrival_of
from bot.runtime.backpressure import Backpressure
from bot.runtime.catch_up import CatchUp
from bot.runtime.tasks import BackgroundTasks
from bot.runtime.workflows import Workflows
from bot.tickets.cards import CardKeeper
from bot.tickets.signs import SignKeeper
from storage.answers.left_alone import join_silently, pull_in, record_left_alone
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.intake import arrivals, inbox
from storage.intake.arrivals import record_agent_message
from storage.intake.splitting import split_burst
from storage.tickets import bursts, messages, tickets

WORKFLOW = "message"
# Seconds that a story waits before it is begun again after a failure, and that those about to begin
# are given when the process stops.
PAUSE = 1.0
GRACE = 1.0

log = structlog.get_logger("reception")


class Intake:
    """Takes in what is said, keeps its order, and begins a story for each customer's message."""

    def __init__(  # noqa: PLR0913 - built in one place, by name
        self,
        *,
        workflows: Workflows,
        store: Database,
        modes: ChannelModes,
        streams: AnswerStreams,
        cards: CardKeeper,
        signs: SignKeeper,
        catch_up: CatchUp,
        crowd: Callable[[], Backpressure] = Backpressure,
        pause: float = PAUSE,
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._modes = modes
        self._streams = streams
        self._signs = signs
        self._cards = cards
        self._catch_up = catch_up
        shared, seconds = workflows.replicas.several, modes.desk.bursts.seconds
        self._bursts = BurstBook(seconds, store, shared=shared)
        self._order: MessageOrder = MessageOrder()
        if shared:
            self._order = SharedMessageOrder(store, workflows)
        self._coming: set[str] = set()
        self._backpressure = crowd()
        self._greeting = crowd()
        self._pause = pause
        self._beginning = BackgroundTasks()

    async def resume(self) -> None:
        """Begin what an earlier process took in and did not begin.

        Stories that a crash cut short go ahead of what comes in now, thread by thread.
        """
        if not self._workflows.replicas.several:
            # Whose turn it is among several processes stands in the database.
            for payload in await self._workflows.unfinished(WORKFLOW):
                self._order.expect(IncomingMessage.model_validate(payload))
        since = utc_now() - timedelta(seconds=self._modes.desk.bursts.seconds)
        self._bursts.recall(await self._store.read(bursts.opened_since, since))
        await self._begin_waiting()

    async def take_over(self, dead: str) -> None:
        """Begin what a process that died had taken in and not begun."""
        taken = {(each.thread, each.ts) for each in await self._order.take_over(dead)}
        await self._begin_waiting(taken)

    async def _begin_waiting(self, taken: Collection[tuple[str, str]] = ()) -> None:
        """Begin what waits in the inbox: what was `taken` over, and what nobody announced."""
        for payload in await self._store.read(inbox.waiting_messages):
            inbound = IncomingMessage.model_validate(payload)
            if self._workflows.under_way(inbound.story) or inbound.key in self._coming:
                continue
            mine = (inbound.thread, inbound.said_ts) in taken
            if mine or await self._order.announced(inbound):
                self._expect(inbound)
                self._begin(inbound)

    async def receive(self, inbound: IncomingMessage) -> None:
        """Accept a message by a customer: more of what they have just said, or a matter of its own.

        What is more of something is stored at once, so that an answer that is being written can
        heed it.
        """
        root = await self._bursts.join_burst(inbound)
        if root is not None:
            inbound = inbound.in_burst(root)
            await self._store.write(arrivals.open_for_arrival, arrival_of(inbound))
        await self.accept(inbound)

    async def adopt(self, inbound: IncomingMessage) -> str:
        """Make a ticket of a message that people point at; answers its number, new or old."""
        inbound = inbound.model_copy(update={"addressed": True, "pulled": "adopted"})
        number = await self._store.write(pull_in, arrival_of(inbound))
        await self.accept(inbound)
        return number

    async def accept(self, inbound: IncomingMessage) -> None:
        """Write a message down durably; once this returns it is not lost. Twice is a no-op."""
        key = inbound.key
        if key in self._coming or any(map(self._workflows.under_way, {key, inbound.story})):
            return
        self._expect(inbound)
        fresh = False
        try:
            payload = inbound.model_dump(mode="json")
            with self._backpressure, self._signs.meanwhile(inbound, self._concerns_us):
                fresh = await self._store.write(
                    inbox.put_message, key, payload, self._order.row(inbound)
                )
        finally:
            if not fresh:
                self._forget(inbound)
        if fresh:
            metrics.message_taken_in("event" if inbound.missed is None else "history")
            self._begin(inbound)
        else:
            await self._signs.none_begins(inbound)

    async def agent_spoke(self, inbound: IncomingMessage) -> bool:
        """An agent's word in a ticket's thread: stored at once, and the bot keeps quiet from there.

        It does not wait for the thread's turn, because it has to stop an answer that is being
        written. False when the thread is no ticket.
        """
        expected = await self._order.expects(inbound.thread)
        arrival = arrival_of(inbound)
        number = await self._store.write(record_agent_message, arrival, expected=expected)
        if number is None:
            return False
        self._streams.stop(inbound.channel, inbound.root, inbound.user)
        self._cards.touch(number)
        return True

    async def retell(self, inbound: IncomingMessage) -> None:
        """Begin the story of an edit, which was put into the inbox with it."""
        if inbound.key in self._coming or self._workflows.under_way(inbound.story):
            return
        if await self._order.announced(inbound):
            self._expect(inbound)
            self._begin(inbound)

    @property
    def shared(self) -> bool:
        """Whether other processes tell stories as well."""
        return self._workflows.replicas.several

    def tells(self, key: str) -> bool:
        """Whether the story of a message is told here; where nobody else is, it always is."""
        return not self.shared or key in self._coming or self._workflows.under_way(key)

    async def overhears(self, thread: str) -> bool:
        """Whether a thread is a ticket only until it is known whether the desk was meant there."""
        return await self._order.overhears(thread)

    async def joins(self, inbound: IncomingMessage) -> bool:
        """Keep thanks or an okay with what its author said a moment before, where that is a ticket.

        Nothing is said to it, and nothing waits for it.
        """
        root = await self._bursts.burst_before(inbound)
        if root is None:
            return False
        expected = await self._order.expects(message_key(inbound.team, inbound.channel, root))
        arrival = arrival_of(inbound.in_burst(root))
        return await self._store.write(join_silently, arrival, expected=expected)

    async def leave_alone(self, inbound: IncomingMessage, reason: str) -> None:
        """A message between people: no sign, no story; it stays with the ticket of its thread."""
        await self._store.write(record_left_alone, arrival_of(inbound), reason)

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
        if channel == self._modes.desk.desk.agents_channel:
            return "off"
        ticket = await self._store.read(tickets.ticket_of_thread, team, channel, thread_ts)
        if ticket is None:
            return "off"
        return "shadow" if self._modes.silenced(channel) else "auto"

    async def requester(
        self, team: str, channel: str, thread_ts: str, *, starter: str | None
    ) -> str | None:
        """Whose ticket a thread is, or is about to become, its starter's; None where it is none."""
        ticket = await self._store.read(tickets.ticket_of_thread, team, channel, thread_ts)
        if ticket is not None:
            return ticket.requester_id
        expected = await self._order.expects(message_key(team, channel, thread_ts))
        return starter if expected else None

    async def greeted(self, inbound: IncomingMessage) -> Accepted:
        """The message as its story begins with it; its author sees that if it takes longer."""
        await self._greet(inbound)
        # What was missed may have been answered before the desk was restored from a backup.
        recovered = inbound.missed is not None or self._workflows.recovered(inbound.story)
        return Accepted(inbound=inbound, recovered=recovered)

    def turn(self, inbound: IncomingMessage) -> AbstractAsyncContextManager[None]:
        """The messages of a thread have their turns, oldest first."""
        return self._order.turn(inbound)

    async def heed(self, published: Published) -> None:
        """What the author says next may be more of this, unless it is gone."""
        inbound = published.reached.inbound
        if published.outcome in ("cancelled", "left_alone") and inbound.alone:
            await self._bursts.withdrawn(inbound)
        elif published.posts:
            await self._bursts.answered(inbound, published.posts[-1].ts)

    async def part(self, inbound: IncomingMessage, keys: Sequence[str]) -> None:
        """Messages that came in a row with one are another matter: a ticket of their own."""
        await self._store.write(split_burst, keys)
        ts = keys[0].rpartition(":")[2]
        await self._bursts.parted(inbound, ts)
        await self._order.part(keys[0], ts)

    async def over(self, inbound: IncomingMessage, published: Published | None = None) -> None:
        """Its story has an outcome, or is none: the sign of work goes."""
        if published is not None and published.outcome == "cancelled":
            self._signs.gone(inbound)
            return
        ticket = published.reached.ticket.ticket_id if published is not None else None
        await self._signs.over(inbound, ticket, recovered=self._workflows.recovered(inbound.story))

    def done(self, inbound: IncomingMessage) -> None:
        """Its story is over: who replies to it waits no longer."""
        self._order.done(inbound)

    async def wait_idle(self) -> None:
        """Wait until every message that was taken in has its story."""
        await self._beginning.wait_idle()

    async def close(self, grace: float = GRACE) -> None:
        """Begin no more after `grace` seconds; what was taken in is begun at the next start."""
        await self._beginning.stop(grace)
        await self._order.stop()

    def _expect(self, inbound: IncomingMessage) -> None:
        self._coming.add(inbound.key)
        self._order.expect(inbound)

    def _forget(self, inbound: IncomingMessage) -> None:
        self._coming.discard(inbound.key)
        self._order.forget(inbound)

    def _begin(self, inbound: IncomingMessage) -> None:
        self._beginning.begin(self._hand_on(inbound))

    async def _hand_on(self, inbound: IncomingMessage) -> None:
        """Begin the story, however often it takes: nobody will send the message again."""
        key = inbound.key
        while True:
            try:
                await self._backpressure.passed()
                with self._greeting:
                    await self._greet(inbound)
                await self._greeting.passed()
                await self._catch_up.may_begin(inbound.channel, missed=bool(inbound.missed))
                payload = inbound.model_dump(mode="json")
                started = await self._workflows.submit(WORKFLOW, inbound.story, payload)
                if not started:
                    await self._store.write(inbox.remove_message, key)
            except Exception:
                log.exception("story not begun", message=key)
                await asyncio.sleep(self._pause)
                continue
            self._coming.discard(key)
            if not started:
                await self._order.begun_before(inbound)
            return

    async def _greet(self, inbound: IncomingMessage) -> None:
        """Let the author see that the message was seen; not amid a talk: it may be none of ours."""
        if await self._concerns_us(inbound):
            await self._signs.begin(inbound)

    async def _concerns_us(self, inbound: IncomingMessage) -> bool:
        return inbound.addressed or not await self.overhears(inbound.thread)
