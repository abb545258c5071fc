"""What agents say among themselves about a ticket. Nothing here is ever read for a customer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, utc_now
from storage.db.rows import StoredRow
from storage.intake import revisions
from storage.tickets.messages import latest_revision
from storage.tickets.tables import Revision


class NoteRow(StoredRow, table=True):
    """An internal note, in a table of its own so that no query for messages can find it."""

    __tablename__ = "notes"
    __table_args__ = (Index("notes_ticket", "ticket_id"),)

    key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    author_id: str
    text: str
    noted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


def keep_note(
    session: Session,
    key: str,
    ticket_id: int,
    author_id: str,
    text: str,
    at: datetime | None = None,
) -> None:
    """Store a note of now or of `at`, or give the note under this key its new text.

    Empty text removes it.
    """
    known = session.get(NoteRow, key)
    if known is None and text:
        moment = at or utc_now()
        session.add(
            NoteRow(key=key, ticket_id=ticket_id, author_id=author_id, text=text, noted_at=moment)
        )
    elif known is not None and text:
        known.text = text
    elif known is not None:
        session.delete(known)


def is_note(session: Session, key: str) -> bool:
    """Whether a note is kept under this key."""
    return session.get(NoteRow, key) is not None


def revise_note(session: Session, key: str, text: str, edited_ts: str) -> None:
    """Give a note its new text, or remove it when there is none; the latest edit counts.

    One that has overtaken its note waits for it: see `as_revised`.
    """
    revisions.put_revision(session, Revision(message_key=key, edited_ts=edited_ts, text=text))
    known = session.get(NoteRow, key)
    if known is not None:
        keep_note(session, key, known.ticket_id, known.author_id, as_revised(session, key, text))


def as_revised(session: Session, key: str, text: str) -> str:
    """What a note says after the edits that have come, in whatever order."""
    latest = latest_revision(session, key)
    return text if latest is None else latest.text or ""


def notes_of_ticket(session: Session, ticket_id: int) -> Sequence[NoteRow]:
    """The notes of a ticket, oldest first."""
    query = (
        select(NoteRow).where(col(NoteRow.ticket_id) == ticket_id).order_by(col(NoteRow.noted_at))
    )
    return session.scalars(query).all()
