"""What became of a message, written down: its decision, calls and posts, its ticket, its card."""

from collections.abc import Sequence
from typing import Any

from bot.answers.answer import Answer
from bot.answers.approved import Approved
from bot.answers.streaming import place_of
from bot.attachments.contents import UnreadFile
from bot.config.desk import Desk
from bot.costs.spending import SpendGuard
from bot.llm.calls import Call
from bot.llm.prompts import one_line
from bot.messages.inbound import IncomingMessage, message_key, moment_of
from bot.messages.outcomes import SPOKEN
from bot.pipeline.context import Assessed, Composed, Opened, Published, Read, Routed
from bot.pipeline.route import Route
from bot.runtime.tasks import BackgroundTasks
from bot.text.money import dollars
from bot.tickets.cards import CardKeeper
from bot.tickets.incidents import link_to_incident
from bot.tickets.outbox import Outbox
from bot.triage.verdict import Triage
from bot.workspace.port import Workspace, post_row
from bot.workspace.posts import Posted
from storage.answers.record import MessageRecord, TicketLabels, record_message
from storage.db.columns import utc_now
from storage.db.database import Database
from storage.tickets.models import CallRow, Decision, Message
from storage.tickets.outbox import DraftRow

ANSWERED = SPOKEN | {"stopped"}
HANDED_OVER = frozenset({"handed_over", "drafted", "failed"})


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
        spend_guard: SpendGuard,
    ) -> None:
        self._store = store
        self._incidents = desk.incidents
        self._workspace = workspace
        self._cards = cards
        self._outbox = outbox
        self._spend_guard = spend_guard
        self._background = BackgroundTasks()

    async def record(self, published: Published) -> None:
        """Write down what was done; doing it twice changes nothing."""
        await self._store.write(record_message, record_of(published, self._workspace.bot_user))

    async def follow_up(self, published: Published) -> None:
        """Link the ticket to its incident, draw its card, and look after the budgets."""
        reached = published.reached
        await self._link(reached)
        self.show(published)
        if isinstance(reached, Assessed):
            allowance = reached.assessment.allowance
            await self._spend_guard.review(reached.inbound, allowance, reached.calls)

    def show(self, published: Published) -> None:
        """Show the agents what became of the message, and take the sign of work off it."""
        reached = published.reached
        inbound = reached.inbound
        signed = reached.signed and published.outcome != "cancelled"
        self._cards.touch(
            reached.ticket.ticket_id, (inbound.channel, inbound.ts) if signed else None
        )
        title = _private_title(reached)
        if title:
            self._background.begin(self._workspace.title(place_of(inbound), title))
        said = any(posted.channel == inbound.channel for posted in published.posts)
        if isinstance(reached, Composed) and reached.answer is not None and not said:
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
        linked = await self._store.write(
            link_to_incident, number, reached.inbound.key, self._incidents, utc_now()
        )
        for each in linked.numbers:
            self._cards.touch(each)
        if linked.note is not None:
            await self._outbox.send(linked.note)


def record_of(published: Published, bot: str) -> MessageRecord:
    """What the store is told of a message; `bot` is the bot's user id."""
    reached, outcome, posts = published.reached, published.outcome, published.posts
    inbound, ticket = reached.inbound, reached.ticket
    assessment = reached.assessment if isinstance(reached, Assessed) else None
    return MessageRecord(
        decision=_decision(published),
        calls=[_call(reached, number, call) for number, call in enumerate(_calls(reached))],
        posts=[post_row(ticket.ticket_id, each) for each in posts],
        said=[_said(reached, each, bot) for each in posts if each.channel == inbound.channel],
        author=inbound.user,
        ts=inbound.ts,
        parts=published.parts,
        labels=labels_of(reached),
        responded_at=moment_of(posts[0].ts) if outcome in ANSWERED else None,
        handed_over=outcome in HANDED_OVER,
        courtesy=assessment is not None and assessment.courtesy,
        thanks=assessment is not None and assessment.polite is not None,
        whole=not ticket.heard.parts,
    )


def labels_of(reached: Opened) -> TicketLabels | None:
    """What triage says of a message, when it came so far."""
    triage = _triage(reached)
    if triage is None:
        return None
    return TicketLabels(
        language=triage.language,
        sentiment=triage.sentiment,
        urgency=triage.urgency,
        confidence=triage.confidence,
        complexity=triage.complexity,
        product=triage.product,
        issue_type=triage.issue_type,
        action_needed=triage.action_needed,
        intent=triage.intent,
        title="" if triage.reply else triage.summary,
    )


def draft_row(reached: Opened) -> DraftRow | None:
    """The draft that agents may send, if there is one."""
    draft = reached.draft if isinstance(reached, Composed) else None
    if draft is None:
        return None
    return DraftRow(
        message_key=reached.inbound.key,
        ticket_id=reached.ticket.ticket_id,
        text=draft.text or "",
        sources=[source.model_dump() for source in draft.sources],
        model=_model(reached),
    )


def facts_of(published: Published) -> dict[str, Any]:
    """The story in fields for the log: no text, no token."""
    reached = published.reached
    triage = _triage(reached)
    route = _route(reached)
    calls = _calls(reached)
    return {
        "ticket": reached.ticket.number,
        "intent": triage.intent if triage else None,
        "action": route.action if route else None,
        "model": route.model if route else None,
        "outcome": published.outcome,
        "nano_dollars": sum(call.nano_dollars for call in calls),
        **{f"{stage}_ms": spent for stage, spent in published.stage_ms.items()},
    }


def _decision(published: Published) -> Decision:
    reached = published.reached
    triage = _triage(reached)
    route = _route(reached)
    answer = _answer(reached)
    calls = _calls(reached)
    return Decision(
        message_key=reached.inbound.key,
        ticket_id=reached.ticket.ticket_id,
        triage=triage.model_dump(mode="json") if triage else None,
        action=route.action if route else "none",
        publish=route.publish if route else "nowhere",
        model=_model(reached),
        reason=_reason(published),
        outcome=published.outcome,
        prompt_versions=list(dict.fromkeys(call.prompt_version for call in calls)),
        sources=[source.model_dump() for source in answer.sources] if answer else [],
        gate=_gate(answer) if answer else None,
        evidence=[each.model_dump() for each in answer.evidence] if answer else [],
        reused=answer.reused if answer else None,
        saved_nano_dollars=answer.saved if answer else 0,
        reference=published.reference,
        stage_ms=dict(published.stage_ms),
        decided_at=utc_now(),
    )


def _reason(published: Published) -> str:
    """Why it came to this, as agents read it."""
    reached = published.reached
    route, answer = _route(reached), _answer(reached)
    reason = route.reason if route else _untold(published)
    if answer is not None and answer.verdict.outcome != "send":
        reason = f"{reason}, but {answer.verdict.reason}"
    approved = reached.assessment.approved if isinstance(reached, Assessed) else None
    if answer is not None and answer.reused and approved:
        reason = f"{reason}, {_again(approved)}"
    if published.problem:
        reason = f"{reason}, but {published.problem}"
    unread = reached.attached.unread if isinstance(reached, Read) else ()
    return reason + "".join(f"; {_unread(each)}" for each in unread)


def _triage(reached: Opened) -> Triage | None:
    return reached.assessment.triage if isinstance(reached, Assessed) else None


def _route(reached: Opened) -> Route | None:
    return reached.route if isinstance(reached, Routed) else None


def _answer(reached: Opened) -> Answer | None:
    return reached.answer if isinstance(reached, Composed) else None


def _calls(reached: Opened) -> Sequence[Call]:
    return reached.calls if isinstance(reached, Read) else ()


def _gate(answer: Answer) -> dict[str, Any]:
    """What the gate decided, as `/ticket why` and the card tell it."""
    return {
        **answer.verdict.model_dump(mode="json"),
        "found": [source.model_dump() for source in answer.found],
    }


def _again(approved: Approved) -> str:
    """That nothing was paid for, and whom to thank."""
    return (
        f"with the answer of T-{approved.ticket_id} that {approved.approved_by} approved, "
        f"which saved {dollars(approved.nano_dollars)}"
    )


def _model(reached: Opened) -> str | None:
    """The model that answered, which need not be the one that the route had in mind."""
    answer = _answer(reached)
    if answer and answer.reused:
        return None
    if answer and answer.calls:
        return answer.calls[-1].model
    route = _route(reached)
    return route.model if route else None


def _unread(each: UnreadFile) -> str:
    """What was not read, as agents read it."""
    named = one_line(each.name) or f"{each.count} more pictures"
    return f"{named} was not read ({each.problem})"


def _untold(published: Published) -> str:
    """Why a message never came to a route."""
    match published.outcome:
        case "noted":
            return "a person has taken over this thread"
        case "joined":
            return "answered together with the message before it"
        case "cancelled":
            return "the message was deleted"
        case _:
            return "the story broke off"


def _call(reached: Opened, number: int, call: Call) -> CallRow:
    inbound = reached.inbound
    triage = _triage(reached)
    return CallRow(
        key=f"{reached.inbound.key}:{number}",
        ticket_id=reached.ticket.ticket_id,
        message_key=reached.inbound.key,
        intent=triage.intent if triage else None,
        channel_id=inbound.channel,
        requester_id=inbound.requester or inbound.user,
        **call.model_dump(),
    )


def _said(reached: Opened, posted: Posted, bot: str) -> Message:
    return Message(
        key=message_key(reached.inbound.team, posted.channel, posted.ts),
        ticket_id=reached.ticket.ticket_id,
        channel_id=posted.channel,
        ts=posted.ts,
        author_id=bot,
        author="bot",
        text=posted.text,
        files=[],
        received_at=moment_of(posted.ts),
    )


def _private_title(reached: Opened) -> str:
    """What a direct conversation is about, when this message was the first to say so."""
    triage = _triage(reached)
    if triage is None or triage.reply or reached.ticket.title:
        return ""
    return triage.summary if reached.inbound.private else ""
