"""What time does to tickets: waking, reminding, closing, warning. Fired every minute by the clock.

A ticket says by its `clock_at` when it wants to be looked at. What is decided then is written in
one transaction with the words that announce it, so that each is said once, whatever breaks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.config.desk import Desk
from bot.messages.channel_modes import ChannelModes
from bot.text.phrases import Phrase, phrase
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.tickets.sla import TimerPlan, TimerStep, plan_timers
from storage.db.database import Database, Session
from storage.tickets import changes, due, outbox
from storage.tickets.changes import BY_TIMER
from storage.tickets.models import Change, Ticket
from storage.tickets.outbox import OutboxRow

# Tickets looked at in one transaction, so that messages never wait long for the writer.
AT_ONCE = 100

log = structlog.get_logger("clock")


class TicketTimers:
    """Looks at the tickets that are due. Looking twice at the same moment does nothing more."""

    def __init__(
        self, store: Database, outgoing: Outbox, cards: CardKeeper, desk: Desk, modes: ChannelModes
    ) -> None:
        self._store = store
        self._outbox = outgoing
        self._cards = cards
        self._modes = modes
        self._service = desk.service

    async def tick(self, now: datetime) -> None:
        """Do what is due at `now` (aware UTC), a batch at a time."""
        while numbers := await self._due(now):
            said, changed = await self._store.write(self._look_at, numbers, now)
            for outbox_row in said:
                await self._outbox.send(outbox_row.key)
            for number in changed:
                self._cards.touch(number)
            log.debug("looked at", tickets=len(numbers), said=len(said))

    async def look_again(self, now: datetime) -> None:
        """Look at every living ticket at the next tick: the desk's promises may have changed."""
        await self._store.write(due.look_again_at_all, now)

    async def _due(self, now: datetime) -> Sequence[int]:
        return await self._store.read(due.due_tickets, now, AT_ONCE)

    def _look_at(
        self, session: Session, numbers: Sequence[int], now: datetime
    ) -> tuple[list[OutboxRow], list[int]]:
        """What has to be said about these tickets, and the numbers of those that have changed."""
        seen = due.tickets_numbered(session, numbers)
        before = {ticket.id: ticket.version for ticket in seen}
        histories = due.ticket_histories(session, numbers)
        said = [
            outbox_row
            for ticket in seen
            for outbox_row in self._look(session, ticket, histories, now)
        ]
        return said, [each.ticket_id for each in seen if each.version != before[each.id]]

    def _look(
        self,
        session: Session,
        ticket: Ticket,
        histories: Mapping[int, Sequence[Change]],
        now: datetime,
    ) -> list[OutboxRow]:
        """Do what is due about one ticket; what has to be said is written down."""
        history = histories.get(ticket.ticket_id, ())
        made = plan_timers(ticket, history, self._service, now)
        said = [self._do(session, ticket, step, now) for step in made.steps]
        if made.steps:
            session.flush()
            history = changes.ticket_changes(session, ticket.ticket_id)
            made = plan_timers(ticket, history, self._service, now)
        self._settle(session, ticket, made, now)
        written = [outbox_row for outbox_row in said if outbox_row is not None]
        return [
            outbox_row
            for outbox_row in written
            if outbox.put_in_outbox(session, outbox_row) is None
        ]

    def _settle(self, session: Session, ticket: Ticket, made: TimerPlan, now: datetime) -> None:
        """Write down when to look again; the card shows when the next target is due."""
        look_at = now + timedelta(minutes=1) if made.steps else made.look_at
        changes.change_ticket(
            session, ticket, BY_TIMER, at=now, due_at=made.due_at, clock_at=look_at
        )

    def _do(
        self, session: Session, ticket: Ticket, step: TimerStep, now: datetime
    ) -> OutboxRow | None:
        match step.kind:
            case "wake":
                changes.change_ticket(session, ticket, BY_TIMER, at=now, status="open")
                return _note(ticket, step, f"⏰ {ticket.number} has woken up: it is open again.")
            case "remind":
                changes.audit_act(session, ticket, BY_TIMER, "reminder", "sent", now)
                return self._tell(ticket, step, "reminder")
            case "close":
                silent = ticket.status == "solved"
                changes.change_ticket(session, ticket, BY_TIMER, at=now, status="closed")
                return None if silent else self._tell(ticket, step, "closing")
            case "ask_rating":
                changes.audit_act(session, ticket, BY_TIMER, "rating", "asked", now)
                return self._tell(ticket, step, "rating")
            case "warn":
                changes.audit_act(session, ticket, BY_TIMER, "warning", step.promise or "", now)
                return _note(ticket, step, f"⏳ {_promise(ticket, step)} is due soon.")
            case "miss":
                changes.change_ticket(session, ticket, BY_TIMER, at=now, late=step.promise)
                return _note(ticket, step, f"🚨 {_promise(ticket, step)} is late.")

    def _tell(self, ticket: Ticket, step: TimerStep, name: Phrase) -> OutboxRow | None:
        """Something for the customer, in their language, where the bot may speak at all."""
        if not self._modes.speaks(ticket.channel_id):
            return None
        return OutboxRow(
            key=_key(ticket, step),
            ticket_id=ticket.ticket_id,
            kind="rating" if name == "rating" else "words",
            text=phrase(name, ticket.language, ticket=ticket.number),
        )


def _promise(ticket: Ticket, step: TimerStep) -> str:
    return f"{ticket.number} ({ticket.priority} priority): the {step.promise}"


def _note(ticket: Ticket, step: TimerStep, text: str) -> OutboxRow:
    return OutboxRow(
        key=_key(ticket, step),
        ticket_id=ticket.ticket_id,
        agent_id=ticket.assignee_id,
        kind="note",
        text=text,
    )


def _key(ticket: Ticket, step: TimerStep) -> str:
    """What makes an announcement one: the same step for the same moment is said once."""
    about = f"{step.kind}:{step.promise}" if step.promise else step.kind
    return f"{about}:{ticket.id}:{step.due:%Y%m%dT%H%M%S}"
