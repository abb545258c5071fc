"""What a story knows so far, and how it is written down when it ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from bot import judging
from bot.answering import Answer, Inquiry
from bot.approved import Approved
from bot.arriving import Opened
from bot.attached import NOTHING, Attached, Unread
from bot.bursts import Heard
from bot.claude import Call
from bot.desk import Desk
from bot.frontdesk import Posted, Standing
from bot.gate import Case
from bot.inbound import Frozen, Inbound, message_key, moment
from bot.pricing import dollars
from bot.prompt import one_line
from bot.routing import Route
from bot.thread import Thread
from bot.triage import Triage, Triaged
from storage import ledger, lifecycle, relays, spoken, tickets, together
from storage.columns import utc_now
from storage.database import Session
from storage.lifecycle import By, Status
from storage.models import Call as CallRow
from storage.models import Decision, Message, Post, Ticket
from storage.relays import Draft

Outcome = Literal[
    "answered",
    "replied",
    "asked",
    "declined",
    "handed_over",
    "drafted",
    "stopped",
    "shadowed",
    "noted",
    "joined",
    "cancelled",
    "failed",
]
# What the bot has said to the customer by itself, and now waits for them.
SPOKEN: frozenset[Outcome] = frozenset({"answered", "replied", "asked", "declined"})


class Acted(Frozen):
    """What was done about a message, and what stands in Slack because of it.

    `edited` is what a message says after it changed, or its author said more, while it was worked
    on: nothing was done yet. `parts` are the keys of messages that were answered with it. `problem`
    says why it failed.
    """

    outcome: Outcome
    posts: tuple[Posted, ...] = ()
    edited: Heard | None = None
    parts: tuple[str, ...] = ()
    problem: str | None = None

    def said_in(self, channel: str) -> bool:
        """Whether anything was posted there."""
        return any(posted.channel == channel for posted in self.posts)


@dataclass
class Journal:
    """The stages of one story as they are reached, what they cost (ms) and what was paid.

    `standing` is the message that was begun for the answer while it was written, `stopped` who
    ended it: a user id, or "" when Slack did not say; while `writing`, only the store knows of it.
    `signed` says that the message carries the sign of being worked on.
    """

    inbound: Inbound
    signed: bool = False
    opened: Opened | None = None
    thread: Thread = field(default_factory=Thread)
    attached: Attached = NOTHING
    triaged: Triaged | None = None
    route: Route | None = None
    answer: Answer | None = None
    writing: bool = False
    standing: Standing | None = None
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


def record(
    session: Session, journal: Journal, acted: Acted, *, bot: str, reference: str | None = None
) -> None:
    """Write the decision, its calls and its posts; doing it twice changes nothing.

    `bot` is the bot's user id, `reference` the one a failure was logged under.
    """
    inbound, ticket_id = journal.inbound, journal.ticket.ticket_id
    rows: list[Any] = [_decision(journal, acted, reference)]
    rows += [_call(journal, number, call) for number, call in enumerate(journal.calls)]
    rows += [post_of(ticket_id, posted) for posted in acted.posts]
    rows += [
        _spoken(inbound, ticket_id, posted, bot)
        for posted in acted.posts
        if posted.channel == inbound.channel
    ]
    fresh = ledger.put(session, *rows)
    spoken.add(
        session,
        [(row.ticket_id, row.key, row.text) for row in fresh if isinstance(row, Message)],
    )
    tickets.settle(session, inbound.key, acted.outcome)
    together.settled(session, acted.parts)
    ticket = tickets.find(session, ticket_id)
    if ticket is not None:
        _update(session, ticket, journal, acted)


def _decision(journal: Journal, acted: Acted, reference: str | None) -> Decision:
    triage, chosen, answer = journal.triage, journal.route, journal.answer
    reason = chosen.reason if chosen else _untold(acted)
    if answer is not None and answer.verdict.outcome != "send":
        reason = f"{reason}, but {answer.verdict.reason}"
    if answer is not None and answer.reused and journal.triaged and journal.triaged.approved:
        reason = f"{reason}, {_again(journal.triaged.approved)}"
    if acted.problem:
        reason = f"{reason}, but {acted.problem}"
    reason += "".join(f"; {_unread(each)}" for each in journal.attached.unread)
    return Decision(
        message_key=journal.inbound.key,
        ticket_id=journal.ticket.ticket_id,
        triage=triage.model_dump(mode="json") if triage else None,
        action=chosen.action if chosen else "none",
        publish=chosen.publish if chosen else "nowhere",
        model=_model(journal),
        reason=reason,
        outcome=acted.outcome,
        prompt_versions=list(dict.fromkeys(call.prompt_version for call in journal.calls)),
        sources=[source.model_dump() for source in answer.sources] if answer else [],
        gate=_gate(answer) if answer else None,
        evidence=[each.model_dump() for each in answer.evidence] if answer else [],
        reused=answer.reused if answer else None,
        saved_nano_dollars=answer.saved if answer else 0,
        reference=reference,
        stage_ms=journal.stage_ms,
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


def _model(journal: Journal) -> str | None:
    """The model that answered, which need not be the one that the route had in mind."""
    if journal.answer and journal.answer.reused:
        return None
    if journal.answer and journal.answer.calls:
        return journal.answer.calls[-1].model
    return journal.route.model if journal.route else None


def _unread(each: Unread) -> str:
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


def _call(journal: Journal, number: int, call: Call) -> CallRow:
    key = journal.inbound.key
    return CallRow(
        key=f"{key}:{number}",
        ticket_id=journal.ticket.ticket_id,
        message_key=key,
        intent=journal.triage.intent if journal.triage else None,
        channel_id=journal.inbound.channel,
        requester_id=journal.inbound.requester or journal.inbound.user,
        **call.model_dump(),
    )


def post_of(ticket_id: int, posted: Posted) -> Post:
    """What stands in Slack, as the store keeps it."""
    return Post(
        key=posted.key,
        ticket_id=ticket_id,
        kind=posted.kind,
        channel_id=posted.channel,
        ts=posted.ts,
        posted_at=moment(posted.ts),
    )


def _spoken(inbound: Inbound, ticket_id: int, posted: Posted, bot: str) -> Message:
    return Message(
        key=message_key(inbound.team, posted.channel, posted.ts),
        ticket_id=ticket_id,
        channel_id=posted.channel,
        ts=posted.ts,
        author_id=bot,
        author="bot",
        text=posted.text,
        files=[],
        received_at=moment(posted.ts),
    )


def _update(session: Session, ticket: Ticket, journal: Journal, acted: Acted) -> None:
    now = utc_now()
    if acted.outcome in SPOKEN | {"stopped"}:
        ticket.first_response_at = ticket.first_response_at or moment(acted.posts[0].ts)
    if acted.outcome in ("handed_over", "drafted", "failed"):
        ticket.handed_over_at = ticket.handed_over_at or now
    labels = _labels(ticket, journal.triage) if journal.triage else {}
    status = _next(ticket, journal, acted)
    user, key = journal.inbound.user, journal.inbound.key
    if status in ("open", "pending") and ticket.status in ("solved", "closed"):
        judging.reopened(session, ticket, "the customer wrote again", user, besides=key)
    if status in ("open", "solved"):
        writer = By(user, "thread")
        lifecycle.change(session, ticket, writer, at=now, status=status)
    elif status is not None:
        labels["status"] = status
    lifecycle.change(session, ticket, By("bot", "story"), at=now, **labels)
    lifecycle.touch(ticket, now)


def propose(session: Session, journal: Journal) -> None:
    """Write down early what the agents' card shows: the labels, and the draft if there is one."""
    ticket = tickets.find(session, journal.ticket.ticket_id)
    if ticket is None:
        return
    ticket.handed_over_at = ticket.handed_over_at or utc_now()
    labels = _labels(ticket, journal.triage) if journal.triage else {}
    lifecycle.change(session, ticket, By("bot", "story"), **labels)
    if journal.draft is not None:
        draft = Draft(
            message_key=journal.inbound.key,
            ticket_id=journal.ticket.ticket_id,
            text=journal.draft.text or "",
            sources=[source.model_dump() for source in journal.draft.sources],
            model=_model(journal),
        )
        relays.propose(session, draft)
    lifecycle.touch(ticket, utc_now())


def _next(ticket: Ticket, journal: Journal, acted: Acted) -> Status | None:
    """The status after the story; None leaves it. A mere thanks opens nothing that was done."""
    match acted.outcome:
        case "cancelled":
            only = journal.inbound.ts == ticket.thread_ts and not journal.ticket.heard.parts
            return "closed" if only else None
        case "joined":
            return None
        case "answered" | "asked" | "declined" | "stopped":
            return "pending"
        case "replied":
            if _settled(ticket, journal):
                return "solved"
            done = ticket.status != "open" or ticket.handed_over_at is not None
            return None if done else "pending"
        case "handed_over" | "drafted" | "failed" | "shadowed" | "noted":
            return None if journal.courtesy else "open"


def _settled(ticket: Ticket, journal: Journal) -> bool:
    """Whether the customer's thanks ends a ticket that waited for them and for nobody else."""
    polite = journal.triaged is not None and journal.triaged.polite is not None
    return polite and ticket.status == "pending" and ticket.handed_over_at is None


def _labels(ticket: Ticket, triage: Triage) -> dict[str, Any]:
    """A ticket is named by its first real request: a greeting labels it, but gives no title."""
    ticket.language = triage.language
    ticket.sentiment = triage.sentiment
    ticket.urgency = triage.urgency
    if ticket.title:
        return {}
    ticket.confidence = triage.confidence
    ticket.complexity = triage.complexity
    ticket.product = triage.product
    ticket.issue_type = triage.issue_type
    ticket.action_needed = triage.action_needed
    named = {} if triage.reply else {"title": triage.summary}
    return {"intent": triage.intent, "priority": triage.urgency, **named}
