"""What a story knows so far, and how it is written down when it ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.answers.answer import Answer, Inquiry
from bot.answers.approved import Approved
from bot.answers.gate import Case
from bot.attachments.contents import NOTHING, AttachmentContents, UnreadFile
from bot.config.desk import Desk
from bot.llm.calls import Call
from bot.llm.prompts import one_line
from bot.messages.bursts import Request
from bot.messages.inbound import IncomingMessage, message_key, moment_of
from bot.messages.outcomes import SPOKEN, Outcome
from bot.messages.thread import Thread
from bot.pipeline.open import Opened
from bot.pipeline.route import Route
from bot.text.money import dollars
from bot.triage.classifier import Triage, Triaged
from bot.values import Frozen
from bot.workspace.port import post_row
from bot.workspace.posts import Placeholder, Posted
from storage.answers import approved
from storage.costs import ledger
from storage.db.columns import utc_now
from storage.db.database import Session
from storage.tickets import bursts, changes, outbox, text_index, tickets
from storage.tickets.changes import ChangeBy, Status
from storage.tickets.models import CallRow, Decision, Message, Ticket
from storage.tickets.outbox import DraftRow


class Acted(Frozen):
    """What was done about a message, and what stands in Slack because of it.

    `edited` is what a message says after it changed, or its author said more, while it was worked
    on: nothing was done yet. `parts` are the keys of messages that were answered with it. `problem`
    says why it failed.
    """

    outcome: Outcome
    posts: tuple[Posted, ...] = ()
    edited: Request | None = None
    parts: tuple[str, ...] = ()
    problem: str | None = None

    def said_in(self, channel: str) -> bool:
        """Whether anything was posted there."""
        return any(posted.channel == channel for posted in self.posts)


@dataclass
class MessageContext:
    """The stages of one story as they are reached, what they cost (ms) and what was paid.

    `standing` is the message that was begun for the answer while it was written, `stopped` who
    ended it: a user id, or "" when Slack did not say; while `writing`, only the store knows of it.
    `signed` says that the message carries the sign of being worked on.
    """

    inbound: IncomingMessage
    signed: bool = False
    opened: Opened | None = None
    thread: Thread = field(default_factory=Thread)
    attached: AttachmentContents = NOTHING
    triaged: Triaged | None = None
    route: Route | None = None
    answer: Answer | None = None
    writing: bool = False
    standing: Placeholder | None = None
    stopped: str | None = None
    acted: Acted | None = None
    calls: list[Call] = field(default_factory=list)
    stage_ms: dict[str, int] = field(default_factory=dict)

    @property
    def triage(self) -> Triage | None:
        return self.triaged.triage if self.triaged else None

    @property
    def draft(self) -> Answer | None:
        """The answer that the gate lets agents have as a draft, if there is one."""
        answer = self.answer
        if answer is None or answer.text is None or answer.verdict.outcome != "suggest":
            return None
        return answer

    @property
    def courtesy(self) -> bool:
        """Whether the message is a mere thanks or greeting, which asks for nothing."""
        return self.triaged is not None and self.triaged.courtesy

    @property
    def private_title(self) -> str:
        """What a direct conversation is about, when this message was the first to say so."""
        if self.triage is None or self.triage.reply or self.ticket.title:
            return ""
        return self.triage.summary if self.inbound.private else ""

    @property
    def language(self) -> str | None:
        """The customer's language: of this message, or else of the ticket."""
        if self.triage:
            return self.triage.language
        if self.triaged and self.triaged.language:
            return self.triaged.language
        return self.opened.language if self.opened else None

    @property
    def ticket(self) -> Opened:
        """The ticket, which every stage after `open` may rely on."""
        if self.opened is None:
            raise RuntimeError("the story has not opened its ticket yet")
        return self.opened

    def inquiry(self, desk: Desk) -> Inquiry | None:
        """The message as a question to be answered; None where the route wants no words."""
        chosen, triage = self.route, self.triage
        if chosen is None or triage is None or self.triaged is None:
            return None
        if chosen.publish == "nowhere" or chosen.action == "hand_over":
            return None
        return Inquiry(
            text=self.triaged.text,
            thread=self.thread,
            triage=triage,
            case=Case(
                rule=desk.rule(triage.intent),
                intent=triage.intent,
                drafts=chosen.publish == "draft",
                sure=chosen.sure,
                asked=self.thread.asked,
            ),
            model=chosen.model or "",
            user=self.inbound.user,
            attached=self.attached,
        )

    @contextmanager
    def timed(self, stage: str) -> Iterator[None]:
        """Add the time that the block takes to the stage's milliseconds."""
        started = time.monotonic()
        try:
            yield
        finally:
            spent = round((time.monotonic() - started) * 1000)
            self.stage_ms[stage] = self.stage_ms.get(stage, 0) + spent

    def facts(self, acted: Acted) -> dict[str, Any]:
        """The story in fields for the log: no text, no token."""
        return {
            "ticket": self.opened.number if self.opened else None,
            "intent": self.triage.intent if self.triage else None,
            "action": self.route.action if self.route else None,
            "model": self.route.model if self.route else None,
            "outcome": acted.outcome,
            "nano_dollars": sum(call.nano_dollars for call in self.calls),
            **{f"{stage}_ms": spent for stage, spent in self.stage_ms.items()},
        }


def record_outcome(
    session: Session,
    context: MessageContext,
    acted: Acted,
    *,
    bot: str,
    reference: str | None = None,
) -> None:
    """Write the decision, its calls and its posts; doing it twice changes nothing.

    `bot` is the bot's user id, `reference` the one a failure was logged under.
    """
    inbound, ticket_id = context.inbound, context.ticket.ticket_id
    rows: list[Any] = [_decision(context, acted, reference)]
    rows += [_call(context, number, call) for number, call in enumerate(context.calls)]
    rows += [post_row(ticket_id, posted) for posted in acted.posts]
    rows += [
        _spoken(inbound, ticket_id, posted, bot)
        for posted in acted.posts
        if posted.channel == inbound.channel
    ]
    fresh = ledger.put_rows(session, *rows)
    text_index.index_text(
        session,
        [(row.ticket_id, row.key, row.text) for row in fresh if isinstance(row, Message)],
    )
    tickets.settle_message(session, inbound.key, acted.outcome)
    bursts.settle_burst(session, acted.parts)
    ticket = tickets.find_ticket(session, ticket_id)
    if ticket is not None:
        _update(session, ticket, context, acted)


def _decision(context: MessageContext, acted: Acted, reference: str | None) -> Decision:
    triage, chosen, answer = context.triage, context.route, context.answer
    reason = chosen.reason if chosen else _untold(acted)
    if answer is not None and answer.verdict.outcome != "send":
        reason = f"{reason}, but {answer.verdict.reason}"
    if answer is not None and answer.reused and context.triaged and context.triaged.approved:
        reason = f"{reason}, {_again(context.triaged.approved)}"
    if acted.problem:
        reason = f"{reason}, but {acted.problem}"
    reason += "".join(f"; {_unread(each)}" for each in context.attached.unread)
    return Decision(
        message_key=context.inbound.key,
        ticket_id=context.ticket.ticket_id,
        triage=triage.model_dump(mode="json") if triage else None,
        action=chosen.action if chosen else "none",
        publish=chosen.publish if chosen else "nowhere",
        model=_model(context),
        reason=reason,
        outcome=acted.outcome,
        prompt_versions=list(dict.fromkeys(call.prompt_version for call in context.calls)),
        sources=[source.model_dump() for source in answer.sources] if answer else [],
        gate=_gate(answer) if answer else None,
        evidence=[each.model_dump() for each in answer.evidence] if answer else [],
        reused=answer.reused if answer else None,
        saved_nano_dollars=answer.saved if answer else 0,
        reference=reference,
        stage_ms=context.stage_ms,
        decided_at=utc_now(),
    )


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


def _model(context: MessageContext) -> str | None:
    """The model that answered, which need not be the one that the route had in mind."""
    if context.answer and context.answer.reused:
        return None
    if context.answer and context.answer.calls:
        return context.answer.calls[-1].model
    return context.route.model if context.route else None


def _unread(each: UnreadFile) -> str:
    """What was not read, as agents read it."""
    named = one_line(each.name) or f"{each.count} more pictures"
    return f"{named} was not read ({each.problem})"


def _untold(acted: Acted) -> str:
    """Why a message never came to a route."""
    match acted.outcome:
        case "noted":
            return "a person has taken over this thread"
        case "joined":
            return "answered together with the message before it"
        case "cancelled":
            return "the message was deleted"
        case _:
            return "the story broke off"


def _call(context: MessageContext, number: int, call: Call) -> CallRow:
    key = context.inbound.key
    return CallRow(
        key=f"{key}:{number}",
        ticket_id=context.ticket.ticket_id,
        message_key=key,
        intent=context.triage.intent if context.triage else None,
        channel_id=context.inbound.channel,
        requester_id=context.inbound.requester or context.inbound.user,
        **call.model_dump(),
    )


def _spoken(inbound: IncomingMessage, ticket_id: int, posted: Posted, bot: str) -> Message:
    return Message(
        key=message_key(inbound.team, posted.channel, posted.ts),
        ticket_id=ticket_id,
        channel_id=posted.channel,
        ts=posted.ts,
        author_id=bot,
        author="bot",
        text=posted.text,
        files=[],
        received_at=moment_of(posted.ts),
    )


def _update(session: Session, ticket: Ticket, context: MessageContext, acted: Acted) -> None:
    now = utc_now()
    labels = _labels(ticket, context.triage) if context.triage else {}
    if acted.outcome in SPOKEN | {"stopped"}:
        labels["first_response_at"] = ticket.first_response_at or moment_of(acted.posts[0].ts)
    if acted.outcome in ("handed_over", "drafted", "failed"):
        labels["handed_over_at"] = ticket.handed_over_at or now
    status = _next(ticket, context, acted)
    user, key = context.inbound.user, context.inbound.key
    if status in ("open", "pending") and ticket.status in ("solved", "closed"):
        approved.correct_reopened(session, ticket, "the customer wrote again", user, besides=key)
    if status in ("open", "solved"):
        writer = ChangeBy(user, "thread")
        changes.change_ticket(session, ticket, writer, at=now, status=status)
    elif status is not None:
        labels["status"] = status
    changes.change_ticket(session, ticket, ChangeBy("bot", "story"), at=now, **labels)
    changes.touch_ticket(ticket, now)


def record_proposal(session: Session, context: MessageContext) -> None:
    """Write down early what the agents' card shows: the labels, and the draft if there is one."""
    ticket = tickets.find_ticket(session, context.ticket.ticket_id)
    if ticket is None:
        return
    labels = _labels(ticket, context.triage) if context.triage else {}
    labels["handed_over_at"] = ticket.handed_over_at or utc_now()
    changes.change_ticket(session, ticket, ChangeBy("bot", "story"), **labels)
    if context.draft is not None:
        draft = DraftRow(
            message_key=context.inbound.key,
            ticket_id=context.ticket.ticket_id,
            text=context.draft.text or "",
            sources=[source.model_dump() for source in context.draft.sources],
            model=_model(context),
        )
        outbox.put_draft(session, draft)
    changes.touch_ticket(ticket, utc_now())


def _next(ticket: Ticket, context: MessageContext, acted: Acted) -> Status | None:
    """The status after the story; None leaves it. A mere thanks opens nothing that was done."""
    match acted.outcome:
        case "cancelled":
            only = context.inbound.ts == ticket.thread_ts and not context.ticket.heard.parts
            return "closed" if only else None
        case "joined":
            return None
        case "answered" | "asked" | "declined" | "stopped":
            return "pending"
        case "replied":
            if _settled(ticket, context):
                return "solved"
            done = ticket.status != "open" or ticket.handed_over_at is not None
            return None if done else "pending"
        case "handed_over" | "drafted" | "failed" | "shadowed" | "noted":
            return None if context.courtesy else "open"


def _settled(ticket: Ticket, context: MessageContext) -> bool:
    """Whether the customer's thanks ends a ticket that waited for them and for nobody else."""
    polite = context.triaged is not None and context.triaged.polite is not None
    return polite and ticket.status == "pending" and ticket.handed_over_at is None


def _labels(ticket: Ticket, triage: Triage) -> dict[str, Any]:
    """A ticket is named by its first real request: a greeting labels it, but gives no title."""
    each_time = ("language", "sentiment", "urgency")
    first = ("intent", "confidence", "complexity", "product", "issue_type", "action_needed")
    if ticket.title:
        return {name: getattr(triage, name) for name in each_time}
    labels = {name: getattr(triage, name) for name in (*each_time, *first)}
    named = {} if triage.reply else {"title": triage.summary}
    return {**labels, "priority": triage.urgency, **named}
