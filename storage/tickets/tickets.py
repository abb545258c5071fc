"""Tickets and the messages in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db import lookup
from storage.db.columns import table_of
from storage.tickets import bursts
from storage.tickets.bursts import BurstMessages
from storage.tickets.tables import Decision, Message, Revision, Ticket

# How many of the latest tickets a search while typing looks through.
NEWEST = 20_000


def find_ticket(session: Session, number: int) -> Ticket | None:
    """The ticket with this number, or None."""
    return lookup.find_row(session, Ticket, number)


def ticket_of_thread(
    session: Session, team_id: str, channel_id: str, thread_ts: str
) -> Ticket | None:
    """The ticket of a Slack thread, or None.

    Words in a row are one ticket, so the thread may be one below any of them.
    """
    place = {"team": team_id, "channel": channel_id, "thread": thread_ts}
    found = session.scalars(_OF_THREAD, place).one_or_none()
    return found or ticket_below(session, f"{team_id}:{channel_id}:{thread_ts}")


def ticket_below(session: Session, key: str) -> Ticket | None:
    """The ticket of a message that opened none, because it is more of an earlier one."""
    message = lookup.find_row(session, Message, key)
    return lookup.find_row(session, Ticket, message.ticket_id) if message is not None else None


def thread_silenced(session: Session, team_id: str, channel_id: str, thread_ts: str) -> bool:
    """Whether a person has the word in a Slack thread."""
    place = {"team": team_id, "channel": channel_id, "thread": thread_ts}
    return session.connection().scalar(_SILENCED, place) is not None


def taken_over(session: Session, keys: Sequence[str]) -> Sequence[str]:
    """Those of some messages in whose tickets a person has the word."""
    ticket = col(Message.ticket_id) == col(Ticket.id)
    wanted = (col(Message.key).in_(keys), col(Ticket.human_since).is_not(None))
    return session.scalars(select(col(Message.key)).join(Ticket, ticket).where(*wanted)).all()


# Statements that every message needs are put together once: that takes longer than running them.
IN_THREAD = and_(
    col(Ticket.team_id) == bindparam("team"),
    col(Ticket.channel_id) == bindparam("channel"),
    col(Ticket.thread_ts) == bindparam("thread"),
)
_OF_THREAD = select(Ticket).where(IN_THREAD)
_SILENCED = select(col(Ticket.id)).where(IN_THREAD, col(Ticket.human_since).is_not(None))


def all_tickets(session: Session) -> Sequence[Ticket]:
    """Every ticket, oldest first."""
    return session.scalars(select(Ticket).order_by(col(Ticket.id))).all()


def unfinished_messages(session: Session) -> int:
    """How many messages of customers have a workflow that has not ended."""
    query = select(func.count(col(Message.ticket_id))).where(
        text("outcome IS NULL AND author = 'customer'")
    )
    return session.scalar(query) or 0


@dataclass(frozen=True)
class MessageState:
    """A message and its thread as they are at this moment."""

    heard: BurstMessages
    deleted: bool
    human: bool


def message_state(session: Session, key: str, only: Sequence[str] | None = None) -> MessageState:
    """Look once more: was the message edited or deleted, has a person taken the thread over?

    Has its author said more meanwhile? With `only`, others than those parts are not looked at.

    Raises:
        NoResultFound: the message is not stored.
    """
    message = session.connection().execute(_STANDING, {"message": key}).one()
    deleted = message.edited_ts is not None and message.newest is None
    heard = bursts.burst_of_message(session, message, only)
    return MessageState(heard, deleted=deleted, human=message.human_since is not None)


_STANDING = (
    select(
        *bursts.SAID,
        col(Ticket.human_since),
        col(Revision.edited_ts),
        col(Revision.text).label("newest"),
    )
    .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
    .outerjoin(Revision, col(Revision.message_key) == col(Message.key))
    .where(col(Message.key) == bindparam("message"))
    .order_by(col(Revision.edited_ts).desc())
    .limit(1)
)


def settle_message(session: Session, key: str, outcome: str) -> None:
    """Say what became of a message."""
    session.flush()
    session.connection().execute(_SETTLING, {"message": key, "became": outcome})


_SETTLING = (
    update(table_of(Message))
    .where(col(Message.key) == bindparam("message"))
    .values(outcome=bindparam("became"))
)


def tickets_like(
    session: Session, typed: str, *, besides: int, limit: int = 20
) -> Sequence[Ticket]:
    """Tickets to choose from: by number, else the newest whose titles hold what was typed."""
    number = typed.strip().lower().removeprefix("t-").lstrip("#")
    query = select(Ticket).where(col(Ticket.id) != besides, col(Ticket.merged_into).is_(None))
    if number.isdecimal():
        query = query.where(col(Ticket.id) == int(number))
    else:
        newest = select(func.max(col(Ticket.id))).scalar_subquery()
        titled = col(Ticket.title).icontains(typed.strip(), autoescape=True)
        query = query.where(col(Ticket.id) > newest - NEWEST, titled)
    return session.scalars(query.order_by(col(Ticket.id).desc()).limit(limit)).all()


def decisions_of_ticket(session: Session, ticket_id: int) -> Sequence[Decision]:
    """What was decided about the ticket's messages, oldest first."""
    return session.scalars(_DECISIONS, {"ticket": ticket_id}).all()


_DECISIONS = (
    select(Decision)
    .where(col(Decision.ticket_id) == bindparam("ticket"))
    .order_by(col(Decision.message_key))
)
