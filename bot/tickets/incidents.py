"""The same question from many people at once: when two are the same, and when it is an incident.

Pure. Two questions are the same when their telling words nearly are, whatever the marks, the
endings and the courtesies around them; what they are about (intent and product) is compared by
whoever asks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.config.desk import IncidentConfig
from bot.text.telling_words import FEWEST_WORDS_TO_COMPARE, telling_words
from bot.values import Frozen
from storage.db.database import Session
from storage.tickets import changes, incidents, messages, outbox, tickets
from storage.tickets.changes import ChangeBy
from storage.tickets.models import Ticket
from storage.tickets.outbox import OutboxRow

# The share of all telling words of both that both have.
SAME = 0.7


@dataclass(frozen=True)
class IncidentQuestion:
    """What somebody asked first in a ticket; `incident` is the ticket it was linked to already."""

    ticket_id: int
    requester: str
    text: str
    incident: int | None = None


@dataclass(frozen=True)
class Incident:
    """The ticket that stands for all, and those to be linked to it now."""

    parent: int
    linked: tuple[int, ...]
    begins: bool = False


def similarity(one: str, other: str) -> float:
    """How alike two questions are, from 0 to 1: the share of their telling words in both."""
    first, second = telling_words(one), telling_words(other)
    shared = len(first & second)
    return shared / len(first | second) if shared >= FEWEST_WORDS_TO_COMPARE else 0.0


def find_incident(
    asked: IncidentQuestion, earlier: Iterable[IncidentQuestion], people: int
) -> Incident | None:
    """The incident that a question belongs to, given the earlier ones about the same matter.

    It takes so many different `people`; one person asking again and again makes none. The oldest
    ticket stands for all, and stays the one when more come.
    """
    alike = [each for each in earlier if similarity(each.text, asked.text) >= SAME]
    alike = [each for each in alike if each.ticket_id != asked.ticket_id]
    known = _known(alike)
    if known is not None:
        return Incident(known, (asked.ticket_id,)) if known != asked.ticket_id else None
    if people < 2 or len({asked.requester, *(each.requester for each in alike)}) < people:
        return None
    parent, *rest = sorted((asked.ticket_id, *(each.ticket_id for each in alike)))
    return Incident(parent, tuple(rest), begins=True)


def _known(alike: Sequence[IncidentQuestion]) -> int | None:
    return min((each.incident for each in alike if each.incident is not None), default=None)


TITLE = 200


class IncidentLink(Frozen):
    """The tickets whose cards have changed, and the key of what the agents are to be told."""

    numbers: tuple[int, ...] = ()
    note: str | None = None


def link_to_incident(
    session: Session, number: int, key: str, limits: IncidentConfig, now: datetime
) -> IncidentLink:
    """Link a new ticket to its incident, if its first message asks what many others ask.

    Doing it twice changes nothing.
    """
    ticket, message = tickets.find_ticket(session, number), messages.find_message(session, key)
    if ticket is None or message is None or not limits.people or not ticket.title:
        return IncidentLink()
    if message.ts != ticket.thread_ts or ticket.incident_id or ticket.merged_into:
        return IncidentLink()
    since = now - timedelta(minutes=limits.minutes)
    earlier = [_asked(each, text) for each, text in incidents.tickets_alike(session, ticket, since)]
    found = find_incident(_asked(ticket, message.text), earlier, limits.people)
    if found is None:
        return IncidentLink()
    for each in found.linked:
        part = changes.get_ticket(session, each)
        changes.change_ticket(
            session, part, ChangeBy("bot", "story"), at=now, incident_id=found.parent
        )
    parent = changes.get_ticket(session, found.parent)
    changes.touch_ticket(parent, now)
    changed = (found.parent, *found.linked)
    if not found.begins:
        return IncidentLink(numbers=changed)
    outbox_row = OutboxRow(
        key=f"incident:{found.parent}",
        ticket_id=found.parent,
        kind="note",
        text=_told(parent, found.linked),
    )
    outbox.put_in_outbox(session, outbox_row)
    return IncidentLink(numbers=changed, note=outbox_row.key)


def incident_over(session: Session, ticket: Ticket) -> OutboxRow | None:
    """What agents are told when the ticket that stands for an incident is solved, once."""
    number = ticket.ticket_id
    people = {each.requester_id for each in incidents.linked_tickets(session, number)}
    if not people:
        return None
    told = OutboxRow(
        key=f"incident-over:{number}",
        ticket_id=number,
        kind="note",
        text=f"{ticket.number} is solved, and stood for an incident: {len(people)} more "
        f"{'person' if len(people) == 1 else 'people'} asked the same. "
        "Press «Tell all» on the card, or write ?tellall and your words here.",
    )
    return told if outbox.put_in_outbox(session, told) is None else None


def _asked(ticket: Ticket, text: str) -> IncidentQuestion:
    return IncidentQuestion(ticket.ticket_id, ticket.requester_id, text, ticket.incident_id)


def _told(parent: Ticket, linked: tuple[int, ...]) -> str:
    others = ", ".join(f"T-{number}" for number in linked)
    return (
        f"This looks like an incident: several people ask the same, «{parent.title[:TITLE]}». "
        f"{parent.number} stands for all; linked to it: {others}. More will be linked silently. "
        "Press «Tell all» on the card, or write ?tellall and your words here."
    )
