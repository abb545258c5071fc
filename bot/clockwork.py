"""What time does to tickets: waking, reminding, closing, warning. Fired every minute by the clock.

A ticket says by its `clock_at` when it wants to be looked at. What is decided then is written in
one transaction with the words that announce it, so that each is said once, whatever breaks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.cards import Cards
from bot.desk import Desk
from bot.modes import Modes
from bot.phrases import Phrase, phrase
from bot.plan import Plan, Step, plan
from bot.relaying import Relays
from storage import clock, lifecycle, relays
from storage.database import Database, Session
from storage.lifecycle import By
from storage.models import Change, Ticket
from storage.relays import Relay

# Tickets looked at in one transaction, so that messages never wait long for the writer.
AT_ONCE = 100
CLOCK = By("clock", "clock")

log = structlog.get_logger("clock")


class Clockwork:
    """Looks at the tickets that are due. Looking twice at the same moment does nothing more."""

    def __init__(
        self, store: Database, mouth: Relays, cards: Cards, desk: Desk, modes: Modes
    ) -> None:
        self._store = store
        self._relays = mouth
        self._cards = cards
        self._modes = modes
        self._service = desk.service

    async def tick(self, now: datetime) -> None:
        """Do what is due at `now` (aware UTC), a batch at a time."""
        while numbers := await self._due(now):
            said, changed = await self._store.write(self._look_at, numbers, now)
            for relay in said:
                await self._relays.send(relay.key)
            for number in changed:
                self._cards.touch(number)
            log.debug("looked at", tickets=len(numbers), said=len(said))

    async def look_again(self, now: datetime) -> None:
        """Look at every living ticket at the next tick: the desk's promises may have changed."""
        await self._store.write(clock.look_again, now)

    async def _due(self, now: datetime) -> Sequence[int]:
        return await self._store.read(clock.due, now, AT_ONCE)

    def _look_at(
        self, session: Session, numbers: Sequence[int], now: datetime
    ) -> tuple[list[Relay], list[int]]:
        """What has to be said about these tickets, and the numbers of those that have changed."""
        seen = clock.tickets(session, numbers)
        before = {ticket.id: ticket.version for ticket in seen}
        histories = clock.histories(session, numbers)
        said = [relay for ticket in seen for relay in self._look(session, ticket, histories, now)]
        return said, [each.id or 0 for each in seen if each.version != before[each.id]]

    def _look(
        self,
        session: Session,
        ticket: Ticket,
        histories: Mapping[int, Sequence[Change]],
        now: datetime,
    ) -> list[Relay]:
        """Do what is due about one ticket; what has to be said is written down."""
        history = histories.get(ticket.id or 0, ())
        made = plan(ticket, history, self._service, now)
        said = [self._do(session, ticket, step, now) for step in made.steps]
        if made.steps:
            session.flush()
            history = lifecycle.history(session, ticket.id or 0)
            made = plan(ticket, history, self._service, now)
        self._settle(ticket, made, now)
        written = [relay for relay in said if relay is not None]
        return [relay for relay in written if relays.send(session, relay) is None]

    def _settle(self, ticket: Ticket, made: Plan, now: datetime) -> None:
        """Write down when to look again; the card shows when the next target is due."""
        ticket.clock_at = now + timedelta(minutes=1) if made.steps else made.look_at
        if ticket.due_at != made.due_at:
            ticket.due_at = made.due_at
            ticket.version += 1

    def _do(self, session: Session, ticket: Ticket, step: Step, now: datetime) -> Relay | None:
        match step.kind:
            case "wake":
                lifecycle.change(session, ticket, CLOCK, at=now, status="open")
                return _note(ticket, step, f"⏰ {ticket.number} has woken up: it is open again.")
            case "remind":
                lifecycle.mark(session, ticket, CLOCK, "reminder", "sent", now)
                return self._tell(ticket, step, "reminder")
            case "close":
                silent = ticket.status == "solved"
                lifecycle.change(session, ticket, CLOCK, at=now, status="closed")
                return None if silent else self._tell(ticket, step, "closing")
            case "ask_rating":
                lifecycle.mark(session, ticket, CLOCK, "rating", "asked", now)
                return self._tell(ticket, step, "rating")
            case "warn":
                lifecycle.mark(session, ticket, CLOCK, "warning", step.promise or "", now)
                return _note(ticket, step, f"⏳ {_promise(ticket, step)} is due soon.")
            case "miss":
                lifecycle.change(session, ticket, CLOCK, at=now, late=step.promise)
                return _note(ticket, step, f"🚨 {_promise(ticket, step)} is late.")

    def _tell(self, ticket: Ticket, step: Step, name: Phrase) -> Relay | None:
        """Something for the customer, in their language, where the bot may speak at all."""
        if not self._modes.speaks(ticket.channel_id):
            return None
        return Relay(
            key=_key(ticket, step),
            ticket_id=ticket.id or 0,
            kind="rating" if name == "rating" else "words",
            text=phrase(name, ticket.language, ticket=ticket.number),
        )


def _promise(ticket: Ticket, step: Step) -> str:
    return f"{ticket.number} ({ticket.priority} priority): the {step.promise}"


def _note(ticket: Ticket, step: Step, text: str) -> Relay:
    return Relay(
        key=_key(ticket, step),
        ticket_id=ticket.id or 0,
        agent_id=ticket.assignee_id,
        kind="note",
        text=text,
    )


def _key(ticket: Ticket, step: Step) -> str:
    """What makes an announcement one: the same step for the same moment is said once."""
    about = f"{step.kind}:{step.promise}" if step.promise else step.kind
    return f"{about}:{ticket.id}:{step.due:%Y%m%dT%H%M%S}"
