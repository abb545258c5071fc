"""What belongs together: messages of one author in a row, and the tickets of an incident."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from storage.columns import table_of
from storage.models import Message, Revision, Ticket

NEWEST = 200
JOINED = "joined"  # the outcome of a message that was answered together with another


@dataclass(frozen=True)
class Heard:
    """What a message says together with the others of its burst that wait for an answer.

    `parts` are the keys of the others, `files` those of all, in the order of the messages.
    """

    text: str
    parts: tuple[str, ...] = ()
    files: tuple[dict[str, Any], ...] = ()


def _withdrawn(key: Any) -> Any:
    """Whether a message was deleted: its latest revision has no text."""
    later = aliased(Revision)
    newer = exists().where(
        col(later.message_key) == col(Revision.message_key),
        col(later.edited_ts) > col(Revision.edited_ts),
    )
    return exists().where(col(Revision.message_key) == key, col(Revision.text).is_(None), ~newer)


# What of a message is needed to read it with others.
SAID = tuple(
    table_of(Message).c[name] for name in ("key", "ticket_id", "part_of", "ts", "text", "files")
)
# Put together once: it is asked for every message, and building it takes longer than running it.
_WAITING = select(*SAID).where(
    col(Message.ticket_id) == bindparam("ticket"),
    col(Message.outcome).is_(None),
    col(Message.author) == "customer",
    col(Message.key) != bindparam("this"),
    or_(col(Message.key) == bindparam("root"), col(Message.part_of) == bindparam("root")),
    ~_withdrawn(col(Message.key)),
)


def heard(session: Session, message: Any, only: Sequence[str] | None = None) -> Heard:
    """A message and what else its author has said meanwhile; with `only`, no others than those.

    `message` is a `Message`, or a row with the columns of `SAID`.
    """
    about = {
        "ticket": message.ticket_id,
        "this": message.key,
        "root": message.part_of or message.key,
    }
    session.flush()
    waiting = session.connection().execute(_WAITING, about).all()
    others = [each for each in waiting if only is None or each.key in only]
    together = sorted([message, *others], key=lambda each: each.ts)
    return Heard(
        text="\n".join(each.text for each in together if each.text),
        parts=tuple(sorted(each.key for each in others)),
        files=tuple(file for each in together for file in each.files),
    )


def withdrawn(session: Session, key: str) -> bool:
    """Whether a message was deleted."""
    return bool(session.connection().scalar(_WITHDRAWN, {"message": key}))


_WITHDRAWN = select(_withdrawn(bindparam("message")))


def settled(session: Session, parts: Sequence[str]) -> None:
    """Say of messages that they were answered together with another."""
    if parts:
        session.execute(
            update(Message)
            .where(col(Message.key).in_(parts), col(Message.outcome).is_(None))
            .values(outcome=JOINED)
        )


def lately(session: Session, since: datetime) -> Sequence[tuple[Ticket, Message]]:
    """What was said in tickets that were opened since a moment, oldest first."""
    query = (
        select(Ticket, Message)
        .join(Message, col(Message.ticket_id) == col(Ticket.id))
        .where(col(Ticket.opened_at) >= since)
        .order_by(col(Message.ts))
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def alike(session: Session, ticket: Ticket, since: datetime) -> Sequence[tuple[Ticket, str]]:
    """Tickets opened since a moment about the same matter, with what was asked first, newest first.

    The same intent and no other product; those that were merged away count for nothing. At most
    `NEWEST`, so that a busy hour costs no more than a quiet one.
    """
    opened_by = col(Message.key) == (
        col(Ticket.team_id) + ":" + col(Ticket.channel_id) + ":" + col(Ticket.thread_ts)
    )
    query = (
        select(Ticket, col(Message.text))
        .join(Message, opened_by)
        .where(
            col(Ticket.opened_at) >= since,
            col(Ticket.intent) == ticket.intent,
            col(Ticket.id) != ticket.id,
            col(Ticket.merged_into).is_(None),
        )
        .order_by(col(Ticket.opened_at).desc())
        .limit(NEWEST)
    )
    if ticket.product is not None:
        query = query.where(
            or_(col(Ticket.product).is_(None), col(Ticket.product) == ticket.product)
        )
    return [(row[0], row[1]) for row in session.execute(query)]


def linked(session: Session, parent: int) -> Sequence[Ticket]:
    """The tickets that are parts of the incident a ticket stands for, oldest first."""
    return session.scalars(_LINKED, {"parent": parent}).all()


_LINKED = (
    select(Ticket).where(col(Ticket.incident_id) == bindparam("parent")).order_by(col(Ticket.id))
)
