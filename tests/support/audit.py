"""The audit held against the tickets: played again from the opening, it tells how they stand."""

from collections.abc import Iterator, Sequence

from storage.db.database import Session
from storage.tickets import audit, tickets
from storage.tickets.audit import NAMES, told_value
from storage.tickets.tables import Change, Ticket

# `OPENED` are set when a ticket is opened; `solved_at` is told by the row of the status.
OPENED = ("private", "requester_id")
BY_ITSELF = (*OPENED, "solved_at")


def unaudited_columns(session: Session) -> list[str]:
    """Columns whose value no row of the audit tells, each as `T-1001: owner is …, not …`."""
    return [
        f"{ticket.number}: {gap}"
        for ticket in tickets.all_tickets(session)
        for gap in _gaps(ticket, audit.ticket_changes(session, ticket.ticket_id))
    ]


def _gaps(ticket: Ticket, rows: Sequence[Change]) -> Iterator[str]:
    for column, name in NAMES.items():
        now = told_value(getattr(ticket, column))
        of_column = [each for each in rows if each.what == name]
        field = Ticket.model_fields[column]
        told = told_value(field.get_default(call_default_factory=True))
        if column in BY_ITSELF and not of_column:
            told = now if column in OPENED else _solved(rows)
        elif column in BY_ITSELF:
            told = of_column[0].before
        for each in of_column:
            if each.before != told:
                yield f"{name} was {told}, and {each.before} when it changed"
            told = each.after
        if told != now:
            yield f"{name} is {now}, not {told}"


def _solved(rows: Sequence[Change]) -> str | None:
    """When the ticket was solved last, unless it came back."""
    solved: str | None = None
    for each in rows:
        if each.what == "status" and each.after == "solved":
            solved = told_value(each.at)
        elif each.what == "status" and each.after != "closed":
            solved = None
    return solved
