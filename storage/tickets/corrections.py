"""Where people set the bot right, stored with the decision they correct: data for evaluation."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Index, String, literal, select, tuple_
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert
from storage.db.rows import StoredRow
from storage.tickets import outbox
from storage.tickets.tables import Decision, Message

CorrectionKind = Literal[
    "category",
    "not_a_request",
    "draft_sent",
    "draft_edited",
    "draft_ignored",
    "reopened",
    "rating",
    "solved",
    "needs_human",
    "feedback",
    "article_approved",
    "article_edited",
    "article_rejected",
]

# Read at a time; there may be more than fit at once.
AT_ONCE = 500


class Correction(StoredRow, table=True):
    """One judgement of a person on what the bot did, from what it was to what it should be."""

    __tablename__ = "corrections"
    __table_args__ = (Index("corrections_when", "corrected_at"),)

    key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    message_key: str | None = None
    kind: str
    before: str | None = None
    after: str | None = None
    comment: str = ""
    by: str
    corrected_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def add_correction(session: Session, correction: Correction) -> None:
    """Store a correction; one that is judged again under its key takes the newer judgement."""
    values = {name: getattr(correction, name) for name in Correction.model_fields}
    row = insert(Correction).values(**values)
    newer = {name: values[name] for name in ("after", "comment", "by", "corrected_at")}
    session.execute(row.on_conflict_do_update(index_elements=["key"], set_=newer))


def correct_ignored_drafts(session: Session, ticket_id: int, said: str | None, by: str) -> None:
    """A person did without the drafts that were waiting, and `said` this instead, if anything."""
    for draft in outbox.waiting_drafts(session, ticket_id):
        draft.fate = "ignored"
        correct_draft(session, draft, "draft_ignored", said, by)


def correct_draft(
    session: Session, draft: outbox.DraftRow, kind: CorrectionKind, after: str | None, by: str
) -> None:
    """What a person made of a draft: `after` are their own words, if there are any."""
    add_correction(
        session,
        Correction(
            key=f"draft:{draft.message_key}",
            ticket_id=draft.ticket_id,
            message_key=draft.message_key,
            kind=kind,
            before=draft.text,
            after=after,
            by=by,
        ),
    )


def decision_of(
    session: Session, ticket_id: int, *outcomes: str, besides: str | None = None
) -> str | None:
    """The latest decision on a ticket, among those with these outcomes if any are named."""
    query = select(col(Decision.message_key)).where(
        col(Decision.ticket_id) == ticket_id, col(Decision.message_key) != (besides or "")
    )
    if outcomes:
        query = query.where(col(Decision.outcome).in_(outcomes))
    return session.scalar(query.order_by(col(Decision.message_key).desc()).limit(1))


def customer_was_glad(session: Session, ticket_id: int) -> bool:
    """Whether the customer said that what they got helped, and nobody said that it did not."""
    query = select(Correction).where(
        col(Correction.ticket_id) == ticket_id,
        col(Correction.kind).in_(("rating", "feedback", "solved", "needs_human", "reopened")),
    )
    said = session.scalars(query).all()
    good = [each for each in said if each.kind == "solved" or each.after == "good"]
    return bool(good) and len(good) == len(said)


def corrections_since(session: Session, moment: datetime) -> Iterator[dict[str, Any]]:
    """Every correction from a moment on, oldest first, with its message and its decision."""
    place = (col(Correction.corrected_at), col(Correction.key))
    query = (
        select(Correction, Decision, Message)
        .outerjoin(Decision, col(Decision.message_key) == col(Correction.message_key))
        .outerjoin(Message, col(Message.key) == col(Correction.message_key))
        .order_by(*place)
        .limit(AT_ONCE)
    )
    page = session.execute(query.where(place[0] >= moment)).all()
    while page:
        for correction, decision, message in page:
            yield _exported(correction, decision, message)
        last: Correction = page[-1][0]
        after = tuple_(*place) > tuple_(
            literal(last.corrected_at, UtcDateTime), literal(last.key, String)
        )
        page = session.execute(query.where(after)).all()


def _exported(
    correction: Correction, decision: Decision | None, message: Message | None
) -> dict[str, Any]:
    return {
        "ticket": correction.ticket_id,
        "kind": correction.kind,
        "before": correction.before,
        "after": correction.after,
        "comment": correction.comment,
        "by": correction.by,
        "at": correction.corrected_at.isoformat(timespec="seconds"),
        "message": correction.message_key,
        "text": message.text if message else None,
        "decision": _decided(decision),
    }


def tell_corrections(
    session: Session, moment: datetime, tell: Callable[[dict[str, Any]], None]
) -> None:
    """Tell every correction from a moment on, one at a time: there may be more than fit at once."""
    for correction in corrections_since(session, moment):
        tell(correction)


def _decided(decision: Decision | None) -> dict[str, Any] | None:
    if decision is None:
        return None
    return {
        "triage": decision.triage,
        "action": decision.action,
        "publish": decision.publish,
        "model": decision.model,
        "reason": decision.reason,
        "outcome": decision.outcome,
        "prompt_versions": decision.prompt_versions,
        "sources": decision.sources,
    }
