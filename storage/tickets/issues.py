"""Issues that agents made of tickets in a tracker, and what became of them there."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime
from storage.db.rows import StoredRow
from storage.tickets import changes, mergers, outbox
from storage.tickets.audit import ChangeBy
from storage.tickets.changes import NotAllowed
from storage.tickets.outbox import OutboxRow
from storage.tickets.states import LIVE
from storage.tickets.tables import Ticket

# How long somebody who makes an issue is waited for, before it is taken for a lost attempt.
UNDER_WAY = timedelta(minutes=2)


class IssueRow(StoredRow, table=True):
    """The issue of a ticket. Without a `key` it is being made, or nobody knows whether it was."""

    __tablename__ = "issues"

    ticket_id: int = Field(primary_key=True, foreign_key="tickets.id")
    tracker: str
    begun_at: datetime = Field(sa_type=UtcDateTime)
    key: str | None = None
    state: str = ""
    done: bool = False
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)


def begin_issue(
    session: Session, number: int, tracker: str, now: datetime, *, private: bool
) -> tuple[Ticket, bool]:
    """Note that an issue is being made; the ticket, and whether an earlier attempt was lost.

    Raises:
        NoTicket, NotAllowed: there is none, it is private, or it has an issue or a link already.

    Of a ticket that was merged it is the one it was merged into.
    """
    changes.get_ticket(session, number)
    ticket = mergers.find_surviving_ticket(session, number)
    row = session.get(IssueRow, ticket.ticket_id)
    if (ticket.private or ticket.channel_id.startswith("D")) and not private:
        raise NotAllowed(f"{ticket.number} is private: no issue is made of it.")
    if ticket.link or (row is not None and row.key is not None):
        raise NotAllowed(f"{ticket.number} is linked already: {ticket.link or 'to its issue'}")
    if row is None:
        session.add(IssueRow(ticket_id=ticket.ticket_id, tracker=tracker, begun_at=now))
        return ticket, False
    if row.begun_at > now - UNDER_WAY:
        raise NotAllowed(f"An issue of {ticket.number} is being made: ask again in two minutes.")
    if row.tracker != tracker:
        raise NotAllowed(f"An issue of {ticket.number} may have been made in {row.tracker}.")
    row.begun_at = now
    return ticket, True


def drop_issue(session: Session, number: int) -> None:
    """It was not made, for sure."""
    row = session.get(IssueRow, number)
    if row is not None and row.key is None:
        session.delete(row)


def issue_made(
    session: Session, number: int, key: str, url: str, state: str, by: ChangeBy, now: datetime
) -> None:
    """It is there: the ticket leads to it, and it is followed from now on."""
    row = session.get(IssueRow, number)
    if row is None:
        return
    row.key, row.state, row.looked_at = key, state, now
    ticket = changes.get_ticket(session, number)
    if not ticket.link:
        changes.change_ticket(session, ticket, by, link=url)


def followed_issues(session: Session, tracker: str, most: int) -> Sequence[tuple[int, str]]:
    """Those of a tracker that may change, the longest unseen first: ticket and key.

    An issue that is over is followed while its ticket is not, for it may be opened again.
    """
    query = (
        select(col(IssueRow.ticket_id), col(IssueRow.key))
        .join(Ticket, col(Ticket.id) == col(IssueRow.ticket_id))
        .where(
            col(IssueRow.key).is_not(None),
            col(IssueRow.tracker) == tracker,
            or_(col(IssueRow.done).is_(False), col(Ticket.status).in_(LIVE)),
        )
        .order_by(col(IssueRow.looked_at))
        .limit(most)
    )
    return [(number, str(key)) for number, key in session.execute(query)]


def issue_unseen(session: Session, number: int, now: datetime) -> None:
    """It was asked for and not told: others come before it."""
    row = session.get(IssueRow, number)
    if row is not None:
        row.looked_at = now


def issue_seen(
    session: Session, number: int, state: str, now: datetime, told: str, *, done: bool
) -> str | None:
    """An issue as it stands; the key of what the agents are told, where that is another state.

    Where it was made a moment ago its first state is no news.
    """
    row = session.get(IssueRow, number)
    if row is None:
        return None
    first, same = row.state == "created" and not done, row.state == state
    row.state, row.done, row.looked_at = state, done, now
    if same or first:
        return None
    note = OutboxRow(
        key=f"issue:{number}:{now.isoformat(timespec='seconds')}",
        ticket_id=number,
        kind="note",
        text=told,
    )
    outbox.put_in_outbox(session, note)
    return note.key
