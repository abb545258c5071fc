"""What a ticket can be: its status, what may follow it, what it brings with it; its priority."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from storage.tickets.tables import Ticket

Status = Literal["open", "pending", "on_hold", "solved", "closed"]

STATUSES: tuple[Status, ...] = ("open", "pending", "on_hold", "solved", "closed")
LIVE: tuple[Status, ...] = ("open", "pending", "on_hold")
PRIORITIES = ("low", "normal", "high", "urgent")
NEXT: Mapping[str, tuple[Status, ...]] = {
    "open": ("pending", "on_hold", "solved", "closed"),
    "pending": ("open", "on_hold", "solved", "closed"),
    "on_hold": ("open", "pending", "solved", "closed"),
    "solved": ("open", "pending", "closed"),
    "closed": ("open", "pending"),
}


def status_consequences(ticket: Ticket, status: str) -> dict[str, Any]:
    """What a new status brings with it: the end of a hold, of a merger, of being late."""
    follows: dict[str, Any] = {}
    if status != "on_hold" and ticket.wake_at is not None:
        follows["wake_at"] = None
    if status in LIVE and ticket.merged_into is not None:
        follows["merged_into"] = None
    if status in LIVE and ticket.status not in LIVE and ticket.late is not None:
        follows["late"] = None
    return follows


def status_moments(status: str, at: datetime) -> Mapping[str, Any]:
    """The moments of a new status, which its row in the audit tells already."""
    moments: dict[str, Any] = {"status_since": at}
    if status == "solved":
        moments["solved_at"] = at
    elif status in LIVE:
        moments["solved_at"] = None
    return moments
