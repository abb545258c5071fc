"""A message as its ticket takes it in: the ticket is found or opened, and the message stored.

Doing it twice changes nothing.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import bindparam, literal, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.columns import utc_now
from storage.intake import inbox
from storage.tickets import (
    bursts,
    changes,
    corrections,
    mergers,
    messages,
    outbox,
    text_index,
    tickets,
)
from storage.tickets.audit import ChangeBy
from storage.tickets.bursts import BurstMessages
from storage.tickets.tables import Message, Revision, Ticket
from storage.tickets.values import NOBODY, original_key

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


@dataclass(frozen=True)
class OpenedTicket:
    """The ticket of a message, and the message as it reads after its edits.

    `heard` is the message together with what its author said meanwhile. `human` says that a person
    has the word, `waiting` that the desk had nothing to do: it waited for the customer, or was
    done. `joined` says that an earlier message was answered together with this one. `part_of` is
    the key of the message that it is more of: none where that is gone, or is another matter.
    Of an edit, `drafted` says that the agents have a draft in the ticket; one that was edited once
    more since then is left to the story of that, as `joined`.
    """

    ticket_id: int
    number: str
    requester_id: str
    heard: BurstMessages
    deleted: bool
    human: bool
    handed_over: bool
    waiting: bool
    joined: bool
    part_of: str | None
    drafted: bool
    language: str | None
    title: str


def open_ticket_of(session: Session, arrival: Arrival) -> OpenedTicket:
    """Find or open the ticket of a message and store it there; twice changes nothing.

    From here on the message is in its ticket, and no longer in the inbox.
    """
    inbox.remove_message(session, arrival.key)
    opened = open_for_arrival(session, arrival)
    ticket, message = opened.ticket, opened.message
    part_of = message.part_of
    if part_of is not None and bursts.message_withdrawn(session, part_of):
        part_of = None
    later = _edited_later(session, arrival)
    return OpenedTicket(
        ticket_id=message.ticket_id,
        number=ticket.number,
        requester_id=ticket.requester_id,
        heard=bursts.burst_of_message(session, message),
        deleted=opened.deleted or (later is not None and later.text is None),
        human=ticket.human_since is not None,
        handed_over=ticket.handed_over_at is not None,
        waiting=ticket.status != "open",
        joined=message.outcome == bursts.JOINED or later is not None,
        part_of=part_of,
        drafted=_is_edition(arrival) and bool(outbox.waiting_drafts(session, message.ticket_id)),
        language=ticket.language,
        title=ticket.title,
    )


def _edited_later(session: Session, arrival: Arrival) -> Revision | None:
    """What became of a message after the edit that this story is about."""
    if not _is_edition(arrival):
        return None
    latest = messages.latest_revision(session, original_key(arrival.key))
    return latest if latest is not None and latest.edited_ts > arrival.ts else None


def _is_edition(arrival: Arrival) -> bool:
    return original_key(arrival.key) != arrival.key


def record_agent_message(session: Session, arrival: Arrival, *, expected: bool) -> int | None:
    """The number of the agent's ticket; `expected` is one that its thread is about to become."""
    place = (arrival.team_id, arrival.channel_id, arrival.thread_ts)
    if not expected and tickets.ticket_of_thread(session, *place) is None:
        return None
    number = open_for_arrival(session, arrival).message.ticket_id
    corrections.correct_ignored_drafts(session, number, arrival.text, arrival.author_id)
    return number


def open_named_ticket(
    session: Session, arrival: Arrival, by: ChangeBy, *, title: str, intent: str, priority: str
) -> Ticket:
    """Open the ticket of a thread with what the customer says it is about; twice is a no-op."""
    known = tickets.ticket_of_thread(
        session, arrival.team_id, arrival.channel_id, arrival.thread_ts
    )
    if known is not None:
        return known
    ticket = open_new(session, arrival)
    changes.change_ticket(session, ticket, by, title=title, intent=intent, priority=priority)
    return ticket


def open_for_arrival(session: Session, arrival: Arrival) -> TicketOfMessage:
    """Find or open the ticket of the arrival's thread and store the message in it.

    Doing it twice changes nothing: the thread and the message key are unique. Edits that came
    ahead of the message are applied to it. What is said in the thread of a merged ticket belongs
    to the one it was merged into. A ticket is whose who asked first there, in whatever order the
    messages come.
    """
    ticket, message, revision = _known(session, arrival)
    if ticket is None and (message or arrival.key != arrival.thread):
        ticket = tickets.ticket_below(session, arrival.key if message else arrival.thread)
    is_new = ticket is None
    if ticket is None:
        ticket = open_new(session, arrival)
    ticket = mergers.surviving_ticket(session, ticket)
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
    if ticket.requester_id == NOBODY:
        changes.change_ticket(session, ticket, by, requester_id=arrival.requester_id)
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
    .outerjoin(Ticket, tickets.IN_THREAD)
    .outerjoin(Message, col(Message.key) == bindparam("message"))
    .outerjoin(Revision, col(Revision.message_key) == bindparam("message"))
    .order_by(col(Revision.edited_ts).desc())
    .limit(1)
)


def open_new(session: Session, arrival: Arrival) -> Ticket:
    """Open the ticket of a thread that has none."""
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
