"""Tickets, messages, revisions and the balance, on a real file."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Dialect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import StatementError

from storage.costs import ledger
from storage.db.columns import UtcDateTime
from storage.db.database import Database, Session
from storage.intake import arrivals, revisions
from storage.intake.arrivals import Arrival
from storage.reports import balance as reports_balance
from storage.tickets import messages, tickets
from storage.tickets.tables import Post, Revision

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


def revise(session: Session, key: str, edited_ts: str, said: str | None) -> None:
    """An edit, or a deletion (None)."""
    revisions.revise_message(session, Revision(message_key=key, edited_ts=edited_ts, text=said))


def arrival(ts: str = "1.0", thread_ts: str = "1.0", **changed: object) -> Arrival:
    base = Arrival(
        key=f"T:C:{ts}",
        team_id="T",
        channel_id="C",
        ts=ts,
        thread_ts=thread_ts,
        author_id="U1",
        author="customer",
        text="Hello",
        private=False,
        sent_at=NOON,
        requester_id="U1",
    )
    return replace(base, **changed)  # type: ignore[arg-type]


async def test_a_thread_is_one_ticket_however_often_it_is_opened(store: Database) -> None:
    """The same message twice changes nothing; a reply joins; another thread is another ticket."""
    first = await store.write(arrivals.open_for_arrival, arrival())
    again = await store.write(arrivals.open_for_arrival, arrival())
    reply = await store.write(arrivals.open_for_arrival, arrival("2.0"))
    other = await store.write(arrivals.open_for_arrival, arrival("3.0", "3.0"))

    assert (first.ticket.number, other.ticket.number) == ("T-1001", "T-1002")
    assert again.ticket.id == reply.ticket.id == first.ticket.id
    assert (first.is_new, again.is_new, reply.is_new) == (True, False, False)
    assert [each.ts for each in await store.read(messages.messages_of_ticket, 1001)] == [
        "1.0",
        "2.0",
    ]


async def test_work_that_raises_writes_nothing(store: Database) -> None:
    """A transaction is all or nothing."""

    def fail(session: Session) -> None:
        arrivals.open_for_arrival(session, arrival())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await store.write(fail)

    assert await store.read(tickets.all_tickets) == []


async def test_a_number_is_never_given_twice(store: Database) -> None:
    """Not even when the ticket that had it is gone."""
    await store.write(arrivals.open_for_arrival, arrival())

    def empty(session: Session) -> None:
        session.execute(text("DELETE FROM messages"))
        session.execute(text("DELETE FROM tickets"))

    await store.write(empty)
    assert (
        await store.write(arrivals.open_for_arrival, arrival("2.0", "2.0"))
    ).ticket.number == "T-1002"


@pytest.mark.parametrize(
    ("edits", "said", "deleted"),
    [
        ([], "Hello", False),
        ([("5", "Hi")], "Hi", False),
        ([("5", "Hi"), ("6", "Hey")], "Hey", False),
        ([("6", "Hey"), ("5", "Hi")], "Hey", False),
        ([("5", "Hi"), ("5", "Hi")], "Hi", False),
        ([("5", "Hi"), ("6", None)], "Hi", True),
    ],
)
@pytest.mark.parametrize("early", [True, False])
async def test_the_newest_revision_counts_in_whatever_order_they_come(
    store: Database, edits: list[tuple[str, str | None]], said: str, deleted: bool, early: bool
) -> None:
    """Ahead of the message or after it, in order, out of order, twice: the same result."""

    def revised(session: Session) -> None:
        if not early:
            arrivals.open_for_arrival(session, arrival())
        for edited_ts, new in edits:
            revise(session, "T:C:1.0", edited_ts, new)
        arrivals.open_for_arrival(session, arrival())

    await store.write(revised)
    standing = await store.read(tickets.message_state, "T:C:1.0")

    assert standing.deleted is deleted
    if not deleted:
        assert standing.heard.text == said


async def test_an_agents_word_takes_the_thread_over(store: Database) -> None:
    """First response and owner are theirs, and the bot sees it right before posting."""
    await store.write(arrivals.open_for_arrival, arrival())
    opened = await store.write(
        arrivals.open_for_arrival,
        arrival("2.0", author="agent", author_id="U2", sent_at=NOON + timedelta(minutes=5)),
    )
    standing = await store.read(tickets.message_state, "T:C:1.0")

    assert standing.human
    assert opened.ticket.assignee_id == "U2"
    assert opened.ticket.first_response_at == NOON + timedelta(minutes=5)
    assert opened.ticket.requester_id == "U1"


async def test_the_balance_counts_every_message_once(store: Database) -> None:
    """Ticketed, ignored by reason, and failed add up to received; the bot's own do not count."""

    def several(session: Session) -> None:
        arrivals.open_for_arrival(session, arrival())
        arrivals.open_for_arrival(session, arrival("2.0"))
        arrivals.open_for_arrival(session, arrival("3.0", author="bot"))
        tickets.settle_message(session, "T:C:2.0", "failed")
        for key in ("T:C:4.0", "T:C:4.0", "T:C:5.0"):
            messages.ignore_message(session, key, "bot")
        messages.ignore_message(session, "T:C:6.0", "empty")

    await store.write(several)
    balance = await store.read(reports_balance.message_balance)
    unfinished = await store.read(tickets.unfinished_messages)

    assert (balance.ticketed, balance.ignored, balance.failed) == (1, {"bot": 2, "empty": 1}, 1)
    assert (balance.received, unfinished) == (5, 1)


async def test_a_row_written_twice_stays_as_it_was_first(store: Database) -> None:
    """A story that records again after a crash doubles nothing."""

    def record(session: Session) -> None:
        arrivals.open_for_arrival(session, arrival())
        for ts in ("7.0", "8.0"):
            row = Post(key="k:card", ticket_id=1001, kind="card", channel_id="C", ts=ts)
            ledger.put_rows(session, row)

    await store.write(record)
    post = await store.read(ledger.first_post_of_ticket, 1001, "card")

    assert post is not None
    assert post.ts == "7.0"


async def test_every_moment_comes_back_aware_and_in_utc(store: Database) -> None:
    """Whatever zone it was given in; one without a zone is refused."""
    hanoi = datetime(2026, 11, 23, 19, tzinfo=timezone(timedelta(hours=7)))
    await store.write(arrivals.open_for_arrival, arrival(sent_at=hanoi))
    ticket = await store.read(tickets.find_ticket, 1001)

    assert ticket is not None
    assert (ticket.opened_at, ticket.opened_at.tzinfo) == (NOON, UTC)
    naive = arrival("2.0", "2.0", sent_at=NOON.replace(tzinfo=None))
    with pytest.raises(StatementError, match="naive datetime"):
        await store.read(arrivals.open_for_arrival, naive)


def test_a_moment_keeps_its_zone_where_the_database_has_zones() -> None:
    """PostgreSQL gets an aware moment, SQLite the same one without its zone."""
    column = UtcDateTime()
    zoned: Dialect = make_url("postgresql+psycopg://").get_dialect()()
    plain: Dialect = make_url("sqlite://").get_dialect()()

    assert column.process_bind_param(NOON, zoned) == NOON
    assert column.process_bind_param(NOON, plain) == NOON.replace(tzinfo=None)
    assert column.process_result_value(NOON, zoned) == NOON
    assert column.process_bind_param(None, plain) is None
    assert column.process_result_value(None, plain) is None
