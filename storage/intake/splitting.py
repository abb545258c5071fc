"""Messages that came in a row and are two matters: the later ones get a ticket of their own."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from storage.intake import arrivals
from storage.intake.arrivals import Arrival
from storage.tickets import messages, text_index, tickets
from storage.tickets.tables import Message, Ticket


def split_burst(session: Session, keys: Sequence[str]) -> None:
    """Make the first of these messages a ticket of its own, and the others more of it.

    Twice changes nothing, and neither does a message that stands alone already.
    """
    said = [each for key in sorted(keys) if (each := messages.find_message(session, key))]
    if not said or said[0].part_of is None:
        return
    first = said[0]
    old = tickets.find_ticket(session, first.ticket_id)
    if old is None:
        return
    new = arrivals.open_new(session, _arrival(old, first))
    for each in said:
        text_index.unindex_text(session, [(each.ticket_id, each.key, each.text)])
        each.ticket_id = new.ticket_id
        each.part_of = None if each is first else first.key
        text_index.index_text(session, [(each.ticket_id, each.key, each.text)])


def _arrival(old: Ticket, first: Message) -> Arrival:
    return Arrival(
        key=first.key,
        team_id=old.team_id,
        channel_id=old.channel_id,
        ts=first.ts,
        thread_ts=first.ts,
        author_id=first.author_id,
        author="customer",
        text=first.text,
        private=old.private,
        sent_at=first.received_at,
        requester_id=first.author_id,
        files=first.files,
    )
