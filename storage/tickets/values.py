"""What the rules about tickets see and answer: plain values, no SQL."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PastChange:
    """What became of a ticket before, as the audit tells it; `at` is aware UTC."""

    what: str
    before: str | None
    after: str | None
    at: datetime


@dataclass(frozen=True)
class DueTicket:
    """A ticket that the clock looks at, and its history, oldest first; moments are aware UTC."""

    ticket_id: int
    opened_at: datetime
    status_since: datetime
    status: str = "open"
    priority: str = "normal"
    wake_at: datetime | None = None
    first_response_at: datetime | None = None
    channel_id: str = ""
    language: str | None = None
    assignee_id: str | None = None
    history: tuple[PastChange, ...] = ()

    @property
    def number(self) -> str:
        """The short number people use, as in T-1042."""
        return f"T-{self.ticket_id}"


@dataclass(frozen=True)
class IncidentQuestion:
    """What somebody asked first in a ticket; `incident` is the ticket it was linked to already."""

    ticket_id: int
    requester: str
    text: str
    incident: int | None = None


@dataclass(frozen=True)
class Incident:
    """The ticket that stands for all, and those to be linked to it now."""

    parent: int
    linked: tuple[int, ...]
    begins: bool = False
