"""What people's acts say about the bot's: each becomes a correction of a decision."""

from bot.answers.approved import fingerprint
from storage.answers import approved
from storage.db.database import Session
from storage.tickets import corrections, outbox
from storage.tickets.corrections import Correction, CorrectionKind
from storage.tickets.models import Ticket


def correct_category(session: Session, ticket: Ticket, after: str, by: str) -> None:
    """A person chose another category than the bot."""
    key = corrections.decision_of(session, ticket.id or 0)
    corrections.add_correction(
        session,
        Correction(
            key=f"category:{key or ticket.id}",
            ticket_id=ticket.id or 0,
            message_key=key,
            kind="category",
            before=ticket.intent,
            after=after,
            by=by,
        ),
    )


def correct_dismissed(session: Session, ticket: Ticket, reason: str, comment: str, by: str) -> None:
    """A person said that the message was no request at all."""
    key = corrections.decision_of(session, ticket.id or 0)
    corrections.add_correction(
        session,
        Correction(
            key=f"not_a_request:{key or ticket.id}",
            ticket_id=ticket.id or 0,
            message_key=key,
            kind="not_a_request",
            before=ticket.intent,
            after=reason,
            comment=comment,
            by=by,
        ),
    )


def correct_draft_sent(session: Session, draft: outbox.DraftRow, text: str, by: str) -> None:
    """A person sent a draft, as it was or after changing it."""
    edited = text != draft.text.strip()
    if not edited:
        approved.approve_answer(session, draft.message_key, text, by, fingerprint)
    draft.fate = "edited" if edited else "sent"
    kind: CorrectionKind = "draft_edited" if edited else "draft_sent"
    corrections.correct_draft(session, draft, kind, text, by)


def correct_rated(session: Session, ticket: Ticket, rating: str, comment: str, by: str) -> None:
    """The customer said how it went; a later word replaces an earlier one."""
    key = corrections.decision_of(session, ticket.id or 0)
    corrections.add_correction(
        session,
        Correction(
            key=f"rating:{ticket.id}",
            ticket_id=ticket.id or 0,
            message_key=key,
            kind="rating",
            after=rating,
            comment=comment,
            by=by,
        ),
    )


def correct_feedback_choice(
    session: Session, ticket: Ticket, about: str, kind: str, by: str
) -> None:
    """What somebody chose under an automatic answer: `solved` or `needs_human`."""
    corrections.add_correction(
        session,
        Correction(
            key=f"{kind}:{about}", ticket_id=ticket.id or 0, message_key=about, kind=kind, by=by
        ),
    )


def correct_opinion(
    session: Session, ticket: Ticket, about: str, good: str, why: str, by: str
) -> None:
    """A thumb for an automatic answer; a later word of the same person replaces an earlier one."""
    corrections.add_correction(
        session,
        Correction(
            key=f"feedback:{about}:{by}",
            ticket_id=ticket.id or 0,
            message_key=about,
            kind="feedback",
            after=good,
            comment=why,
            by=by,
        ),
    )
