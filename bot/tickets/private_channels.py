"""Tickets of channels that turned out to be private: from then on others cannot read of them."""

from collections.abc import Collection

import structlog

from storage.db.database import Database
from storage.tickets import private_channels
from storage.tickets.audit import BY_TIMER

AT_ONCE = 500  # tickets marked in one transaction, so that messages never wait long for the writer

log = structlog.get_logger("clock")


async def hide_tickets_of(store: Database, channels: Collection[str]) -> None:
    """Mark the tickets of these channels as private, whatever the desk took them for before."""
    numbers = await store.read(private_channels.exposed_tickets, channels)
    for start in range(0, len(numbers), AT_ONCE):
        await store.write(private_channels.hide_tickets, numbers[start : start + AT_ONCE], BY_TIMER)
    if numbers:
        log.info("tickets marked as private", tickets=len(numbers))
