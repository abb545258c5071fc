"""Tickets and the messages in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, bindparam, func, literal, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db import lookup
from storage.db.columns import table_of, utc_now
from storage.tickets import bursts, changes, text_index
from storage.tickets.bursts import BurstMessages
from storage.tickets.changes import ChangeBy
from storage.tickets.tables import Decision, Message, Revision, Ticket

# How many of the latest tickets a search while typing looks through.
NEWEST = 20_000

MessageAuthor = Literal["customer", "agent", "bot"]


@dataclass(frozen=True)
class Arrival:
    """A message as it came in, before anything is known about it."""

    key: str
    team_id: str
    channel_id: str
    ts: str
    thread_ts: str
    author_id: str
    author: MessageAuthor
    text: str
    private: bool
    sent_at: datetime
    requester_id: str
    files: list[dict[str, Any]] = field(default_factory=list)
    part_of: str | None = None

    @property
    def thread(self) -> str:
        """The key of the message that starts the thread."""
        return f"{self.team_id}:{self.channel_id}:{self.thread_ts}"


@dataclass(frozen=True)
class TicketOfMessage:
    """The ticket a message belongs to, as the pipeline finds it."""

    ticket: Ticket
    message: Message
    is_new: bool
    deleted: bool


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
    return found or _below(session, f"{team_id}:{channel_id}:{thread_ts}")


def _below(session: Session, key: str) -> Ticket | None:
    """The ticket of a message that opened none, because it is more of an earlier one."""
    message = lookup.find_row(session, Message, key)
    return lookup.find_row(session, Ticket, message.ticket_id) if message is not None else None


def thread_silenced(session: Session, team_id: str, channel_id: str, thread_ts: str) -> bool:
    """Whether a person has the word in a Slack thread."""
    place = {"team": team_id, "channel": channel_id, "thread": thread_ts}
    return session.connection().scalar(_SILENCED, place) is not None


# Statements that every message needs are put together once: that takes longer than running them.
_IN_THREAD = and_(
    col(Ticket.team_id) == bindparam("team"),
    col(Ticket.channel_id) == bindparam("channel"),
    col(Ticket.thread_ts) == bindparam("thread"),
)
_OF_THREAD = select(Ticket).where(_IN_THREAD)
_SILENCED = select(col(Ticket.id)).where(_IN_THREAD, col(Ticket.human_since).is_not(None))


def all_tickets(session: Session) -> Sequence[Ticket]:
    """Every ticket, oldest first."""
    return session.scalars(select(Ticket).order_by(col(Ticket.id))).all()


def unfinished_messages(session: Session) -> int:
    """How many messages of customers have a workflow that has not ended."""
    query = select(func.count(col(Message.ticket_id))).where(
        text("outcome IS NULL AND author = 'customer'")
    )
    return session.scalar(query) or 0


def open_for_arrival(session: Session, arrival: Arrival) -> TicketOfMessage:
    """Find or open the ticket of the arrival's thread and store the message in it.

    Doing it twice changes nothing: the thread and the message key are unique. Edits that came
    ahead of the message are applied to it. What is said in the thread of a merged ticket belongs
    to the one it was merged into. A ticket is whose who asked first there, in whatever order the
    messages come.
    """
    ticket, message, revision = _known(session, arrival)
    if ticket is None and (message or arrival.key != arrival.thread):
        ticket = _below(session, arrival.key if message else arrival.thread)
    is_new = ticket is None
    if ticket is None:
        ticket = _open(session, arrival)
    ticket = changes.surviving_ticket(session, ticket)
    deleted = revision is not None and revision.text is None
    if message is None:
        if not is_new:
            writer = ChangeBy(arrival.author_id, "thread")
            changes.change_ticket(session, ticket, writer, updated_at=utc_now())
            _ask_first(session, ticket, arrival, writer)
        message = _store(session, ticket, _heeded(arrival, revision))
        if not deleted:
            text_index.index_text(session, [(message.ticket_id, message.key, message.text)])
    return TicketOfMessage(ticket, message, is_new, deleted=deleted)


def _heeded(arrival: Arrival, revision: Revision | None) -> Arrival:
    """The message as an edit that came ahead of it has left it."""
    if revision is None or revision.text is None:
        return arrival
    files = arrival.files if revision.files is None else revision.files
    return replace(arrival, text=revision.text, files=files)


def _ask_first(session: Session, ticket: Ticket, arrival: Arrival, by: ChangeBy) -> None:
    """A customer's word from before any other customer's: it is their ticket."""
    own = (ticket.team_id, ticket.channel_id, ticket.thread_ts)
    if arrival.author != "customer" or ticket.requester_id == arrival.requester_id:
        return
    if (arrival.team_id, arrival.channel_id, arrival.thread_ts) == own:
        asked = {"ticket": ticket.ticket_id, "this": arrival.ts}
        if session.connection().scalar(_ASKED_BEFORE, asked) is None:
            changes.change_ticket(session, ticket, by, requester_id=arrival.requester_id)


_ASKED_BEFORE = (
    select(col(Message.key))
    .where(
        col(Message.ticket_id) == bindparam("ticket"),
        col(Message.author) == "customer",
        col(Message.ts) < bindparam("this"),
    )
    .limit(1)
)


def _known(
    session: Session, arrival: Arrival
) -> tuple[Ticket | None, Message | None, Revision | None]:
    """What is stored already."""
    about = {
        "team": arrival.team_id,
        "channel": arrival.channel_id,
        "thread": arrival.thread_ts,
        "message": arrival.key,
    }
    ticket, message, revision = session.execute(_KNOWN, about).one()
    return ticket, message, revision


_KNOWN = (
    select(Ticket, Message, Revision)
    .select_from(select(literal(1)).subquery())
    .outerjoin(Ticket, _IN_THREAD)
    .outerjoin(Message, col(Message.key) == bindparam("message"))
    .outerjoin(Revision, col(Revision.message_key) == bindparam("message"))
    .order_by(col(Revision.edited_ts).desc())
    .limit(1)
)


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


def open_named_ticket(
    session: Session, arrival: Arrival, by: ChangeBy, *, title: str, intent: str, priority: str
) -> Ticket:
    """Open the ticket of a thread with what the customer says it is about; twice is a no-op."""
    known = ticket_of_thread(session, arrival.team_id, arrival.channel_id, arrival.thread_ts)
    if known is not None:
        return known
    ticket = _open(session, arrival)
    changes.change_ticket(session, ticket, by, title=title, intent=intent, priority=priority)
    return ticket


def _open(session: Session, arrival: Arrival) -> Ticket:
    ticket = Ticket(
        team_id=arrival.team_id,
        channel_id=arrival.channel_id,
        thread_ts=arrival.thread_ts,
        private=arrival.private,
        requester_id=arrival.requester_id,
        opened_at=arrival.sent_at,
        updated_at=utc_now(),
        status_since=arrival.sent_at,
        clock_at=arrival.sent_at,
        tags=[],
    )
    session.add(ticket)
    session.flush()
    return ticket


def _store(session: Session, ticket: Ticket, arrival: Arrival) -> Message:
    message = Message(
        key=arrival.key,
        ticket_id=ticket.ticket_id,
        channel_id=arrival.channel_id,
        ts=arrival.ts,
        author_id=arrival.author_id,
        author=arrival.author,
        text=arrival.text,
        files=arrival.files,
        part_of=arrival.part_of,
        received_at=utc_now(),
    )
    session.add(message)
    if arrival.author == "agent":
        _taken_over(session, ticket, arrival)
    return message


def _taken_over(session: Session, ticket: Ticket, arrival: Arrival) -> None:
    """An agent's word in the thread makes it theirs: the bot keeps quiet there from now on."""
    changes.change_ticket(
        session,
        ticket,
        ChangeBy(arrival.author_id, "thread"),
        at=arrival.sent_at,
        first_response_at=ticket.first_response_at or arrival.sent_at,
        human_since=ticket.human_since or arrival.sent_at,
        assignee_id=ticket.assignee_id or arrival.author_id,
        status="pending" if ticket.status == "open" else ticket.status,
    )


def decisions_of_ticket(session: Session, ticket_id: int) -> Sequence[Decision]:
    """What was decided about the ticket's messages, oldest first."""
    return session.scalars(_DECISIONS, {"ticket": ticket_id}).all()


_DECISIONS = (
    select(Decision)
    .where(col(Decision.ticket_id) == bindparam("ticket"))
    .order_by(col(Decision.message_key))
)
