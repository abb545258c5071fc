"""Publishing what was decided: an answer, a draft, or a person; and never over a person's head."""

from collections.abc import Sequence
from typing import Literal

import structlog

from bot.answers.answer import Answer
from bot.messages.bursts import Request, request_of
from bot.messages.outcomes import Outcome
from bot.pipeline.record import Acted, MessageContext, record_proposal
from bot.runtime.workflows import Workflows
from bot.text.phrases import Phrase, phrase
from bot.tickets.cards import CardKeeper
from bot.workspace.port import CannotPost, Workspace
from bot.workspace.posts import FeedbackPrompt, Note, Placeholder, Posted, Reply
from storage.answers import streams
from storage.db.database import Database
from storage.tickets import cards as tickets_cards
from storage.tickets import tickets
from storage.tickets.bursts import BurstMessages as Stored

QUOTE_LENGTH = 300

log = structlog.get_logger("acting")


class Publisher:
    """Carries a decision out in the workspace; each post has a key and stands there once."""

    def __init__(
        self, workflows: Workflows, store: Database, workspace: Workspace, cards: CardKeeper
    ) -> None:
        self._workflows = workflows
        self._store = store
        self._workspace = workspace
        self._cards = cards

    async def act(self, context: MessageContext, heard: Request | None) -> Acted:
        """Publish, unless the message changed or a person stepped in while we were thinking.

        `heard` is what was answered; None lets an edit, and more words, pass unheeded.
        """
        key = context.inbound.key
        # An earlier process may have posted already: who wrote more since then is answered next.
        only = heard.parts if heard and self._workflows.recovered(key) else None
        now = await self._store.read(tickets.message_state, key, only)
        going_on = heard is not None and not now.deleted and not now.human
        if going_on and heard and _more(now.heard, heard, context.attached.seen):
            return Acted(outcome="noted", edited=request_of(now.heard))
        try:
            if now.deleted:
                return await self._withdraw(context)
            if now.human:
                return await self._step_aside(context)
            return await self._publish(context)
        except CannotPost as error:
            return Acted(outcome="failed", problem=str(error))

    async def overhear(self, context: MessageContext) -> Acted:
        """A person has the ticket: show them under its card what the customer says now."""
        card = await self._store.read(tickets_cards.card_of_ticket, context.ticket.ticket_id)
        if card is None or card.ts is None:
            return Acted(outcome="noted")
        try:
            return Acted(outcome="noted", posts=(await self._tell(context, card.ts, loud=False),))
        except CannotPost as error:
            log.warning("agents not told", message=context.inbound.key, problem=str(error))
            return Acted(outcome="noted")

    async def apologise(self, context: MessageContext, reference: str) -> Acted:
        """Tell the customer of a failure of ours by its reference, and call a person."""
        said = phrase("failed", context.language, ticket=context.ticket.number, reference=reference)
        try:
            line = await self._say(context, "line", said)
            return Acted(outcome="failed", posts=(line, *await self._show(context)))
        except CannotPost as error:
            return Acted(outcome="failed", problem=str(error))

    async def _publish(self, context: MessageContext) -> Acted:
        chosen, answer = context.route, context.answer
        if chosen is None or chosen.publish == "nowhere":
            return Acted(outcome="shadowed")
        if context.stopped is not None:
            return await self._halt(context)
        if answer is None:
            return await self._hand_over(context)
        return await self._as_judged(context, answer)

    async def _as_judged(self, context: MessageContext, answer: Answer) -> Acted:
        """What the gate's verdict lets the bot say; a person, where it lets it say nothing."""
        replies = context.route is not None and context.route.action == "reply"
        match answer.verdict.outcome:
            case "send" if answer.text and replies:
                return await self._spoken(context, "replied", "answer", answer.text)
            case "send" if answer.text:
                return await self._spoken(context, "answered", "answer", answer.text)
            case "ask" if answer.text:
                return await self._spoken(context, "asked", "line", answer.text)
            case "decline":
                said = answer.text or phrase("declined", context.language)
                return await self._spoken(context, "declined", "line", said)
            case _:
                return await self._hand_over(context)

    async def _spoken(
        self, context: MessageContext, outcome: Outcome, kind: Literal["answer", "line"], text: str
    ) -> Acted:
        posted = await self._say(context, kind, text, asks=outcome == "answered")
        return Acted(outcome=outcome, posts=(posted,))

    async def _withdraw(self, context: MessageContext) -> Acted:
        """The customer took the message back: what was begun to answer it goes as well."""
        standing = await self._standing(context)
        if standing is not None:
            await self._workspace.withdraw(context.inbound.channel, standing.ts)
        return Acted(outcome="cancelled")

    async def _step_aside(self, context: MessageContext) -> Acted:
        """A person has the word: what was begun ends where it is."""
        posted = await self._break_off(context, "person_came")
        return Acted(outcome="noted", posts=(posted,) if posted else ())

    async def _halt(self, context: MessageContext) -> Acted:
        """Somebody pressed stop: leave what was said, and say how to go on."""
        posted = await self._break_off(context, "stopped")
        if posted is None:
            posted = await self._say(context, "line", phrase("stopped", context.language))
        return Acted(outcome="stopped", posts=(posted,))

    async def _break_off(self, context: MessageContext, why: Phrase) -> Posted | None:
        """End a message that was begun, as far as it got, with a remark under it."""
        standing = await self._standing(context)
        if standing is None:
            return None
        remark = phrase(why, context.language)
        if standing.shown is None:
            return await self._say(context, "line", remark)
        return await self._say(context, "answer", standing.shown.strip(), remark=remark)

    async def _standing(self, context: MessageContext) -> Placeholder | None:
        """The message that was begun in the thread and waits for its end."""
        known = not (context.writing or self._workflows.recovered(context.inbound.key))
        if context.standing is not None or known:
            return context.standing
        row = await self._store.read(streams.find_stream, context.inbound.key)
        return Placeholder(ts=row.ts) if row else None

    async def _hand_over(self, context: MessageContext) -> Acted:
        """Put the ticket before the agents, then tell the customer that a person will come."""
        drafted = context.draft is not None
        told: Literal["added", "handed_over"] = (
            "added" if context.ticket.handed_over else "handed_over"
        )
        shown = await self._show(context)
        said = phrase(told, context.language, ticket=context.ticket.number)
        line = await self._say(context, "line", said)
        return Acted(outcome="drafted" if drafted else "handed_over", posts=(*shown, line))

    async def _show(self, context: MessageContext) -> tuple[Posted, ...]:
        """The ticket's card in the agents' channel, and the new words under one that stood there.

        The first time that such a ticket needs a person, its words show in the channel too.
        """
        number = context.ticket.ticket_id
        standing = await self._store.read(tickets_cards.card_of_ticket, number)
        await self._store.write(record_proposal, context)
        card = await self._cards.show(number)
        if standing is None or standing.ts is None:
            return (card,) if card else ()
        loud = not context.ticket.handed_over
        return (await self._tell(context, standing.ts, loud=loud),)

    async def _tell(self, context: MessageContext, card_ts: str, *, loud: bool) -> Posted:
        key = context.inbound.key
        note = Note(
            key=f"{key}:note",
            card_ts=card_ts,
            author=context.inbound.user,
            text=context.ticket.text[:QUOTE_LENGTH],
            loud=loud,
        )
        return await self._workspace.note(note, recovered=self._workflows.recovered(key))

    async def _say(
        self,
        context: MessageContext,
        kind: Literal["answer", "line"],
        text: str,
        *,
        remark: str = "",
        asks: bool = False,
    ) -> Posted:
        """Say it in the thread: in the message that was begun there, or else in one of its own."""
        inbound, answer = context.inbound, context.answer
        number = context.ticket.ticket_id
        say = Reply(
            key=f"{inbound.key}:{kind}",
            kind=kind,
            channel=inbound.channel,
            thread_ts=inbound.root,
            text=text,
            sources=answer.sources if answer and kind == "answer" else (),
            sources_label=phrase("sources", context.language),
            remark=remark,
            asks=FeedbackPrompt(ticket=number, about=inbound.key, language=context.language)
            if asks
            else None,
            over=await self._standing(context),
        )
        return await self._workspace.say(say, recovered=self._workflows.recovered(inbound.key))


def _more(now: Stored, heard: Request, seen: Sequence[str]) -> bool:
    """Whether there is more to answer than was answered: other words, or files not looked at."""
    unseen = any(file["id"] not in seen for file in now.files)
    return unseen or (now.text, now.parts) != (heard.text, heard.parts)
