"""Everything that is known of one ticket, for people who look at it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from storage.costs import ledger
from storage.intake import notes
from storage.intake.notes import NoteRow
from storage.tickets import audit, incidents, messages, tickets
from storage.tickets.tables import CallRow, Change, Decision, Message, Ticket


@dataclass(frozen=True)
class TicketDetails:
    """What stands behind a ticket, for agents only: notes, changes, decisions, and model calls."""

    notes: Sequence[NoteRow] = ()
    changes: Sequence[Change] = ()
    decisions: Sequence[Decision] = ()
    calls: Sequence[CallRow] = ()
    incident: int | None = None
    linked: Sequence[Ticket] = ()


@dataclass(frozen=True)
class WholeTicket:
    """A ticket with what was said in it, oldest first; `details` are None for who may not see."""

    ticket: Ticket
    said: Sequence[Message]
    details: TicketDetails | None = None


def whole_ticket(session: Session, ticket: Ticket, *, agent: bool) -> WholeTicket:
    """A ticket as it is shown; what is for agents only when `agent` is set."""
    number = ticket.ticket_id
    said = messages.messages_of_ticket(session, number)
    if not agent:
        return WholeTicket(ticket, said)
    details = TicketDetails(
        notes.notes_of_ticket(session, number),
        audit.ticket_changes(session, number),
        tickets.decisions_of_ticket(session, number),
        ledger.calls_of_ticket(session, number),
        ticket.incident_id,
        incidents.linked_tickets(session, number),
    )
    return WholeTicket(ticket, said, details)


def whole_ticket_of(session: Session, number: int, *, agent: bool) -> WholeTicket | None:
    """A ticket by its number, without what was deleted; None where there is none."""
    ticket = session.get(Ticket, number)
    if ticket is None:
        return None
    whole = whole_ticket(session, ticket, agent=agent)
    gone = {
        key for key, how in messages.revised_messages(session, number).items() if how == "deleted"
    }
    if not gone:
        return whole
    said = [each for each in whole.said if each.key not in gone]
    return replace(whole, said=said, details=_without_names(whole.details))


def _without_names(details: TicketDetails | None) -> TicketDetails | None:
    """What stands behind a ticket, without what it was called by words that are gone."""
    if details is None:
        return None
    return replace(details, changes=[each for each in details.changes if each.what != "title"])


def decisions_and_calls(
    session: Session, number: int
) -> tuple[Sequence[Decision], Sequence[CallRow]]:
    """What was decided about a ticket and the model calls for it, oldest first."""
    return tickets.decisions_of_ticket(session, number), ledger.calls_of_ticket(session, number)
