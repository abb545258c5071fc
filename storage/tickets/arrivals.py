"""A message as its ticket takes it in: what its story begins with, and an agent's own word."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.tickets import bursts, corrections, inbox, messages, outbox, tickets
from storage.tickets.bursts import BurstMessages
from storage.tickets.tables import Revision
from storage.tickets.tickets import Arrival
from storage.tickets.values import original_key


@dataclass(frozen=True)
class OpenedTicket:
    """The ticket of a message, and the message as it reads after its edits.

    `heard` is the message together with what its author said meanwhile. `human` says that a person
    has the word, `waiting` that the desk had nothing to do: it waited for the customer, or was
    done. `joined` says that an earlier message was answered together with this one, `orphan` that
    the one it is more of is gone. Of an edit, `drafted` says that the agents have a draft in the
    ticket; one that was edited once more since then is left to the story of that, as `joined`.
    """

    ticket_id: int
    number: str
    heard: BurstMessages
    deleted: bool
    human: bool
    handed_over: bool
    waiting: bool
    joined: bool
    orphan: bool
    drafted: bool
    language: str | None
    title: str


def open_ticket_of(session: Session, arrival: Arrival) -> OpenedTicket:
    """Find or open the ticket of a message and store it there; twice changes nothing.

    From here on the message is in its ticket, and no longer in the inbox.
    """
    inbox.remove_message(session, arrival.key)
    opened = tickets.open_for_arrival(session, arrival)
    ticket, message = opened.ticket, opened.message
    orphan = arrival.part_of is not None and bursts.message_withdrawn(session, arrival.thread)
    later = _edited_later(session, arrival)
    return OpenedTicket(
        ticket_id=message.ticket_id,
        number=ticket.number,
        heard=bursts.burst_of_message(session, message),
        deleted=opened.deleted or (later is not None and later.text is None),
        human=ticket.human_since is not None,
        handed_over=ticket.handed_over_at is not None,
        waiting=ticket.status != "open",
        joined=message.outcome == bursts.JOINED or later is not None,
        orphan=orphan,
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
    number = tickets.open_for_arrival(session, arrival).message.ticket_id
    corrections.correct_ignored_drafts(session, number, arrival.text, arrival.author_id)
    return number
