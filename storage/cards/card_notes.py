"""Words of customers that the agents are to read under a ticket's card, until they stand there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session
from sqlmodel import JSON, Field, col

from storage.db import lookup
from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert_new
from storage.db.rows import StoredRow
from storage.tickets.tables import Post
from storage.tickets.values import editions_range


class CardNoteRow(StoredRow, table=True):
    """What a customer's message said, as it read then, under the message's key.

    `files` are the names of what came with it. A `loud` one also shows in the channel; `edited`
    says that its author put these words in the place of others.
    """

    __tablename__ = "card_notes"

    key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id", index=True)
    author_id: str
    channel_id: str
    ts: str
    thread_ts: str | None = None
    text: str
    files: list[Any] = Field(default_factory=list, sa_type=JSON)
    loud: bool = False
    edited: bool = False
    asked_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

    @property
    def post(self) -> str:
        """The key of the post in which the agents read it."""
        return f"{self.key}:note"


def want_note(session: Session, note: CardNoteRow) -> None:
    """Have the agents told, once: what was posted already is not wanted again."""
    if lookup.find_row(session, Post, note.post) is None:
        insert_new(session, [note])


def notes_of_card(session: Session, ticket_id: int) -> Sequence[CardNoteRow]:
    """What is to be posted under the card of a ticket, oldest first."""
    query = select(CardNoteRow).where(col(CardNoteRow.ticket_id) == ticket_id)
    return session.scalars(query.order_by(col(CardNoteRow.asked_at), col(CardNoteRow.ts))).all()


def tickets_with_notes(session: Session) -> Sequence[int]:
    """The tickets whose agents are still to be told something."""
    return session.scalars(select(col(CardNoteRow.ticket_id)).distinct()).all()


def note_posted(session: Session, key: str, post: Post) -> None:
    """It stands under the card."""
    insert_new(session, [post])
    session.execute(delete(CardNoteRow).where(col(CardNoteRow.key) == key))


def drop_notes(session: Session, message_key: str) -> None:
    """Its author took the message back: what is not posted yet never is."""
    first, last = editions_range(message_key)
    key = col(CardNoteRow.key)
    session.execute(
        delete(CardNoteRow).where((key == message_key) | ((key > first) & (key < last)))
    )
