"""The one way to change a ticket: its rules, its audit, and one winner when two try."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from storage.db.database import Session
from storage.intake import arrivals
from storage.intake.arrivals import Arrival
from storage.tickets import audit, changes, mergers
from storage.tickets.audit import ChangeBy
from storage.tickets.changes import Conflict, NotAllowed, NoTicket
from storage.tickets.states import NEXT, STATUSES
from storage.tickets.tables import Ticket

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
MAI, DUC = ChangeBy("UMAI", "card"), ChangeBy("UDUC", "command")


@pytest.fixture
def session(opened_engine: Engine) -> Iterator[Session]:
    """A write transaction in a fresh store."""
    with Session(opened_engine, expire_on_commit=False) as opened:
        yield opened


def said(
    ts: str, *, author: str = "ULINH", thread: str | None = None, **options: object
) -> Arrival:
    given = {
        "key": f"T:C:{ts}",
        "team_id": "T",
        "channel_id": "C",
        "ts": ts,
        "thread_ts": thread or ts,
        "author_id": author,
        "author": "customer",
        "text": "Where is my parcel?",
        "private": False,
        "sent_at": NOW,
        "requester_id": author,
        **options,
    }
    return Arrival(**given)  # type: ignore[arg-type]


def opened(session: Session, ts: str = "1.1", **options: object) -> Ticket:
    return (arrivals.open_for_arrival(session, said(ts, **options))).ticket  # type: ignore[arg-type]


def brought(session: Session, ticket: Ticket, status: str) -> None:
    """Bring an open ticket into a status."""
    if status == "on_hold":
        wake = NOW + timedelta(days=9)
        changes.change_ticket(session, ticket, MAI, at=NOW, status=status, wake_at=wake)
    else:
        changes.change_ticket(session, ticket, MAI, at=NOW, status=status)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("wanted", STATUSES)
def test_a_status_follows_only_where_it_may(session: Session, status: str, wanted: str) -> None:
    """The table says what may follow what; anything else changes nothing and says why."""
    ticket = opened(session)
    brought(session, ticket, status)
    if wanted == status or wanted in NEXT[status]:
        brought(session, ticket, wanted)

        assert ticket.status == wanted
    else:
        with pytest.raises(NotAllowed, match="cannot be"):
            brought(session, ticket, wanted)

        assert ticket.status == status


def test_each_change_is_a_row_that_says_who_what_and_from_where(session: Session) -> None:
    """Before, after, source and moment; what was so already is no change."""
    ticket = opened(session)
    changes.change_ticket(session, ticket, MAI, at=NOW, priority="high", tags=["a", "b"])
    changes.change_ticket(session, ticket, DUC, at=NOW, priority="high")
    rows = audit.ticket_changes(session, ticket.ticket_id)

    assert [(row.who, row.what, row.before, row.after, row.source, row.at) for row in rows] == [
        ("UMAI", "priority", "normal", "high", "card", NOW),
        ("UMAI", "tags", None, "a, b", "card", NOW),
    ]


def test_of_two_who_take_a_ticket_one_wins_and_the_other_is_told_who(
    session: Session,
) -> None:
    """The second one's expectation is no longer so; a second click of the winner is no conflict."""
    ticket = opened(session)
    nobody = {"assignee_id": None}
    changes.change_ticket(session, ticket, MAI, expecting=nobody, assignee_id="UMAI")
    with pytest.raises(Conflict) as lost:
        changes.change_ticket(session, ticket, DUC, expecting=nobody, assignee_id="UDUC")
    changes.change_ticket(session, ticket, MAI, expecting=nobody, assignee_id="UMAI")

    assert (lost.value.what, lost.value.now, lost.value.who) == ("owner", "UMAI", "UMAI")
    owners = [
        each for each in audit.ticket_changes(session, ticket.ticket_id) if each.what == "owner"
    ]
    assert (ticket.assignee_id, len(owners)) == ("UMAI", 1)


@pytest.mark.parametrize("wake", [None, NOW, NOW - timedelta(days=1)], ids=["none", "now", "past"])
def test_on_hold_needs_a_time_to_come(session: Session, wake: datetime | None) -> None:
    """A ticket that nobody would wake is not put aside."""
    ticket = opened(session)
    with pytest.raises(NotAllowed, match="On hold needs a time"):
        changes.change_ticket(session, ticket, MAI, at=NOW, status="on_hold", wake_at=wake)

    assert ticket.status == "open"


def test_a_hold_ends_with_its_wake_up_time(session: Session) -> None:
    """Whoever opens it again has nothing to clear; and only what is on hold can wake up."""
    ticket = opened(session)
    brought(session, ticket, "on_hold")
    changes.change_ticket(session, ticket, MAI, at=NOW, status="open")
    with pytest.raises(NotAllowed, match="Only a ticket on hold"):
        changes.change_ticket(session, ticket, MAI, at=NOW, wake_at=NOW + timedelta(days=1))

    assert ticket.wake_at is None


def test_what_is_said_in_a_merged_ticket_belongs_to_the_one_that_is_left(
    session: Session,
) -> None:
    """Also after another merger; re-opening the merged one makes it a ticket of its own again."""
    first, second, third = [opened(session, ts) for ts in ("1.1", "2.1", "3.1")]
    mergers.merge_ticket(session, first, second, MAI)
    mergers.merge_ticket(session, second, third, MAI)
    word = arrivals.open_for_arrival(session, said("4.1", thread="1.1"))
    changes.change_ticket(session, first, MAI, status="open")
    apart = arrivals.open_for_arrival(session, said("5.1", thread="1.1"))

    assert (word.ticket.id, apart.ticket.id) == (third.id, first.id)
    assert (first.merged_into, second.status) == (None, "closed")


def test_a_ticket_is_not_merged_in_a_circle(session: Session) -> None:
    """Neither with itself, nor with one that was merged into it, nor twice."""
    first, second = opened(session, "1.1"), opened(session, "2.1")
    mergers.merge_ticket(session, first, second, MAI)
    for one, into in ((second, second), (second, first), (first, second)):
        with pytest.raises(NotAllowed):
            mergers.merge_ticket(session, one, into, MAI)

    assert second.merged_into is None


def test_what_was_said_in_private_is_not_merged_into_the_open(session: Session) -> None:
    """A private ticket only joins private ones of the same person or the same channel."""
    secret = opened(session, "1.1", private=True)
    public = opened(session, "2.1")
    foreign = opened(session, "3.1", author="UOTHER", private=True, channel_id="C2")
    beside = opened(session, "5.1", author="UOTHER", private=True)
    own = opened(session, "4.1", private=True)
    for into in (public, foreign):
        with pytest.raises(NotAllowed, match="private"):
            mergers.merge_ticket(session, secret, into, MAI)
    mergers.merge_ticket(session, secret, own, MAI)
    mergers.merge_ticket(session, beside, own, MAI)

    assert secret.merged_into == beside.merged_into == own.id


def test_a_ticket_that_is_none_says_so(session: Session) -> None:
    """Numbers that nobody gave."""
    with pytest.raises(NoTicket, match="no ticket T-7"):
        changes.get_ticket(session, 7)
