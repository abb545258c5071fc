"""Saying to customers what agents want said: written down first, posted once, then recorded."""

from collections.abc import Sequence
from typing import Any

import structlog

from bot.cards import Cards
from bot.engine import Engine
from bot.frontdesk import CannotPost, FrontDesk, Note, Posted, Say
from bot.grounds import Source
from bot.inbound import message_key, moment
from bot.phrases import phrase
from storage import cards, ledger, lifecycle, relays, spoken, tickets
from storage.database import Database, Session
from storage.models import Message, Post, Ticket
from storage.relays import Relay

STORY = "relay"
RELAYED = "relayed"  # the outcome of a message that the bot itself posted for an agent

log = structlog.get_logger("relay")


class Relays:
    """The bot's mouth for others. A relay is a row in the store before it is a story."""

    def __init__(self, engine: Engine, store: Database, front: FrontDesk, cards: Cards) -> None:
        self._engine = engine
        self._store = store
        self._front = front
        self._cards = cards

    async def send(self, key: str) -> None:
        """Begin the story of a relay that has been written down; twice is a no-op."""
        await self._engine.submit(STORY, f"relay:{key}", {"key": key})

    async def resume(self) -> None:
        """Send what was written down when the process died, before its story had begun."""
        waiting = await self._store.read(relays.unsent)
        for relay in waiting:
            await self.send(relay.key)

    async def run(self, payload: dict[str, Any]) -> str:
        """The story of one relay: post it, and write down that it was said."""
        relay = await self._store.read(relays.find, payload["key"])
        if relay is None or relay.ts is not None:
            return "gone" if relay is None else "said"
        ticket = await self._store.read(lifecycle.ticket, relay.ticket_id)
        try:
            posted = await self._post(relay, ticket)
        except CannotPost as error:
            return await self._refused(relay, str(error))
        await self._said(relay, ticket, posted)
        return "said"

    async def _post(self, relay: Relay, ticket: Ticket) -> Posted:
        recovered = self._engine.recovered(f"relay:{relay.key}")
        if relay.kind == "note":
            return await self._note(relay, recovered=recovered)
        say = Say(
            key=f"relay:{relay.key}",
            kind="relay",
            channel=ticket.channel_id,
            thread_ts=ticket.thread_ts,
            text=relay.text,
            sources=tuple(Source.model_validate(each) for each in relay.sources),
            sources_label=phrase("sources", ticket.language),
            speaker=await self._front.name(relay.agent_id) if relay.agent_id else "",
            rates=relay.ticket_id if relay.kind == "rating" else None,
        )
        return await self._front.say(say, recovered=recovered)

    async def _note(self, relay: Relay, *, recovered: bool) -> Posted:
        """Tell the agents under the card, which is drawn first where there is none yet."""
        card = await self._store.read(cards.of_ticket, relay.ticket_id)
        shown = card.ts if card is not None else None
        if shown is None:
            posted = await self._cards.show(relay.ticket_id)
            shown = posted.ts if posted else None
        if shown is None:
            raise CannotPost("the ticket has no card yet")
        note = Note(
            key=f"relay:{relay.key}", card_ts=shown, text=relay.text, to=relay.agent_id, loud=True
        )
        return await self._front.note(note, recovered=recovered)

    async def _said(self, relay: Relay, ticket: Ticket, posted: Posted) -> None:
        rows: list[Message | Post] = [_written(relay, posted)]
        if relay.kind != "note":
            rows.append(self._message(relay, ticket, posted))
        await self._store.write(_record, relay, posted, rows)
        self._cards.touch(relay.ticket_id)

    def _message(self, relay: Relay, ticket: Ticket, posted: Posted) -> Message:
        return Message(
            key=message_key(ticket.team_id, posted.channel, posted.ts),
            ticket_id=relay.ticket_id,
            channel_id=posted.channel,
            ts=posted.ts,
            author_id=relay.agent_id or self._front.bot_user,
            author="agent" if relay.agent_id else "bot",
            text=relay.text,
            outcome=RELAYED,
        )

    async def _refused(self, relay: Relay, problem: str) -> str:
        """Slack will not have it: the agents are told under the card."""
        log.error("not relayed", relay=relay.key, ticket=relay.ticket_id, problem=problem)
        await self._store.write(relays.refused, relay.key, problem)
        card = await self._store.read(cards.of_ticket, relay.ticket_id)
        if card is not None and card.ts is not None:
            note = Note(
                key=f"refused:{relay.key}",
                card_ts=card.ts,
                text=f"This did not reach the customer ({problem}):\n{relay.text}",
            )
            try:
                await self._front.note(note, recovered=True)
            except CannotPost:
                log.exception("agents not told", ticket=relay.ticket_id)
        return "refused"


def _record(session: Session, relay: Relay, posted: Posted, rows: Sequence[Message | Post]) -> None:
    fresh = ledger.put(session, *rows)
    said = [(row.ticket_id, row.key, row.text) for row in fresh if isinstance(row, Message)]
    spoken.add(session, said)
    row = relays.find(session, relay.key)
    stored = tickets.find(session, relay.ticket_id)
    if row is not None and stored is not None:
        row.ts = posted.ts
        if relay.agent_id and relay.kind == "words":
            stored.first_response_at = stored.first_response_at or moment(posted.ts)
        lifecycle.touch(stored, moment(posted.ts))


def _written(relay: Relay, posted: Posted) -> Post:
    return Post(
        key=posted.key,
        ticket_id=relay.ticket_id,
        kind="note" if relay.kind == "note" else "relay",
        channel_id=posted.channel,
        ts=posted.ts,
    )
