"""A row made in memory: what was given, and defaults of its own."""

from typing import Any

import pytest

from storage.db.database import Database, Session, StoreFailure
from storage.tickets.tables import Post, Ticket


def asked(**more: Any) -> Ticket:
    return Ticket(team_id="T1", channel_id="C1", thread_ts="1.0", requester_id="U1", **more)


def test_a_row_has_what_was_given_and_the_defaults_of_its_table() -> None:
    """Each has its own list: a tag of one ticket is none of the other's."""
    one, other = asked(title="Late parcel"), asked()
    one.tags.append("vip")

    assert (one.title, one.status, one.version) == ("Late parcel", "open", 1)
    assert (other.title, other.tags) == ("", [])
    assert one.opened_at.tzinfo is not None


def test_a_column_that_no_table_has_is_refused() -> None:
    with pytest.raises(TypeError, match="Ticket has no colour"):
        asked(colour="red")


async def test_what_has_to_be_told_and_was_not_is_refused_by_the_database(store: Database) -> None:
    untold: dict[str, Any] = {"key": "a", "kind": "answer", "channel_id": "C1", "ts": "1.0"}
    with pytest.raises(StoreFailure):
        await store.write(Session.add, Post(**untold))


async def test_a_value_that_changes_is_written(store: Database) -> None:
    """The store hears of a change, whether the row was just made or read."""

    def opened(session: Session) -> int | None:
        ticket = asked()
        session.add(ticket)
        ticket.title = "Late parcel"
        session.flush()
        ticket.status = "solved"
        return ticket.id

    number = await store.write(opened)
    await store.write(lambda session: setattr(session.get(Ticket, number), "intent", "shipping"))
    kept = await store.read(Session.get, Ticket, number)

    assert kept is not None
    assert (kept.title, kept.status, kept.intent) == ("Late parcel", "solved", "shipping")
