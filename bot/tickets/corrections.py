"""What people's acts say about the bot's: each becomes a correction of a decision."""

from bot.answers import reuse
from storage.db.database import Session
from storage.tickets import corrections, outbox
from storage.tickets.corrections import Correction
from storage.tickets.models import Ticket

AUTOMATIC = "answered"


def correct_category(session: Session, ticket: Ticket, after: str, by: str) -> None:
    """A person chose another category than the bot."""
    key = corrections.decision_of(session, ticket.ticket_id)
    corrections.add_correction(
        session,
        Correction(
            key=f"category:{key or ticket.id}",
            ticket_id=ticket.ticket_id,
            message_key=key,
            kind="category",
            before=ticket.intent,
            after=after,
            by=by,
        ),
    )


def correct_dismissed(session: Session, ticket: Ticket, reason: str, comment: str, by: str) -> None:
    """A person said that the message was no request at all."""
    key = corrections.decision_of(session, ticket.ticket_id)
    corrections.add_correction(
        session,
        Correction(
            key=f"not_a_request:{key or ticket.id}",
            ticket_id=ticket.ticket_id,
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
        reuse.approve_answer(session, draft.message_key, text, by)
    draft.fate = "edited" if edited else "sent"
    _drafted(session, draft, "draft_edited" if edited else "draft_sent", text, by)


def correct_ignored_drafts(session: Session, ticket_id: int, said: str | None, by: str) -> None:
    """A person did without the drafts that were waiting, and `said` this instead, if anything."""
    for draft in outbox.waiting_drafts(session, ticket_id):
        draft.fate = "ignored"
        _drafted(session, draft, "draft_ignored", said, by)


def correct_reopened(
    session: Session, ticket: Ticket, why: str, by: str, *, besides: str | None = None
) -> None:
    """A ticket came back after the bot alone had answered it; nothing when a person had.

    `besides` is the message that brought it back, whose own decision is not the one corrected.
    """
    key = corrections.decision_of(session, ticket.ticket_id, AUTOMATIC, besides=besides)
    if key is None or ticket.human_since is not None:
        return
    reuse.withdraw_answer(session, key)
    corrections.add_correction(
        session,
        Correction(
            key=f"reopened:{key}",
            ticket_id=ticket.ticket_id,
            message_key=key,
            kind="reopened",
            before="solved",
            after="open",
            comment=why,
            by=by,
        ),
    )


def correct_rated(session: Session, ticket: Ticket, rating: str, comment: str, by: str) -> None:
    """The customer said how it went; a later word replaces an earlier one."""
    key = corrections.decision_of(session, ticket.ticket_id)
    corrections.add_correction(
        session,
        Correction(
            key=f"rating:{ticket.id}",
            ticket_id=ticket.ticket_id,
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
            key=f"{kind}:{about}", ticket_id=ticket.ticket_id, message_key=about, kind=kind, by=by
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
            ticket_id=ticket.ticket_id,
            message_key=about,
            kind="feedback",
            after=good,
            comment=why,
            by=by,
        ),
    )


def _drafted(
    session: Session, draft: outbox.DraftRow, kind: str, after: str | None, by: str
) -> None:
    corrections.add_correction(
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
