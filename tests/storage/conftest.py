"""A store of its own for a test, with the tables made and one ticket in it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from storage.db.database import Database
from storage.intake import arrivals
from storage.intake.arrivals import Arrival

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[Database]:
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
async def number(store: Database) -> int:
    """The number of a ticket with one message of Linh's."""
    said = Arrival("T:C:1.0", "T", "C", "1.0", "1.0", "ULINH", "customer", "Hi", False, NOON, "U")
    return (await store.write(arrivals.open_for_arrival, said)).message.ticket_id
