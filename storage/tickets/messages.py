"""Messages of a ticket: history, edits, deletions, and those that open none."""

from collections.abc import Sequence

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db import lookup
from storage.db.columns import utc_now
from storage.tickets import text_index
from storage.tickets.tables import IgnoredMessage, Message, Revision


def find_message(session: Session, key: str) -> Message | None:
    """The stored message under this key, or None."""
    return lookup.find_row(session, Message, key)


def asker_of(session: Session, key: str) -> str | None:
    """Who wrote a message, or None when it is not stored."""
    message = lookup.find_row(session, Message, key)
    return message.author_id if message is not None else None


def messages_before(session: Session, key: str) -> Sequence[Message]:
    """What was said in the message's ticket before it, oldest first."""
    message = lookup.find_row(session, Message, key)
    if message is None:
        return []
    before = {"ticket": message.ticket_id, "this": message.ts}
    return session.scalars(_BEFORE, before).all()


_MESSAGES = (
    select(Message).where(col(Message.ticket_id) == bindparam("ticket")).order_by(col(Message.ts))
)
_BEFORE = _MESSAGES.where(col(Message.ts) < bindparam("this"))


def messages_of_ticket(session: Session, ticket_id: int) -> Sequence[Message]:
    """Everything said in the ticket, oldest first."""
    return session.scalars(_MESSAGES, {"ticket": ticket_id}).all()


def revise_message(session: Session, key: str, edited_ts: str, text: str | None) -> None:
    """Record an edit (new text) or a deletion (None), whether or not the message is stored yet.

    The latest counts, in whatever order they come; the same one twice changes nothing.
    """
    before = _latest_revision(session, key)
    row = {"message_key": key, "edited_ts": edited_ts, "text": text, "seen_at": utc_now()}
    session.execute(insert(Revision).values(row).on_conflict_do_nothing())
    message = lookup.find_row(session, Message, key)
    if message is None or (before is not None and before.edited_ts >= edited_ts):
        return
    findable = "" if before is not None and before.text is None else message.text
    # What was deleted can no longer be found, though the ticket keeps it.
    text_index.reindex_text(session, message.ticket_id, key, findable, text or "")
    message.text = message.text if text is None else text


def _latest_revision(session: Session, key: str) -> Revision | None:
    query = (
        select(Revision)
        .where(col(Revision.message_key) == key)
        .order_by(col(Revision.edited_ts).desc())
        .limit(1)
    )
    return session.scalars(query).first()


def ignore_message(session: Session, key: str, reason: str) -> None:
    """Count a message that opens no ticket; the same message counts once."""
    row = {"key": key, "reason": reason, "seen_at": utc_now()}
    session.execute(insert(IgnoredMessage).values(row).on_conflict_do_nothing())
