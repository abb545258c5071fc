"""Publishing what was decided: an answer, a draft, or a person; and never over a person's head."""

from typing import Literal

import structlog

from bot.cards import Cards
from bot.engine import Engine
from bot.frontdesk import CannotPost, FrontDesk, Note, Posted, Say
from bot.journal import Acted, Journal, Outcome, propose
from bot.phrases import phrase
from storage import cards, tickets
from storage.database import Database

QUOTE = 300

log = structlog.get_logger("acting")


class Actor:
    """Carries a decision out in the workspace; each post has a key and stands there once."""

    def __init__(self, engine: Engine, store: Database, front: FrontDesk, cards: Cards) -> None:
        self._engine = engine
        self._store = store
        self._front = front
        self._cards = cards

    async def act(self, journal: Journal, text: str | None) -> Acted:
        """Publish, unless the message changed or a person stepped in while we were thinking.

        `text` is what was answered; None lets an edit pass unheeded.
        """
        now = await self._store.read(tickets.standing, journal.inbound.key)
        if now.deleted:
            return Acted(outcome="cancelled")
        if now.human:
            return Acted(outcome="noted")
        if text is not None and now.text != text:
            return Acted(outcome="noted", edited=now.text)
        try:
            return await self._publish(journal)
        except CannotPost as error:
            return Acted(outcome="failed", problem=str(error))

    async def overhear(self, journal: Journal) -> Acted:
        """A person has the ticket: show them under its card what the customer says now."""
        card = await self._store.read(cards.of_ticket, journal.ticket.ticket_id)
        if card is None or card.ts is None:
            return Acted(outcome="noted")
        try:
            return Acted(outcome="noted", posts=(await self._tell(journal, card.ts, loud=False),))
        except CannotPost as error:
            log.warning("agents not told", message=journal.inbound.key, problem=str(error))
            return Acted(outcome="noted")

    async def apologise(self, journal: Journal, reference: str) -> Acted:
        """Tell the customer of a failure of ours by its reference, and call a person."""
        said = phrase("failed", journal.language, ticket=journal.ticket.number, reference=reference)
        try:
            line = await self._say(journal, "line", said)
            return Acted(outcome="failed", posts=(line, *await self._show(journal)))
        except CannotPost as error:
            return Acted(outcome="failed", problem=str(error))

    async def _publish(self, journal: Journal) -> Acted:
        chosen, answer = journal.route, journal.answer
        if chosen is None or chosen.publish == "nowhere":
            return Acted(outcome="shadowed")
        if answer is None:
            return await self._hand_over(journal)
        match answer.verdict.outcome:
            case "send" if answer.text:
                outcome: Outcome = "replied" if chosen.action == "reply" else "answered"
                return await self._spoken(journal, outcome, "answer", answer.text)
            case "ask" if answer.text:
                return await self._spoken(journal, "asked", "line", answer.text)
            case "decline":
                said = answer.text or phrase("declined", journal.language)
                return await self._spoken(journal, "declined", "line", said)
            case _:
                return await self._hand_over(journal)

    async def _spoken(
        self, journal: Journal, outcome: Outcome, kind: Literal["answer", "line"], text: str
    ) -> Acted:
        return Acted(outcome=outcome, posts=(await self._say(journal, kind, text),))

    async def _hand_over(self, journal: Journal) -> Acted:
        """Put the ticket before the agents, then tell the customer that a person will come."""
        drafted = journal.draft is not None
        told: Literal["added", "handed_over"] = (
            "added" if journal.ticket.handed_over else "handed_over"
        )
        shown = await self._show(journal)
        said = phrase(told, journal.language, ticket=journal.ticket.number)
        line = await self._say(journal, "line", said)
        return Acted(outcome="drafted" if drafted else "handed_over", posts=(*shown, line))

    async def _show(self, journal: Journal) -> tuple[Posted, ...]:
        """The ticket's card in the agents' channel, and the new words under one that stood there.

        The first time that such a ticket needs a person, its words show in the channel too.
        """
        number = journal.ticket.ticket_id
        standing = await self._store.read(cards.of_ticket, number)
        await self._store.write(propose, journal)
        card = await self._cards.show(number)
        if standing is None or standing.ts is None:
            return (card,) if card else ()
        loud = not journal.ticket.handed_over
        return (await self._tell(journal, standing.ts, loud=loud),)

    async def _tell(self, journal: Journal, card_ts: str, *, loud: bool) -> Posted:
        key = journal.inbound.key
        note = Note(
            key=f"{key}:note",
            card_ts=card_ts,
            author=journal.inbound.user,
            text=journal.ticket.text[:QUOTE],
            loud=loud,
        )
        return await self._front.note(note, recovered=self._engine.recovered(key))

    async def _say(self, journal: Journal, kind: Literal["answer", "line"], text: str) -> Posted:
        inbound, answer = journal.inbound, journal.answer
        say = Say(
            key=f"{inbound.key}:{kind}",
            kind=kind,
            channel=inbound.channel,
            thread_ts=inbound.root,
            text=text,
            sources=answer.sources if answer and kind == "answer" else (),
            sources_label=phrase("sources", journal.language),
        )
        return await self._front.say(say, recovered=self._engine.recovered(inbound.key))
