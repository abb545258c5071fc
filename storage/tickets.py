"""Tickets and the messages in them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, bindparam, func, literal, select, text, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session
from sqlmodel import col

from storage import lifecycle, rows, spoken, together
from storage.columns import table_of, utc_now
from storage.lifecycle import By
from storage.models import Decision, Ignored, Message, Revision, Ticket
from storage.together import Heard

# How many of the latest tickets a search while typing looks through.
NEWEST = 20_000

Author = Literal["customer", "agent", "bot"]


@dataclass(frozen=True)
class Arrival:
    """A message as it came in, before anything is known about it."""

    key: str
    team_id: str
    channel_id: str
    ts: str
    thread_ts: str
    author_id: str
    author: Author
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
class Opened:
    """The ticket a message belongs to, as the story finds it."""

    ticket: Ticket
    message: Message
    is_new: bool
    deleted: bool


def find(session: Session, number: int) -> Ticket | None:
    """The ticket with this number, or None."""
    return rows.find(session, Ticket, number)


def of_thread(session: Session, team_id: str, channel_id: str, thread_ts: str) -> Ticket | None:
    """The ticket of a Slack thread, or None.

    Words in a row are one ticket, so the thread may be one below any of them.
    """
    place = {"team": team_id, "channel": channel_id, "thread": thread_ts}
    found = session.scalars(_OF_THREAD, place).one_or_none()
    return found or _below(session, f"{team_id}:{channel_id}:{thread_ts}")


def _below(session: Session, key: str) -> Ticket | None:
    """The ticket of a message that opened none, because it is more of an earlier one."""
    message = rows.find(session, Message, key)
    return rows.find(session, Ticket, message.ticket_id) if message is not None else None


def silenced(session: Session, team_id: str, channel_id: str, thread_ts: str) -> bool:
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


def all_of(session: Session) -> Sequence[Ticket]:
    """Every ticket, oldest first."""
    return session.scalars(select(Ticket).order_by(col(Ticket.id))).all()


def message(session: Session, key: str) -> Message | None:
    """The stored message under this key, or None."""
    return rows.find(session, Message, key)


def unfinished(session: Session) -> int:
    """How many messages of customers have a story that has not ended."""
    query = select(func.count(col(Message.ticket_id))).where(
        text("outcome IS NULL AND author = 'customer'")
    )
    return session.scalar(query) or 0


def open_for(session: Session, arrival: Arrival) -> Opened:
    """Find or open the ticket of the arrival's thread and store the message in it.

    Doing it twice changes nothing: the thread and the message key are unique. Edits that came
    ahead of the message are applied to it. What is said in the thread of a merged ticket belongs
    to the one it was merged into.
    """
    ticket, message, revision = _known(session, arrival)
    if ticket is None and (message or arrival.key != arrival.thread):
        ticket = _below(session, arrival.key if message else arrival.thread)
    is_new = ticket is None
    if ticket is None:
        ticket = _open(session, arrival)
    ticket = lifecycle.survivor(session, ticket)
    deleted = revision is not None and revision.text is None
    if message is None:
        if not is_new:
            ticket.updated_at = utc_now()
        heeded = revision.text if revision and revision.text is not None else arrival.text
        message = _store(session, ticket, arrival, heeded)
        if not deleted:
            spoken.add(session, [(message.ticket_id, message.key, heeded)])
    return Opened(ticket, message, is_new, deleted=deleted)


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
class Standing:
    """A message and its thread as they are at this moment."""

    heard: Heard
    deleted: bool
    human: bool


def standing(session: Session, key: str, only: Sequence[str] | None = None) -> Standing:
    """Look once more: was the message edited or deleted, has a person taken the thread over?

    Has its author said more meanwhile? With `only`, others than those parts are not looked at.

    Raises:
        NoResultFound: the message is not stored.
    """
    message = session.connection().execute(_STANDING, {"message": key}).one()
    deleted = message.edited_ts is not None and message.newest is None
    heard = together.heard(session, message, only)
    return Standing(heard, deleted=deleted, human=message.human_since is not None)


_STANDING = (
    select(
        *together.SAID,
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


def settle(session: Session, key: str, outcome: str) -> None:
    """Say what became of a message."""
    session.flush()
    session.connection().execute(_SETTLING, {"message": key, "became": outcome})


_SETTLING = (
    update(table_of(Message))
    .where(col(Message.key) == bindparam("message"))
    .values(outcome=bindparam("became"))
)


def like(session: Session, typed: str, *, besides: int, limit: int = 20) -> Sequence[Ticket]:
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


def open_named(
    session: Session, arrival: Arrival, by: By, *, title: str, intent: str, priority: str
) -> Ticket:
    """Open the ticket of a thread with what the customer says it is about; twice is a no-op."""
    known = of_thread(session, arrival.team_id, arrival.channel_id, arrival.thread_ts)
    if known is not None:
        return known
    ticket = _open(session, arrival)
    lifecycle.change(session, ticket, by, title=title, intent=intent, priority=priority)
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


def _store(session: Session, ticket: Ticket, arrival: Arrival, text: str) -> Message:
    message = Message(
        key=arrival.key,
        ticket_id=ticket.id or 0,
        channel_id=arrival.channel_id,
        ts=arrival.ts,
        author_id=arrival.author_id,
        author=arrival.author,
        text=text,
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
    ticket.first_response_at = ticket.first_response_at or arrival.sent_at
    lifecycle.change(
        session,
        ticket,
        By(arrival.author_id, "thread"),
        at=arrival.sent_at,
        human_since=ticket.human_since or arrival.sent_at,
        assignee_id=ticket.assignee_id or arrival.author_id,
        status="pending" if ticket.status == "open" else ticket.status,
    )


def history(session: Session, key: str) -> Sequence[Message]:
    """What was said in the message's ticket before it, oldest first."""
    message = rows.find(session, Message, key)
    if message is None:
        return []
    before = {"ticket": message.ticket_id, "this": message.ts}
    return session.scalars(_BEFORE, before).all()


_MESSAGES = (
    select(Message).where(col(Message.ticket_id) == bindparam("ticket")).order_by(col(Message.ts))
)
_BEFORE = _MESSAGES.where(col(Message.ts) < bindparam("this"))


def messages(session: Session, ticket_id: int) -> Sequence[Message]:
    """Everything said in the ticket, oldest first."""
    return session.scalars(_MESSAGES, {"ticket": ticket_id}).all()


def decisions(session: Session, ticket_id: int) -> Sequence[Decision]:
    """What was decided about the ticket's messages, oldest first."""
    return session.scalars(_DECISIONS, {"ticket": ticket_id}).all()


_DECISIONS = (
    select(Decision)
    .where(col(Decision.ticket_id) == bindparam("ticket"))
    .order_by(col(Decision.message_key))
)


def revise(session: Session, key: str, edited_ts: str, text: str | None) -> None:
    """Record an edit (new text) or a deletion (None), whether or not the message is stored yet.

    The latest counts, in whatever order they come; the same one twice changes nothing.
    """
    before = _latest_revision(session, key)
    row = {"message_key": key, "edited_ts": edited_ts, "text": text, "seen_at": utc_now()}
    session.execute(insert(Revision).values(row).on_conflict_do_nothing())
    message = rows.find(session, Message, key)
    if message is None or (before is not None and before.edited_ts >= edited_ts):
        return
    findable = "" if before is not None and before.text is None else message.text
    # What was deleted can no longer be found, though the ticket keeps it.
    spoken.reword(session, message.ticket_id, key, findable, text or "")
    message.text = message.text if text is None else text


def _latest_revision(session: Session, key: str) -> Revision | None:
    query = (
        select(Revision)
        .where(col(Revision.message_key) == key)
        .order_by(col(Revision.edited_ts).desc())
        .limit(1)
    )
    return session.scalars(query).first()


def ignore(session: Session, key: str, reason: str) -> None:
    """Count a message that opens no ticket; the same message counts once."""
    row = {"key": key, "reason": reason, "seen_at": utc_now()}
    session.execute(insert(Ignored).values(row).on_conflict_do_nothing())


@dataclass(frozen=True)
class Balance:
    """Where every message went: `received == ticketed + sum(ignored) + failed`."""

    ticketed: int
    ignored: dict[str, int]
    failed: int

    @property
    def received(self) -> int:
        return self.ticketed + sum(self.ignored.values()) + self.failed


def balance(session: Session) -> Balance:
    """Count every message that came in from a person or another bot, by what became of it.

    What the bot posted for an agent came from nowhere but the desk itself.
    """
    heard = select(func.count()).where(
        col(Message.author) != "bot", col(Message.outcome).is_distinct_from("relayed")
    )
    failed = session.scalar(heard.where(col(Message.outcome) == "failed")) or 0
    total = session.scalar(heard) or 0
    reasons = session.execute(
        select(col(Ignored.reason), func.count()).group_by(col(Ignored.reason))
    )
    return Balance(total - failed, dict(reasons.all()), failed)
