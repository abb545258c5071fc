"""A message as its ticket takes it in: what its story begins with, and an agent's own word."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from storage.tickets import bursts, corrections, inbox, tickets
from storage.tickets.bursts import BurstMessages
from storage.tickets.tickets import Arrival


@dataclass(frozen=True)
class OpenedTicket:
    """The ticket of a message, and the message as it reads after its edits.

    `heard` is the message together with what its author said meanwhile. `human` says that a person
    has the word, `waiting` that the desk had nothing to do: it waited for the customer, or was
    done. `joined` says that an earlier message was answered together with this one. `part_of` is
    the key of the message that it is more of: none where that is gone, or is another matter.
    """

    ticket_id: int
    number: str
    heard: BurstMessages
    deleted: bool
    human: bool
    handed_over: bool
    waiting: bool
    joined: bool
    part_of: str | None
    language: str | None
    title: str


def open_ticket_of(session: Session, arrival: Arrival) -> OpenedTicket:
    """Find or open the ticket of a message and store it there; twice changes nothing.

    From here on the message is in its ticket, and no longer in the inbox.
    """
    inbox.remove_message(session, arrival.key)
    opened = tickets.open_for_arrival(session, arrival)
    ticket, message = opened.ticket, opened.message
    part_of = message.part_of
    if part_of is not None and bursts.message_withdrawn(session, part_of):
        part_of = None
    return OpenedTicket(
        ticket_id=message.ticket_id,
        number=ticket.number,
        heard=bursts.burst_of_message(session, message),
        deleted=opened.deleted,
        human=ticket.human_since is not None,
        handed_over=ticket.handed_over_at is not None,
        waiting=ticket.status != "open",
        joined=message.outcome == bursts.JOINED,
        part_of=part_of,
        language=ticket.language,
        title=ticket.title,
    )


def record_agent_message(session: Session, arrival: Arrival, *, expected: bool) -> int | None:
    """The number of the agent's ticket; `expected` is one that its thread is about to become."""
    place = (arrival.team_id, arrival.channel_id, arrival.thread_ts)
    if not expected and tickets.ticket_of_thread(session, *place) is None:
        return None
    number = tickets.open_for_arrival(session, arrival).message.ticket_id
    corrections.correct_ignored_drafts(session, number, arrival.text, arrival.author_id)
    return number
