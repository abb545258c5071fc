"""Publishing what was decided: an answer, a draft, or a person; and never over a person's head."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Literal

import structlog

from bot.answers.answer import Answer
from bot.config.desk import Desk
from bot.gate.judgement import Verdict
from bot.messages.bursts import Request, request_of
from bot.messages.outcomes import SPOKEN, Outcome
from bot.pipeline.assessment import WORDLESS
from bot.pipeline.context import Composed, Opened, Published, Read
from bot.pipeline.decision import asked_later, draft_row, labels_of, words_of
from bot.pipeline.propose import Proposer
from bot.pipeline.route import Publish
from bot.text.phrases import Phrase, phrase
from bot.workspace.card import CARD_QUOTE
from bot.workspace.failures import CannotPost
from bot.workspace.port import Workspace
from bot.workspace.posts import FeedbackPrompt, Placeholder, Posted, Reply
from storage.answers.posted import last_answer
from storage.answers.record import record_proposal
from storage.answers.streams import find_stream
from storage.cards.cards import card_of_ticket
from storage.db.database import Database
from storage.tickets.bursts import BurstMessages
from storage.tickets.tickets import message_state

# What became of a message when those that joined it were settled with it. When a person stepped in
# or it is gone, each of the others has its own story.
SETTLES_BURST = SPOKEN | {"handed_over", "drafted", "shadowed", "left_alone"}

log = structlog.get_logger("acting")


class Publisher:
    """Carries a decision out in the workspace; each post has a key and stands there once."""

    def __init__(self, store: Database, workspace: Workspace, desk: Desk) -> None:
        self._proposer = Proposer(store, desk.tools, desk.zone)
        self._store = store
        self._workspace = workspace

    async def publish(self, composed: Composed, *, last: bool) -> Published | Request:
        """Publish, unless a person stepped in while we were thinking, or the message is gone.

        When it changed, or its author said more, nothing is done: answers how it reads now. In the
        `last` round an edit, and more words, pass unheeded.
        """
        key, heard = composed.inbound.key, composed.heard
        # An earlier process may have posted already: who wrote more since then is answered next.
        only = heard.parts if not last and composed.recovered else None
        now = await self._store.read(message_state, key, only)
        going_on = not (last or now.deleted or now.human)
        if going_on and _more(now.heard, heard, composed.attached.seen):
            return request_of(now.heard)
        try:
            if now.deleted:
                return await self._withdraw(composed)
            if now.human:
                return await self._step_aside(composed)
            return await self._as_routed(composed)
        except CannotPost as error:
            return Published(reached=composed, outcome="failed", problem=str(error))

    async def overhear(self, opened: Opened) -> Published:
        """A person has the ticket: show them under its card what the customer says now."""
        return Published(reached=opened, outcome="noted", note=await self._quiet(opened))

    async def note_edit(self, opened: Opened) -> Published:
        """An edit that asks what was answered already: nobody needs to do anything."""
        return Published(reached=opened, outcome="joined", note=await self._quiet(opened))

    async def _quiet(self, opened: Opened) -> Literal["quiet"] | None:
        """The words go under the ticket's card, where there is one; nobody is called by them."""
        card = await self._store.read(card_of_ticket, opened.ticket.ticket_id)
        return "quiet" if card is not None else None

    async def apologise(self, reached: Opened, problem: str, reference: str) -> Published:
        """Tell the customer of a failure of ours by its reference, and call a person."""
        ticket = reached.ticket.number
        said = phrase("failed", reached.language, ticket=ticket, reference=reference)
        posts: tuple[Posted, ...] = ()
        if isinstance(reached, Composed):
            await self._proposer.propose(reached, may_do=False)
        note = await self._propose(reached)
        try:
            posts = (await self._say(reached, "line", said),)
        except CannotPost as error:
            log.warning("no apology", message=reached.inbound.key, problem=str(error))
        return Published(
            reached=reached,
            outcome="failed",
            posts=posts,
            note=note,
            problem=problem,
            reference=reference,
        )

    async def _as_routed(self, composed: Composed) -> Published:
        answer = composed.answer
        if _none_of_our_business(composed):
            return await self._leave_alone(composed)
        if composed.route.publish == "nowhere":
            return _done(composed, "shadowed")
        if composed.stopped is not None:
            return await self._halt(composed)
        if answer is None:
            return await self._hand_over(composed)
        return await self._as_judged(composed, answer)

    async def _leave_alone(self, composed: Composed) -> Published:
        """Say nothing; what was begun before an edit told so goes.

        Whoever comes to the ticket reads what was said meanwhile, be it to somebody else.
        """
        standing = await self._standing(composed)
        if standing is not None:
            await self._workspace.withdraw(composed.inbound.channel, standing.ts)
        told = composed.awaits_people or composed.assessment.problem == WORDLESS
        note = await self._quiet(composed) if told else None
        return replace(_done(composed, "left_alone"), note=note)

    async def _as_judged(self, composed: Composed, answer: Answer) -> Published:
        """What the gate's verdict lets the bot say; a person, where it lets it say nothing."""
        replies = composed.route.action == "reply"
        match answer.verdict.outcome:
            case "send" if answer.text and replies:
                return await self._spoken(composed, "replied", "answer", answer.text)
            case "send" if answer.text:
                return await self._spoken(composed, "answered", "answer", answer.text)
            case "ask" if answer.text:
                return await self._spoken(composed, "asked", "line", answer.text)
            case "decline":
                said = answer.text or phrase("declined", composed.language)
                return await self._spoken(composed, "declined", "line", said)
            case _:
                return await self._hand_over(composed)

    async def _spoken(
        self, composed: Composed, outcome: Outcome, kind: Literal["answer", "line"], text: str
    ) -> Published:
        if composed.edited and text == await self._store.read(
            last_answer, composed.ticket.ticket_id
        ):
            # Nobody needs to read the same words twice.
            return await self.note_edit(composed)
        remark = phrase("partly_found", composed.language) if _partly(composed) else ""
        posted = await self._say(composed, kind, text, remark=remark, asks=outcome == "answered")
        return _done(composed, outcome, posted)

    async def _withdraw(self, composed: Composed) -> Published:
        """The customer took the message back: what was begun to answer it goes as well."""
        standing = await self._standing(composed)
        if standing is not None:
            await self._workspace.withdraw(composed.inbound.channel, standing.ts)
        return _done(composed, "cancelled")

    async def _step_aside(self, composed: Composed) -> Published:
        """A person has the word: what was begun ends where it is."""
        posted = await self._break_off(composed, "person_came")
        return _done(composed, "noted", *([posted] if posted else []))

    async def _halt(self, composed: Composed) -> Published:
        """Somebody pressed stop: leave what was said, and say how to go on."""
        posted = await self._break_off(composed, "stopped")
        if posted is None:
            posted = await self._say(composed, "line", phrase("stopped", composed.language))
        return _done(composed, "stopped", posted)

    async def _break_off(self, composed: Composed, why: Phrase) -> Posted | None:
        """End a message that was begun, as far as it got, with a remark under it."""
        standing = await self._standing(composed)
        if standing is None:
            return None
        remark = phrase(why, composed.language)
        if standing.shown is None:
            return await self._say(composed, "line", remark)
        return await self._say(composed, "answer", standing.shown.strip(), remark=remark)

    async def _standing(self, reached: Opened) -> Placeholder | None:
        """The message that was begun in the thread and waits for its end.

        Only the store knows of it when the writing broke off, or an earlier process began it.
        """
        known = reached.standing if isinstance(reached, Read) else None
        written = isinstance(reached, Composed) and not reached.recovered
        if known is not None or written:
            return known
        row = await self._store.read(find_stream, reached.inbound.key)
        return Placeholder(ts=row.ts) if row else None

    async def _hand_over(self, composed: Composed) -> Published:
        """Write the hand-over down, and tell the customer that a person will come.

        What the agents see of it follows when the story is written down: the customer waits for
        nothing that goes to the agents' channel.
        """
        ticket = composed.ticket
        changes = await self._proposer.propose(composed, may_do=True)
        note = await self._propose(composed)
        lines: tuple[Posted, ...] = ()
        # After an edit they know that a person will come, and that has not changed.
        if not (composed.edited and ticket.handed_over):
            missed = composed.answer.told if composed.answer else None
            late: Phrase = "handed_over_late" if composed.inbound.missed == "old" else "handed_over"
            if changes and not any(each.people for each in changes):
                missed = "doing"
            told: Phrase = "added" if ticket.handed_over else missed or late
            said = phrase(told, composed.language, ticket=ticket.number)
            lines = (await self._say(composed, "line", said),)
        return replace(_done(composed, _handed(composed)), posts=lines, note=note)

    async def _propose(self, reached: Opened) -> Literal["loud", "quiet"] | None:
        """Write down what the card shows; what of the message has to stand under it besides.

        The first time that a ticket with a card needs a person, the channel hears of it. What was
        said after an answer stands there, for the card shows what opened the ticket; and all of a
        private message that its card cuts: no agent can open a link to it.
        """
        number = reached.ticket.ticket_id
        card = await self._store.read(card_of_ticket, number)
        await self._store.write(
            partial(record_proposal, renames=reached.renames),
            number,
            labels_of(reached),
            draft_row(reached),
        )
        if card is not None:
            return "quiet" if reached.ticket.handed_over else "loud"
        cut = reached.inbound.private and len(words_of(reached)) > CARD_QUOTE
        return "quiet" if cut or asked_later(reached) else None

    async def _say(
        self,
        reached: Opened,
        kind: Literal["answer", "line"],
        text: str,
        *,
        remark: str = "",
        asks: bool = False,
    ) -> Posted:
        """Say it in the thread: in the message that was begun there, or else in one of its own."""
        inbound, key, language = reached.inbound, reached.inbound.key, reached.language
        answer = reached.answer if isinstance(reached, Composed) else None
        prompt = FeedbackPrompt(ticket=reached.ticket.ticket_id, about=key, language=language)
        say = Reply(
            key=f"{key}:{kind}",
            kind=kind,
            channel=inbound.channel,
            thread_ts=inbound.root,
            text=text,
            sources=answer.sources if answer and kind == "answer" else (),
            sources_label=phrase("sources", language),
            remark=remark,
            asks=prompt if asks else None,
            over=await self._standing(reached),
        )
        return await self._workspace.say(say, recovered=reached.recovered)


def _partly(composed: Composed) -> bool:
    """Whether the answer rests on some of what was to be looked up, and the rest was not found."""
    lookups = composed.answer.lookups if composed.answer else ()
    return any(each.outcome in ("nothing", "failed") for each in lookups)


def _handed(composed: Composed) -> Outcome:
    return "drafted" if composed.draft else "handed_over"


def _done(composed: Composed, outcome: Outcome, *posts: Posted) -> Published:
    parts = composed.heard.parts if outcome in SETTLES_BURST else ()
    return Published(reached=composed, outcome=outcome, posts=posts, parts=parts)


def _none_of_our_business(composed: Composed) -> bool:
    """Whether people talk to each other; or perhaps do, and the articles know nothing to say."""
    route, answer = composed.route, composed.answer
    if route.action == "leave_alone" or route.publish == "nowhere":
        return route.action == "leave_alone"
    return not route.called and not (answer and _known(answer.verdict, route.publish))


def _known(verdict: Verdict, publish: Publish) -> bool:
    """Whether the articles gave the answer: one to be sent, or where all are drafts, a good one."""
    drafted = publish == "draft" and verdict.outcome == "suggest" and not verdict.faults
    return verdict.outcome == "send" or drafted


def _more(now: BurstMessages, heard: Request, seen: Sequence[str]) -> bool:
    """Whether there is more to answer than was answered: other words, or files not looked at."""
    unseen = any(file["id"] not in seen for file in now.files)
    return unseen or (now.text, now.parts) != (heard.text, heard.parts)
