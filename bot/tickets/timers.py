"""What time does to tickets: waking, reminding, closing, warning. A job runs it every minute.

A ticket says by its `clock_at` when it wants to be looked at. What is decided then is written in
one transaction with the words that announce it, so that each is said once, whatever breaks.
"""

from datetime import datetime, timedelta

import structlog

from bot.config.desk import Desk
from bot.messages.channel_modes import ChannelModes
from bot.tickets.cards import CardKeeper
from bot.tickets.outbox import Outbox
from bot.tickets.sla import plan_timers
from bot.tickets.sla_notices import timer_act
from storage.db.database import Database
from storage.tickets import due
from storage.tickets.due import DueDecision
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
        acts = [timer_act(ticket, step, self._modes.speaks) for step in made.steps]
        return DueDecision(acts, made.due_at, look_at)
