"""What time does to tickets: waking, reminding, closing, warning. A job runs it every minute.

A ticket says by its `clock_at` when it wants to be looked at. What is decided then is written in
one transaction with the words that announce it, so that each is said once, whatever breaks.
"""

from datetime import datetime, timedelta

import structlog

from bot.config.desk import Desk
from bot.messages.channel_modes import ChannelModes
from bot.text.phrases import Phrase, phrase
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.tickets.sla import TimerStep, plan_timers
from storage.db.database import Database
from storage.tickets import due
from storage.tickets.due import DueDecision, TimerAct
from storage.tickets.outbox import OutboxRow
from storage.tickets.values import DueTicket

# Tickets looked at in one transaction, so that messages never wait long for the writer.
AT_ONCE = 100

log = structlog.get_logger("timers")


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
        while numbers := await self._store.read(due.due_tickets, now, AT_ONCE):
            said, changed = await self._store.write(due.do_what_is_due, numbers, now, self._decide)
            for key in said:
                await self._outbox.send(key)
            for number in changed:
                self._cards.touch(number)
            log.debug("looked at", tickets=len(numbers), said=len(said))

    async def look_again(self, now: datetime) -> None:
        """Look at every living ticket at the next tick: the SLA may have changed."""
        await self._store.write(due.look_again_at_all, now)

    def _decide(self, ticket: DueTicket, now: datetime) -> DueDecision:
        """What the ticket's timers come to; after a step it is looked at again in a minute."""
        made = plan_timers(ticket, self._service, now)
        look_at = now + timedelta(minutes=1) if made.steps else made.look_at
        return DueDecision([self._do(ticket, step) for step in made.steps], made.due_at, look_at)

    def _do(self, ticket: DueTicket, step: TimerStep) -> TimerAct:
        match step.kind:
            case "wake":
                told = f"⏰ {ticket.number} has woken up: it is open again."
                return TimerAct(to={"status": "open"}, says=_note(ticket, step, told))
            case "remind":
                said = self._tell(ticket, step, "reminder")
                return TimerAct(audit=("reminder", "sent"), says=said)
            case "close":
                silent = ticket.status == "solved"
                closing = None if silent else self._tell(ticket, step, "closing")
                return TimerAct(to={"status": "closed"}, says=closing)
            case "ask_rating":
                said = self._tell(ticket, step, "rating")
                return TimerAct(audit=("rating", "asked"), says=said)
            case "warn":
                told = f"⏳ {_promise(ticket, step)} is due soon."
                return TimerAct(
                    audit=("warning", step.promise or ""), says=_note(ticket, step, told)
                )
            case "miss":
                told = f"🚨 {_promise(ticket, step)} is late."
                return TimerAct(to={"late": step.promise}, says=_note(ticket, step, told))

    def _tell(self, ticket: DueTicket, step: TimerStep, name: Phrase) -> OutboxRow | None:
        """Something for the customer, in their language, where the bot may speak at all."""
        if not self._modes.speaks(ticket.channel_id):
            return None
        return OutboxRow(
            key=_key(ticket, step),
            ticket_id=ticket.ticket_id,
            kind="rating" if name == "rating" else "words",
            text=phrase(name, ticket.language, ticket=ticket.number),
        )


def _promise(ticket: DueTicket, step: TimerStep) -> str:
    return f"{ticket.number} ({ticket.priority} priority): the {step.promise}"


def _note(ticket: DueTicket, step: TimerStep, text: str) -> OutboxRow:
    return OutboxRow(
        key=_key(ticket, step),
        ticket_id=ticket.ticket_id,
        agent_id=ticket.assignee_id,
        kind="note",
        text=text,
    )


def _key(ticket: DueTicket, step: TimerStep) -> str:
    """What makes an announcement one: the same step for the same moment is said once."""
    about = f"{step.kind}:{step.promise}" if step.promise else step.kind
    return f"{about}:{ticket.ticket_id}:{step.due:%Y%m%dT%H%M%S}"
