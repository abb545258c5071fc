"""Publishing what was decided: an answer, a draft, or a person; and never over a person's head."""

from collections.abc import Sequence
from typing import Literal

import structlog

from bot.answering import Answer
from bot.bursts import Heard, heard_of
from bot.cards import Cards
from bot.engine import Engine
from bot.frontdesk import Asks, CannotPost, FrontDesk, Note, Posted, Say, Standing
from bot.journal import Acted, Journal, Outcome, propose
from bot.phrases import Phrase, phrase
from storage import cards, streams, tickets
from storage.database import Database
from storage.together import Heard as Stored

QUOTE = 300

log = structlog.get_logger("acting")


class Actor:
    """Carries a decision out in the workspace; each post has a key and stands there once."""

    def __init__(self, engine: Engine, store: Database, front: FrontDesk, cards: Cards) -> None:
        self._engine = engine
        self._store = store
        self._front = front
        self._cards = cards

    async def act(self, journal: Journal, heard: Heard | None) -> Acted:
        """Publish, unless the message changed or a person stepped in while we were thinking.

        `heard` is what was answered; None lets an edit, and more words, pass unheeded.
        """
        key = journal.inbound.key
        # An earlier process may have posted already: who wrote more since then is answered next.
        only = heard.parts if heard and self._engine.recovered(key) else None
        now = await self._store.read(tickets.standing, key, only)
        going_on = heard is not None and not now.deleted and not now.human
        if going_on and heard and _more(now.heard, heard, journal.attached.seen):
            return Acted(outcome="noted", edited=heard_of(now.heard))
        try:
            if now.deleted:
                return await self._withdraw(journal)
            if now.human:
                return await self._step_aside(journal)
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
        if journal.stopped is not None:
            return await self._halt(journal)
        if answer is None:
            return await self._hand_over(journal)
        return await self._as_judged(journal, answer)

    async def _as_judged(self, journal: Journal, answer: Answer) -> Acted:
        """What the gate's verdict lets the bot say; a person, where it lets it say nothing."""
        replies = journal.route is not None and journal.route.action == "reply"
        match answer.verdict.outcome:
            case "send" if answer.text and replies:
                return await self._spoken(journal, "replied", "answer", answer.text)
            case "send" if answer.text:
                return await self._spoken(journal, "answered", "answer", answer.text)
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
        posted = await self._say(journal, kind, text, asks=outcome == "answered")
        return Acted(outcome=outcome, posts=(posted,))

    async def _withdraw(self, journal: Journal) -> Acted:
        """The customer took the message back: what was begun to answer it goes as well."""
        standing = await self._standing(journal)
        if standing is not None:
            await self._front.withdraw(journal.inbound.channel, standing.ts)
        return Acted(outcome="cancelled")

    async def _step_aside(self, journal: Journal) -> Acted:
        """A person has the word: what was begun ends where it is."""
        posted = await self._break_off(journal, "person_came")
        return Acted(outcome="noted", posts=(posted,) if posted else ())

    async def _halt(self, journal: Journal) -> Acted:
        """Somebody pressed stop: leave what was said, and say how to go on."""
        posted = await self._break_off(journal, "stopped")
        if posted is None:
            posted = await self._say(journal, "line", phrase("stopped", journal.language))
        return Acted(outcome="stopped", posts=(posted,))

    async def _break_off(self, journal: Journal, why: Phrase) -> Posted | None:
        """End a message that was begun, as far as it got, with a remark under it."""
        standing = await self._standing(journal)
        if standing is None:
            return None
        remark = phrase(why, journal.language)
        if standing.shown is None:
            return await self._say(journal, "line", remark)
        return await self._say(journal, "answer", standing.shown.strip(), remark=remark)

    async def _standing(self, journal: Journal) -> Standing | None:
        """The message that was begun in the thread and waits for its end."""
        known = not (journal.writing or self._engine.recovered(journal.inbound.key))
        if journal.standing is not None or known:
            return journal.standing
        row = await self._store.read(streams.find, journal.inbound.key)
        return Standing(ts=row.ts) if row else None

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

    async def _say(
        self,
        journal: Journal,
        kind: Literal["answer", "line"],
        text: str,
        *,
        remark: str = "",
        asks: bool = False,
    ) -> Posted:
        """Say it in the thread: in the message that was begun there, or else in one of its own."""
        inbound, answer = journal.inbound, journal.answer
        number = journal.ticket.ticket_id
        say = Say(
            key=f"{inbound.key}:{kind}",
            kind=kind,
            channel=inbound.channel,
            thread_ts=inbound.root,
            text=text,
            sources=answer.sources if answer and kind == "answer" else (),
            sources_label=phrase("sources", journal.language),
            remark=remark,
            asks=Asks(ticket=number, about=inbound.key, language=journal.language)
            if asks
            else None,
            over=await self._standing(journal),
        )
        return await self._front.say(say, recovered=self._engine.recovered(inbound.key))


def _more(now: Stored, heard: Heard, seen: Sequence[str]) -> bool:
    """Whether there is more to answer than was answered: other words, or files not looked at."""
    unseen = any(file["id"] not in seen for file in now.files)
    return unseen or (now.text, now.parts) != (heard.text, heard.parts)
