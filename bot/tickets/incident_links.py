"""Tickets of an incident: linked to the one that stands for all, and told of at both ends."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.config.incidents import IncidentConfig
from bot.tickets.incidents import find_incident
from storage.db.database import Database
from storage.tickets import incidents
from storage.tickets.incidents import LinkedTickets
from storage.tickets.outbox import OutboxRow
from storage.tickets.tables import Ticket
from storage.tickets.values import Incident, IncidentQuestion

TITLE = 200  # characters of a title that agents are told


async def link_to_incident(
    store: Database, number: int, key: str, limits: IncidentConfig, now: datetime
) -> LinkedTickets:
    """Link a new ticket to its incident, if its first message asks what many others ask.

    Doing it twice changes nothing.
    """

    def rule(asked: IncidentQuestion, earlier: Sequence[IncidentQuestion]) -> Incident | None:
        return find_incident(asked, earlier, limits.people)

    if not limits.people:
        return LinkedTickets()
    since = now - timedelta(minutes=limits.minutes)
    return await store.write(incidents.link_alike, number, key, since, now, rule, incident_begins)


def has_grown(linked: LinkedTickets) -> bool:
    """Whether an incident has so many members by now that its head's card is worth drawing anew.

    That is at 3, 10, 30, 100 and so on; one that begins is always worth it.
    """
    if linked.note is not None:
        return True
    before, size = linked.members - len(linked.parts), 3
    while size <= before:
        size = size * 3 if size % 3 else size // 3 * 10
    return size <= linked.members


def incident_begins(parent: Ticket, found: Incident) -> OutboxRow:
    """What agents are told when a ticket begins to stand for others."""
    others = ", ".join(f"T-{number}" for number in found.linked)
    return OutboxRow(
        key=f"incident:{found.parent}",
        ticket_id=found.parent,
        kind="note",
        text=f"This looks like an incident: several people ask the same, "
        f"«{parent.title[:TITLE]}». {parent.number} stands for all; linked to it: {others}. "
        "More will be linked silently. "
        "Press «Tell all» on the card, or write ?tellall and your words here.",
    )


def incident_over(ticket: Ticket, linked: Sequence[Ticket]) -> Sequence[OutboxRow]:
    """What agents are told when the ticket that stands for an incident is solved."""
    people = {each.requester_id for each in linked}
    if not people or ticket.incident_id is not None:
        return ()
    told = OutboxRow(
        key=f"incident-over:{ticket.ticket_id}",
        ticket_id=ticket.ticket_id,
        kind="note",
        text=f"{ticket.number} is solved, and stood for an incident: {len(people)} more "
        f"{'person' if len(people) == 1 else 'people'} asked the same. "
        "Press «Tell all» on the card, or write ?tellall and your words here.",
    )
    return (told,)
