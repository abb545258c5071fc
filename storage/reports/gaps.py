"""Questions that no article answered, and what agents said to them afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.tickets.tables import Decision, Message, Ticket

# The newest so many are looked at; older ones of the same matter have been asked again.
MOST = 2_000
# Articles are written from tickets of these days, unless somebody names others.
DAYS = 30


@dataclass(frozen=True)
class UnansweredQuestion:
    """A customer's question that was handed over because nothing answered it.

    `text` is what they wrote, `summary` triage's line about it, `missing` what was not known;
    `answer` is what an agent wrote in the ticket afterwards, "" while none has.
    """

    ticket_id: int
    asked_at: datetime
    text: str
    summary: str
    intent: str
    missing: str
    answer: str = ""
    link: str | None = None


def unanswered(
    session: Session, reasons: Sequence[str], since: datetime, until: datetime | None = None
) -> list[UnansweredQuestion]:
    """The questions handed over for one of the `reasons`, newest first.

    Those of private channels and direct messages are left out: an article is for everybody, and so
    is the list that it is written from.
    """
    reason = col(Decision.gate)["reason"].as_string()
    query = (
        select(Decision, Message, Ticket)
        .join(Message, col(Message.key) == col(Decision.message_key))
        .join(Ticket, col(Ticket.id) == col(Decision.ticket_id))
        .where(
            col(Decision.decided_at) >= since,
            reason.in_(reasons),
            col(Ticket.private).is_(False),
        )
        .order_by(col(Decision.decided_at).desc())
        .limit(MOST)
    )
    if until is not None:
        query = query.where(col(Decision.decided_at) < until)
    rows = session.execute(query).all()
    answers = _answers(session, [decision.ticket_id for decision, _, _ in rows])
    return [
        _unanswered(decision, message, ticket, answers.get(decision.ticket_id, ()))
        for decision, message, ticket in rows
        if message.text.strip()
    ]


def _answers(session: Session, numbers: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """What agents said in some tickets: each its ts and its words, oldest first."""
    said: dict[int, list[tuple[str, str]]] = {}
    for start in range(0, len(numbers), 500):
        query = (
            select(col(Message.ticket_id), col(Message.ts), col(Message.text))
            .where(
                col(Message.ticket_id).in_(numbers[start : start + 500]),
                col(Message.author) == "agent",
            )
            .order_by(col(Message.ts))
        )
        for number, ts, text in session.execute(query):
            said.setdefault(number, []).append((ts, text))
    return said


def _unanswered(
    decision: Decision, message: Message, ticket: Ticket, said: Sequence[tuple[str, str]]
) -> UnansweredQuestion:
    triage, gate = decision.triage or {}, decision.gate or {}
    # The longest is the answer; the others are «let me see» and «thank you».
    listener_tasks = [text for ts, text in said if ts > message.ts]
    return UnansweredQuestion(
        ticket_id=decision.ticket_id,
        asked_at=decision.decided_at,
        text=message.text,
        summary=str(triage.get("summary") or ""),
        intent=str(triage.get("intent") or ""),
        missing=str(gate.get("unknown") or ""),
        answer=max(listener_tasks, key=len, default=""),
        link=ticket.link,
    )
