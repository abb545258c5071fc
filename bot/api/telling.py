"""Tickets as the API tells them: pure."""

from collections.abc import Sequence

from bot.api.shapes import ChangeTold, NoteTold, PageTold, TicketTold, WholeTicketTold, WordTold
from storage.reports.whole_ticket import TicketDetails, WholeTicket
from storage.tickets.tables import Ticket


def ticket_told(ticket: Ticket) -> TicketTold:
    """A ticket's state."""
    return TicketTold(
        number=ticket.ticket_id,
        title=ticket.title,
        status=ticket.status,
        priority=ticket.priority,
        category=ticket.intent,
        requester=ticket.requester_id,
        owner=ticket.assignee_id,
        channel=ticket.channel_id,
        tags=ticket.tags,
        link=ticket.link,
        opened_at=ticket.opened_at,
        updated_at=ticket.updated_at,
        solved_at=ticket.solved_at,
    )


def page_told(tickets: Sequence[Ticket], start: int | None) -> PageTold:
    """Some tickets, and where the following page starts."""
    return PageTold(tickets=[ticket_told(each) for each in tickets], next=start)


def whole_ticket_told(whole: WholeTicket, size: int) -> WholeTicketTold:
    """A ticket with its newest words; what is among agents only where it was read for an agent."""
    behind = whole.details or TicketDetails()
    said = whole.said[-size:]
    return WholeTicketTold(
        ticket=ticket_told(whole.ticket),
        summary=whole.ticket.summary,
        left_out=len(whole.said) - len(said),
        said=[
            WordTold(author=each.author, by=each.author_id, at=each.received_at, text=each.text)
            for each in said
        ],
        notes=[
            NoteTold(by=each.author_id, at=each.noted_at, text=each.text)
            for each in behind.notes[-size:]
        ],
        changes=[
            ChangeTold(
                by=each.who,
                at=each.at,
                what=each.what,
                before=each.before,
                after=each.after,
                source=each.source,
            )
            for each in behind.changes[-size:]
        ],
    )
