"""Tickets of one incident, linked to the one that stands for all; the agents hear of it once."""

from datetime import datetime, timedelta

from bot.desk import Incidents
from bot.inbound import Frozen
from bot.incidents import Asked, gathered
from storage import lifecycle, relays, tickets, together
from storage.database import Session
from storage.lifecycle import By
from storage.models import Ticket
from storage.relays import Relay

TITLE = 200


class Linked(Frozen):
    """The tickets whose cards have changed, and the key of what the agents are to be told."""

    numbers: tuple[int, ...] = ()
    note: str | None = None


def link(session: Session, number: int, key: str, limits: Incidents, now: datetime) -> Linked:
    """Link a new ticket to its incident, if its first message asks what many others ask.

    Doing it twice changes nothing.
    """
    ticket, message = tickets.find(session, number), tickets.message(session, key)
    if ticket is None or message is None or not limits.people or not ticket.title:
        return Linked()
    if message.ts != ticket.thread_ts or ticket.incident_id or ticket.merged_into:
        return Linked()
    since = now - timedelta(minutes=limits.minutes)
    earlier = [_asked(each, text) for each, text in together.alike(session, ticket, since)]
    found = gathered(_asked(ticket, message.text), earlier, limits.people)
    if found is None:
        return Linked()
    for each in found.linked:
        part = lifecycle.ticket(session, each)
        lifecycle.change(session, part, By("bot", "story"), at=now, incident_id=found.parent)
    parent = lifecycle.ticket(session, found.parent)
    lifecycle.touch(parent, now)
    changed = (found.parent, *found.linked)
    if not found.begins:
        return Linked(numbers=changed)
    relay = Relay(
        key=f"incident:{found.parent}",
        ticket_id=found.parent,
        kind="note",
        text=_told(parent, found.linked),
    )
    relays.send(session, relay)
    return Linked(numbers=changed, note=relay.key)


def incident_over(session: Session, ticket: Ticket) -> Relay | None:
    """What agents are told when the ticket that stands for an incident is solved, once."""
    number = ticket.id or 0
    people = {each.requester_id for each in together.linked(session, number)}
    if not people:
        return None
    told = Relay(
        key=f"incident-over:{number}",
        ticket_id=number,
        kind="note",
        text=f"{ticket.number} is solved, and stood for an incident: {len(people)} more "
        f"{'person' if len(people) == 1 else 'people'} asked the same. "
        "Press «Tell all» on the card, or write ?tellall and your words here.",
    )
    return told if relays.send(session, told) is None else None


def _asked(ticket: Ticket, text: str) -> Asked:
    return Asked(ticket.id or 0, ticket.requester_id, text, ticket.incident_id)


def _told(parent: Ticket, linked: tuple[int, ...]) -> str:
    others = ", ".join(f"T-{number}" for number in linked)
    return (
        f"This looks like an incident: several people ask the same, «{parent.title[:TITLE]}». "
        f"{parent.number} stands for all; linked to it: {others}. More will be linked silently. "
        "Press «Tell all» on the card, or write ?tellall and your words here."
    )
