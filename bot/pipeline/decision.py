"""What became of a message, as the store and the log are told it."""

from collections.abc import Collection, Sequence
from typing import Any

from bot.answers.answer import Answer
from bot.answers.approved import Approved
from bot.attachments.contents import UnreadFile
from bot.config.desk import DeskConfig
from bot.llm.calls import Call
from bot.llm.prompts import one_line
from bot.messages.inbound import message_key, moment_of
from bot.messages.outcomes import SPOKEN
from bot.pipeline.context import Assessed, Composed, Opened, Published, Read, Routed
from bot.pipeline.route import Route
from bot.text.money import dollars
from bot.text.phrases import why_unread
from bot.triage.addressing import UNCLEAR
from bot.triage.verdict import Triage
from bot.workspace.port import post_row
from bot.workspace.posts import Posted
from storage.answers.record import MessageRecord, TicketLabels
from storage.cards.card_notes import CardNoteRow
from storage.db.columns import utc_now
from storage.tickets.outbox import DraftRow
from storage.tickets.tables import CallRow, Decision, Message

ANSWERED = SPOKEN | {"stopped"}
HANDED_OVER = frozenset({"handed_over", "drafted", "failed"})


def record_of(published: Published, bot: str, desk: DeskConfig) -> MessageRecord:
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
        thanks=assessment is not None and assessment.polite in ("thanks", "okay"),
        whole=not ticket.heard.parts,
        renames=reached.renames,
        card_in=desk.agents_channel if outcome in _carded(desk) else "",
        note=_card_note(published),
    )


def _carded(desk: DeskConfig) -> Collection[str]:
    """The outcomes whose tickets the agents are to see."""
    return HANDED_OVER if desk.cards == "people" else HANDED_OVER | SPOKEN


def _card_note(published: Published) -> CardNoteRow | None:
    """What the agents are to read under the ticket's card: what was said, as it reads by now."""
    reached, inbound = published.reached, published.reached.inbound
    if published.note is None:
        return None
    heard = reached.ticket.heard
    return CardNoteRow(
        key=inbound.key,
        ticket_id=reached.ticket.ticket_id,
        author_id=inbound.user,
        channel_id=inbound.channel,
        ts=inbound.ts,
        thread_ts=inbound.thread_ts,
        text=words_of(reached),
        files=[str(each.get("name") or "a file") for each in heard.files],
        loud=published.note == "loud",
        edited=reached.edited,
    )


def asked_later(reached: Opened) -> bool:
    """Whether it is not what opened its ticket: the desk has said something there before."""
    if reached.edited or reached.inbound.pulled is not None or not isinstance(reached, Read):
        return False
    return bool(reached.thread.said_by("bot"))


def words_of(reached: Opened) -> str:
    """What was said, as it reads by now."""
    return reached.heard.text if isinstance(reached, Read) else reached.ticket.heard.text


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
    if published.outcome == "left_alone":
        # It is counted under this: one sentence for all of a kind.
        return route.reason if route and route.action == "leave_alone" else UNCLEAR
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
        **({"lookups": [each.told for each in answer.lookups]} if answer.lookups else {}),
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
    named = one_line(each.name) or ("a file" if each.id else "the long message")
    if each.problem == "many":
        named = f"{each.count} more pictures"
    if each.problem == "partly":
        what = "pictures, drawings, hidden words or pages without text"
        return f"{named} was read but for {each.count} {what}"
    return f"{named} was not read ({why_unread(each.problem)})"


def _untold(published: Published) -> str:
    """Why a message never came to a route."""
    match published.outcome:
        case "noted":
            return "a person has taken over this thread"
        case "joined" if published.reached.edited:
            return "edited, and it asks what was answered already"
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
        key=f"{reached.inbound.story}:{number}",
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
