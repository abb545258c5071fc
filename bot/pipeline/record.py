"""What became of a message, written down: its decision, calls and posts, its ticket, its card."""

from bot.answers.streaming import place_of
from bot.config.desk import Desk
from bot.costs.spending import SpendGuard
from bot.messages.inbound import IncomingMessage
from bot.messages.outcomes import SPOKEN
from bot.pipeline.context import Assessed, Composed, Opened, Published, Routed
from bot.pipeline.decision import record_of
from bot.runtime.tasks import BackgroundTasks
from bot.tickets.cards import CardKeeper
from bot.tickets.incident_links import has_grown, link_to_incident
from bot.tickets.outbox import Outbox
from bot.tickets.private_files import PrivateFiles
from bot.tickets.proposals import Proposals
from bot.triage.addressing import UNCLEAR
from bot.workspace.port import Workspace
from bot.workspace.posts import HelpOffer
from storage.answers.left_alone import settle_left_alone
from storage.answers.record import record_message
from storage.db.columns import utc_now
from storage.db.database import Database


class Recorder:
    """Ends a story: in the store, then in sight of the agents."""

    def __init__(
        self,
        *,
        store: Database,
        desk: Desk,
        workspace: Workspace,
        cards: CardKeeper,
        outbox: Outbox,
        proposals: Proposals,
        spend_guard: SpendGuard,
    ) -> None:
        self._store = store
        self._desk = desk.desk
        self._incidents = desk.incidents
        self._nudges = desk.nudges
        self._workspace = workspace
        self._cards = cards
        self._outbox = outbox
        self._proposals = proposals
        self._private_files = PrivateFiles(store, outbox)
        self._spend_guard = spend_guard
        self._background = BackgroundTasks()

    async def record(self, published: Published) -> None:
        """Write down what was done; doing it twice changes nothing."""
        record = record_of(published, self._workspace.bot_user, self._desk)
        if published.outcome == "left_alone":
            await self._store.write(settle_left_alone, record)
        else:
            first = await self._store.write(record_message, record)
            if first is not None:
                self._cards.claimed(first)

    async def follow_up(self, published: Published) -> None:
        """Link the ticket to its incident, draw its card, and look after the budgets."""
        reached = published.reached
        # What the bot settled by itself is no part of an incident.
        if published.outcome != "left_alone" and published.outcome not in SPOKEN:
            await self._link(reached)
        self.show(published)
        if reached.inbound.private:
            await self._private_files.show(reached.ticket.ticket_id)
        if isinstance(reached, Assessed):
            allowance = reached.assessment.allowance
            await self._spend_guard.review(reached.inbound, allowance, reached.calls)

    def show(self, published: Published) -> None:
        """Show the agents what became of the message."""
        reached = published.reached
        inbound = reached.inbound
        if published.outcome == "left_alone":
            if published.note is not None:
                self._cards.touch(reached.ticket.ticket_id, says=True)
            if _unclear(published) and self._nudges(inbound.channel):
                self._background.begin(self._workspace.offer_help(_offer(published)))
            return
        says = published.note is not None
        self._cards.touch(reached.ticket.ticket_id, says=says, changed=False)
        if _proposes(reached):
            self._proposals.touch()
        title = _private_title(reached)
        if title:
            self._background.begin(self._workspace.title(place_of(inbound), title))
        said = any(posted.channel == inbound.channel for posted in published.posts)
        busy = inbound.direct and isinstance(reached, Composed) and reached.answer is not None
        if busy and not said:
            self._background.begin(self._workspace.status(place_of(inbound), None, busy=False))

    def close(self, inbound: IncomingMessage) -> None:
        """The story is over: nothing is set aside for it any more."""
        self._spend_guard.close(inbound)

    async def wait_idle(self) -> None:
        """Wait until every card is drawn and every conversation has its title."""
        while self._background or self._cards.drawing:
            await self._background.wait_idle()
            await self._cards.wait_idle()

    async def _link(self, reached: Opened) -> None:
        """A ticket that asks what many others ask is a part of an incident."""
        if not isinstance(reached, Assessed) or not self._incidents.people:
            return
        assessment, number = reached.assessment, reached.ticket.ticket_id
        if assessment.triage is None or assessment.courtesy or not reached.inbound.alone:
            return
        key, now = reached.inbound.key, utc_now()
        linked = await link_to_incident(self._store, number, key, self._incidents, now)
        for each in linked.parts:
            self._cards.touch(each)
        if linked.head is not None and has_grown(linked):
            self._cards.touch_seldom(linked.head)
        if linked.note is not None:
            await self._outbox.send(linked.note)


def _unclear(published: Published) -> bool:
    """Whether it may have been for the desk, which had nothing to say to it."""
    reached = published.reached
    route = reached.route if isinstance(reached, Routed) else None
    return route is not None and (route.reason == UNCLEAR or not route.called)


def _offer(published: Published) -> HelpOffer:
    inbound = published.reached.inbound
    return HelpOffer(
        channel=inbound.channel,
        thread_ts=inbound.thread_ts,
        ts=inbound.ts,
        user=inbound.user,
        language=published.reached.language,
    )


def _proposes(reached: Opened) -> bool:
    """Whether something would be changed in the desk's systems."""
    answer = reached.answer if isinstance(reached, Composed) else None
    return answer is not None and any(each.proposal for each in answer.lookups)


def _private_title(reached: Opened) -> str:
    """What a direct conversation is about, when this message was the first to say so."""
    triage = reached.assessment.triage if isinstance(reached, Assessed) else None
    if triage is None or triage.reply or reached.ticket.title:
        return ""
    return triage.summary if reached.inbound.direct else ""
