"""Figures as reports read them, and all that a digest is made of; plain values, no SQL."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SpendGroup:
    """Calls of one model, purpose, intent, status and way of sending; amounts in nano-dollars."""

    model: str
    purpose: str
    intent: str
    status: str
    batch: bool
    calls: int
    attempts: int
    input_tokens: int
    output_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    cache_read_tokens: int
    nano_dollars: int
    first_counted: int
    on_sonnet: int
    on_opus: int


@dataclass(frozen=True)
class DearestTicket:
    """A ticket and what its calls cost in some days."""

    ticket_id: int
    title: str
    channel_id: str
    thread_ts: str
    private: bool
    nano_dollars: int


@dataclass(frozen=True)
class RecentCalls:
    """Calls since a moment, for the alarms."""

    calls: int
    failed: int
    prompt_tokens: int
    cache_read_tokens: int
    nano_dollars: int


@dataclass(frozen=True)
class IncidentFigures:
    """Incidents that tickets of some days belong to; of the largest, its ticket and how many."""

    count: int = 0
    largest: int = 0
    tickets: int = 0


@dataclass(frozen=True)
class TicketFigures:
    """Tickets of some days; `waiting` is how many are open now, `drafts` articles to approve now.

    `reused` is how many messages got an approved answer again, and what those answers had cost.
    `first_responses` counts those that took so many milliseconds, to two digits.
    """

    opened: int = 0
    solved: int = 0
    waiting: int = 0
    drafts: int = 0
    incidents: IncidentFigures = IncidentFigures()
    unaided: int = 0
    reused: int = 0
    saved_nano_dollars: int = 0
    first_responses: Mapping[int, int] = field(default_factory=dict)
    by_intent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class MessageFigures:
    """Messages of some days, by what became of them; `stuck` have no outcome for too long.

    `missed` are those of them that no event brought: they were found in the history.
    """

    ticketed: int = 0
    ignored: int = 0
    failed: int = 0
    under_way: int = 0
    stuck: int = 0
    missed: int = 0

    @property
    def received(self) -> int:
        return self.ticketed + self.ignored + self.failed + self.under_way + self.stuck


@dataclass(frozen=True)
class ChangeAlone:
    """A change that was begun without a person, and what came of it."""

    ticket_id: int
    tool: str
    fate: str


@dataclass(frozen=True)
class Figures:
    """Everything a digest is made of."""

    spent: tuple[SpendGroup, ...]
    heard: MessageFigures
    tickets: TicketFigures
    counts: Mapping[str, Mapping[str, int]]
    dearest: tuple[DearestTicket, ...]
    agent_seconds: int
    alone: tuple[ChangeAlone, ...] = ()

    @property
    def nano_dollars(self) -> int:
        return sum(each.nano_dollars for each in self.spent)
