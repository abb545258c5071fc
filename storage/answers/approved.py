"""Answers that an agent approved, kept so that the same question need not be paid for twice.

A question is known by its fingerprint, which `bot.answers.approved` makes; whoever writes in one
transaction with a question that only the store knows hands that function in.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.costs import ledger
from storage.db.columns import UtcDateTime, utc_now
from storage.db.rows import StoredRow
from storage.knowledge import stored_passages
from storage.knowledge.values import Passage
from storage.tickets import corrections, messages
from storage.tickets.corrections import Correction
from storage.tickets.outbox import DraftRow
from storage.tickets.tables import Decision, Message, Ticket

Fingerprint = Callable[[str], str | None]


class Approval(StoredRow, table=True):
    """An approved answer to the question of `message_key`, and what it had cost to make.

    `fingerprint` names the question, `triage` is the verdict on it; `evidence` are the cited
    passages by source and digest, which must still be so when the answer is given again.
    `approved_by` is the agent.
    """

    __tablename__ = "approvals"
    __table_args__ = (Index("approvals_question", "fingerprint", "approved_at"),)

    message_key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    fingerprint: str
    intent: str
    answer: str
    triage: dict[str, Any] = Field(sa_type=JSON)
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    evidence: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    nano_dollars: int = Field(default=0, sa_type=BigInteger)
    approved_by: str
    approved_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def answering_decision(session: Session, ticket_id: int) -> Decision | None:
    """The decision by which the bot answered a ticket, when it answered once and nothing else."""
    query = select(Decision).where(
        col(Decision.ticket_id) == ticket_id, col(Decision.outcome) == "answered"
    )
    found = session.scalars(query).all()
    return found[0] if len(found) == 1 else None


def question_of(session: Session, message_key: str) -> tuple[Decision, str] | None:
    """A decision and the text it was about, if both are known.

    A message that was edited since says something else than what was decided on.
    """
    decision, message = session.get(Decision, message_key), session.get(Message, message_key)
    if decision is None or message is None:
        return None
    revision = messages.latest_revision(session, message_key)
    edited = revision is not None and revision.seen_at > decision.decided_at
    return None if edited else (decision, message.text)


def keep_approval(session: Session, decision: Decision, answer: str, mark: str, by: str) -> None:
    """Keep an approved answer; approved again it stays as it is, withdrawn it comes back.

    Only what cites articles and was paid for is worth keeping: not an answer given again itself.
    """
    triage = decision.triage
    if not decision.evidence or not triage or decision.reused:
        return
    known = session.get(Approval, decision.message_key)
    if known is not None:
        known.withdrawn_at, known.answer, known.approved_by = None, answer, by
        return
    session.add(
        Approval(
            message_key=decision.message_key,
            ticket_id=decision.ticket_id,
            fingerprint=mark,
            intent=str(triage["intent"]),
            answer=answer,
            triage=triage,
            sources=decision.sources,
            evidence=decision.evidence,
            nano_dollars=sum(
                call.cost for call in ledger.calls_of_message(session, decision.message_key)
            ),
            approved_by=by,
        )
    )


def withdraw_approval(session: Session, message_key: str) -> None:
    """Never give this answer again, until an agent approves it anew."""
    known = session.get(Approval, message_key)
    if known is not None:
        known.withdrawn_at = utc_now()


def find_approval(
    session: Session, mark: str, intents: Sequence[str], since: datetime
) -> Approval | None:
    """The latest approved answer to a question of these intents, approved after `since`."""
    query = (
        select(Approval)
        .where(
            col(Approval.fingerprint) == mark,
            col(Approval.intent).in_(intents),
            col(Approval.approved_at) >= since,
            col(Approval.withdrawn_at).is_(None),
        )
        .order_by(col(Approval.approved_at).desc())
        .limit(1)
    )
    return session.scalars(query).first()


def approval_and_passages(
    session: Session, mark: str, intents: Sequence[str], since: datetime
) -> tuple[Approval, Sequence[Passage]] | None:
    """The same, with every passage of the articles that it cites as it stands now."""
    found = find_approval(session, mark, intents, since)
    if found is None:
        return None
    cited = {str(each["source"]) for each in found.evidence}
    return found, stored_passages.passages_of_sources(session, cited)


def approve_answer(
    session: Session, message_key: str, answer: str, by: str, fingerprint: Fingerprint
) -> None:
    """An agent vouches for an answer: it was sent as drafted, or it solved the matter."""
    known = question_of(session, message_key)
    if known is None:
        return
    decision, text = known
    mark = fingerprint(text)
    if mark is not None:
        keep_approval(session, decision, answer, mark, by)


def approve_solved(session: Session, ticket: Ticket, by: str, fingerprint: Fingerprint) -> None:
    """An agent calls solved what the bot alone answered and the customer was glad of."""
    number = ticket.ticket_id
    decision = answering_decision(session, number)
    if decision is None or ticket.human_since is not None:
        return
    if not corrections.customer_was_glad(session, number):
        return
    answer = _posted_answer(session, decision.message_key)
    if answer is not None:
        approve_answer(session, decision.message_key, answer, by, fingerprint)


def withdraw_answer(session: Session, message_key: str) -> None:
    """What did not help one customer is not given to another, unless an agent approves it anew."""
    decision = ledger.find_decision(session, message_key)
    withdraw_approval(session, (decision.reused if decision else None) or message_key)


def correct_reopened(
    session: Session, ticket: Ticket, why: str, by: str, *, besides: str | None = None
) -> None:
    """A ticket came back after the bot alone had answered it; nothing when a person had.

    `besides` is the message that brought it back, whose own decision is not the one corrected.
    """
    number = ticket.ticket_id
    key = corrections.decision_of(session, number, "answered", besides=besides)
    if key is None or ticket.human_since is not None:
        return
    withdraw_answer(session, key)
    corrections.add_correction(
        session,
        Correction(
            key=f"reopened:{key}",
            ticket_id=number,
            message_key=key,
            kind="reopened",
            before="solved",
            after="open",
            comment=why,
            by=by,
        ),
    )


def correct_draft_sent(
    session: Session, draft: DraftRow, text: str, by: str, fingerprint: Fingerprint
) -> None:
    """A person sent a draft, as it was or after changing it; as it was, they vouch for it."""
    edited = text != draft.text.strip()
    if not edited:
        approve_answer(session, draft.message_key, text, by, fingerprint)
    draft.fate = "edited" if edited else "sent"
    corrections.correct_draft(session, draft, "draft_edited" if edited else "draft_sent", text, by)


def _posted_answer(session: Session, message_key: str) -> str | None:
    """What the bot answered to a message, as it stands in the thread."""
    post = ledger.find_post(session, f"{message_key}:answer")
    if post is None:
        return None
    team = message_key.split(":", maxsplit=1)[0]
    said = messages.find_message(session, f"{team}:{post.channel_id}:{post.ts}")
    return said.text if said else None
