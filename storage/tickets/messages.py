"""Messages of a ticket: what was said in it; and those that open none."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db import lookup
from storage.db.columns import utc_now
from storage.db.insert import insert
from storage.tickets.bursts import JOINED, withdrawn
from storage.tickets.tables import Decision, IgnoredMessage, Message, Revision
from storage.tickets.values import editions_range, original_key

Revised = Literal["edited", "deleted"]


def find_message(session: Session, key: str) -> Message | None:
    """The stored message under this key, or None."""
    return lookup.find_row(session, Message, key)


def asker_of(session: Session, key: str) -> str | None:
    """Who wrote a message, or None when it is not stored."""
    message = lookup.find_row(session, Message, key)
    return message.author_id if message is not None else None


def messages_before(session: Session, key: str) -> Sequence[Message]:
    """What was said in the message's ticket before it, oldest first, and was not deleted.

    An edit is read in its message's place: what was said to the older words is nothing to it.
    """
    message = lookup.find_row(session, Message, original_key(key))
    if message is None:
        return []
    before = {"ticket": message.ticket_id, "this": message.ts}
    return session.scalars(_BEFORE, before).all()


def decision_before_edit(session: Session, key: str) -> Decision | None:
    """What was decided last about a message as it read before the edit that has this key."""
    original = original_key(key)
    query = (
        select(Decision)
        .where(
            (col(Decision.message_key) == original)
            | col(Decision.message_key).between(editions_range(original)[0], key),
            col(Decision.message_key) != key,
            col(Decision.outcome) != JOINED,
        )
        .order_by(col(Decision.message_key).desc())
        .limit(1)
    )
    return session.scalars(query).first()


_MESSAGES = (
    select(Message).where(col(Message.ticket_id) == bindparam("ticket")).order_by(col(Message.ts))
)
_BEFORE = _MESSAGES.where(col(Message.ts) < bindparam("this"), ~withdrawn(col(Message.key)))


def messages_of_ticket(session: Session, ticket_id: int) -> Sequence[Message]:
    """Everything said in the ticket, oldest first."""
    return session.scalars(_MESSAGES, {"ticket": ticket_id}).all()


def latest_revision(session: Session, key: str) -> Revision | None:
    """The latest edit or the deletion of a message; None where it stands as it was sent."""
    query = (
        select(Revision)
        .where(col(Revision.message_key) == key)
        .order_by(col(Revision.edited_ts).desc())
        .limit(1)
    )
    return session.scalars(query).first()


def revised_messages(session: Session, ticket_id: int) -> Mapping[str, Revised]:
    """Which messages of a ticket were edited or deleted, by their keys."""
    query = (
        select(Revision)
        .join(Message, col(Message.key) == col(Revision.message_key))
        .where(col(Message.ticket_id) == ticket_id)
        .order_by(col(Revision.edited_ts))
    )
    return {
        each.message_key: "deleted" if each.text is None else "edited"
        for each in session.scalars(query)
    }


def ignore_message(session: Session, key: str, reason: str) -> None:
    """Count a message that opens no ticket; the same message counts once."""
    row = {"key": key, "reason": reason, "seen_at": utc_now()}
    session.execute(insert(IgnoredMessage).values(row).on_conflict_do_nothing())


def describe_files(
    session: Session, keys: Sequence[str], described: Sequence[Mapping[str, Any]]
) -> None:
    """Put what Slack told of files in the place of what their messages told: an id and no more."""
    if not described:
        return
    known = {str(each["id"]): dict(each) for each in described}
    for message in session.scalars(select(Message).where(col(Message.key).in_(keys))):
        message.files = [known.get(str(each["id"]), each) for each in message.files]
