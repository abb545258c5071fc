"""What belongs together: messages of one author in a row, and the tickets of an incident."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from storage.db.columns import table_of
from storage.tickets.tables import Message, Revision, Ticket

JOINED = "joined"  # the outcome of a message that was answered together with another


@dataclass(frozen=True)
class BurstPiece:
    """One message of a burst."""

    key: str
    text: str
    files: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class BurstMessages:
    """A message, by its key `own`, and the others of its burst that wait for an answer.

    `pieces` are all of them, oldest first.
    """

    own: str
    pieces: tuple[BurstPiece, ...]

    @property
    def text(self) -> str:
        """What they say together."""
        return "\n".join(each.text for each in self.pieces if each.text)

    @property
    def parts(self) -> tuple[str, ...]:
        """The keys of the others."""
        return tuple(sorted(each.key for each in self.pieces if each.key != self.own))

    @property
    def files(self) -> tuple[dict[str, Any], ...]:
        """The files of all."""
        return tuple(file for each in self.pieces for file in each.files)


def withdrawn(key: Any) -> Any:
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
    ~withdrawn(col(Message.key)),
)


def burst_of_message(
    session: Session, message: Any, only: Sequence[str] | None = None
) -> BurstMessages:
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
    pieces = (BurstPiece(each.key, each.text, tuple(each.files)) for each in together)
    return BurstMessages(message.key, tuple(pieces))


def message_withdrawn(session: Session, key: str) -> bool:
    """Whether a message was deleted."""
    return bool(session.connection().scalar(_WITHDRAWN, {"message": key}))


_WITHDRAWN = select(withdrawn(bindparam("message")))


def settle_burst(session: Session, parts: Sequence[str]) -> None:
    """Say of messages that they were answered together with another."""
    if parts:
        session.execute(
            update(Message)
            .where(col(Message.key).in_(parts), col(Message.outcome).is_(None))
            .values(outcome=JOINED)
        )


def joined_to(session: Session, key: str) -> Sequence[str]:
    """The keys of the messages that joined this one and asked nothing themselves."""
    query = select(col(Message.key)).where(
        col(Message.part_of) == key, col(Message.outcome) == JOINED
    )
    return session.scalars(query).all()


def opened_since(session: Session, since: datetime) -> Sequence[tuple[Ticket, Message]]:
    """What was said in tickets that were opened since a moment, oldest first."""
    query = (
        select(Ticket, Message)
        .join(Message, col(Message.ticket_id) == col(Ticket.id))
        # A ticket that was imported stands in no channel.
        .where(col(Ticket.opened_at) >= since, col(Message.outcome).is_distinct_from("imported"))
        .order_by(col(Message.ts))
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def settled_alone(ticket: Ticket) -> bool:
    """Whether a ticket waits for nobody of the desk and never did: the bot has settled it."""
    return ticket.status != "open" and ticket.handed_over_at is None
