"""What the rules about tickets see and answer: plain values, no SQL."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

# What other systems are told of tickets.
TicketEventKind = Literal["opened", "handed_over", "solved"]
EVENT_KINDS: tuple[TicketEventKind, ...] = ("opened", "handed_over", "solved")
# Between a message's key and the moment of an edit that made its author's word a new one.
_EDITION = "~"
# Whose it was, where nobody may know any more.
NOBODY = "erased"


@dataclass(frozen=True)
class PastChange:
    """What became of a ticket before, as the audit tells it; `at` is aware UTC."""

    what: str
    before: str | None
    after: str | None
    at: datetime


@dataclass(frozen=True)
class DueTicket:
    """A ticket that the clock looks at, and its history, oldest first; moments are aware UTC.

    Nobody may know any more who asked in one that is `erased`.
    """

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
    erased: bool = False

    @property
    def number(self) -> str:
        """The short number people use, as in T-1042."""
        return f"T-{self.ticket_id}"


@dataclass(frozen=True)
class IncidentQuestion:
    """What somebody asked first in a ticket; `incident` is the ticket it was linked to already.

    `acts` says that they want something done for them.
    """

    ticket_id: int
    requester: str
    text: str
    incident: int | None = None
    acts: bool = False


@dataclass(frozen=True)
class Incident:
    """The ticket that stands for all, and those to be linked to it now."""

    parent: int
    linked: tuple[int, ...]
    begins: bool = False


def edition_key(key: str, edited_ts: str) -> str:
    """The key of a message that was edited after it had been dealt with, as it reads from then on.

    It sorts right after the message's own.
    """
    return f"{key}{_EDITION}{edited_ts}"


def original_key(key: str) -> str:
    """The key of the message itself, whichever edition this is the key of."""
    return key.partition(_EDITION)[0]


def edited_at(key: str) -> str:
    """When the edit was made that this edition is of."""
    return key.partition(_EDITION)[2]


def editions_range(key: str) -> tuple[str, str]:
    """Between which keys those of a message's editions stand."""
    return f"{key}{_EDITION}", f"{key}{chr(ord(_EDITION) + 1)}"
