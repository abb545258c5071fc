"""The tables of the desk.

A message is known by its key `team:channel:ts`, which sorts by time and is also the id of the
workflow that handles it. Money is integer nano-dollars; time is aware UTC.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, UniqueConstraint
from sqlmodel import Field

from storage.db.columns import UtcDateTime, only_where, stored_id, utc_now
from storage.db.rows import StoredRow


def _moment(**options: Any) -> Any:
    return Field(sa_type=UtcDateTime, **options)


def _nano_dollars() -> Any:
    return Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})


class Ticket(StoredRow, table=True):
    """One customer's matter: a Slack thread, from its first message to solved.

    `version` counts the changes. `clock_at` is when the timers look at the ticket next, `due_at`
    when its next target is missed, `late` which target was missed first. `incident_id` is the
    ticket that stands for an incident which this one is a part of. `summary` is what the
    nightly run made of it when it was solved.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("team_id", "channel_id", "thread_ts", name="tickets_thread"),
        Index("tickets_requester", "requester_id", "id"),
        Index("tickets_status", "status", "id"),
        Index("tickets_opened", "opened_at"),
        Index("tickets_solved", "solved_at", **only_where("solved_at IS NOT NULL")),
        Index("tickets_clock", "clock_at", **only_where("clock_at IS NOT NULL")),
        Index("tickets_queue", "due_at", "id", **only_where("status = 'open'")),
        Index("tickets_incident", "incident_id", **only_where("incident_id IS NOT NULL")),
        Index("tickets_owner", "assignee_id", "id", **only_where("assignee_id IS NOT NULL")),
        Index(
            "tickets_books",
            "opened_at",
            "intent",
            "first_response_at",
            "handed_over_at",
            "human_since",
        ),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    team_id: str
    channel_id: str
    thread_ts: str
    private: bool = False
    requester_id: str
    assignee_id: str | None = None
    status: str = "open"
    priority: str = "normal"
    title: str = ""
    summary: str | None = None
    intent: str | None = None
    confidence: float | None = None
    complexity: str | None = None
    sentiment: str | None = None
    urgency: str | None = None
    language: str | None = None
    product: str | None = None
    issue_type: str | None = None
    action_needed: bool | None = None
    handed_over_at: datetime | None = _moment(default=None)
    human_since: datetime | None = _moment(default=None)
    opened_at: datetime = _moment(default_factory=utc_now)
    first_response_at: datetime | None = _moment(default=None)
    solved_at: datetime | None = _moment(default=None)
    updated_at: datetime = _moment(default_factory=utc_now)
    status_since: datetime = _moment(default_factory=utc_now)
    wake_at: datetime | None = _moment(default=None)
    merged_into: int | None = None
    incident_id: int | None = None
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    link: str | None = None
    due_at: datetime | None = _moment(default=None)
    late: str | None = None
    clock_at: datetime | None = _moment(default_factory=utc_now)
    version: int = 1

    @property
    def ticket_id(self) -> int:
        """The number under which other tables know it; a ticket that is not written has none."""
        return stored_id(self.id)

    @property
    def number(self) -> str:
        """The short number people use, as in T-1042."""
        return f"T-{self.id}"


class Message(StoredRow, table=True):
    """Something said in a ticket's thread by a customer, an agent or the bot.

    `part_of` is the key of the message that it is more of: the author's words in a row, each a
    message outside any thread.
    """

    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_ticket", "ticket_id", "ts"),
        Index(
            "messages_agents",
            "received_at",
            "ticket_id",
            "author_id",
            "ts",
            **only_where("author = 'agent'"),
        ),
        Index(
            "messages_unfinished",
            "ticket_id",
            **only_where("outcome IS NULL AND author = 'customer'"),
        ),
        Index(
            "messages_waiting",
            "received_at",
            **only_where("outcome IS NULL AND author = 'customer'"),
        ),
    )

    key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    channel_id: str
    ts: str
    author_id: str
    author: str
    text: str
    files: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    outcome: str | None = None
    part_of: str | None = None
    received_at: datetime = _moment(default_factory=utc_now)


class Revision(StoredRow, table=True):
    """An edit of a message (its new text) or its deletion (no text), ordered by `edited_ts`.

    `files` are those that the message has since; None where the edit left them as they were.
    """

    __tablename__ = "revisions"

    message_key: str = Field(primary_key=True)
    edited_ts: str = Field(primary_key=True)
    text: str | None = None
    files: list[dict[str, Any]] | None = Field(default=None, sa_type=JSON)
    seen_at: datetime = _moment(default_factory=utc_now)


class IgnoredMessage(StoredRow, table=True):
    """A message in a watched channel that opens no ticket, and why."""

    __tablename__ = "ignored"
    __table_args__ = (Index("ignored_when", "seen_at", "reason"),)

    key: str = Field(primary_key=True)
    reason: str
    seen_at: datetime = _moment(default_factory=utc_now)


class Decision(StoredRow, table=True):
    """What was decided about a message, by which model and prompt, and what came of it.

    `gate` is the verdict on the words a model proposed: its outcome, reason, faults, what was not
    known and which articles came near. `evidence` names the cited passages by source and digest.
    `reused` is the message whose approved answer was given again, `saved_nano_dollars` what that
    answer's calls had cost.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        Index("decisions_ticket", "ticket_id", "message_key"),
        Index("decisions_when", "decided_at"),
        Index(
            "decisions_reused",
            "decided_at",
            "saved_nano_dollars",
            **only_where("reused IS NOT NULL"),
        ),
    )

    message_key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    triage: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    action: str
    publish: str
    model: str | None = None
    reason: str
    outcome: str
    prompt_versions: list[str] = Field(default_factory=list, sa_type=JSON)
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    gate: dict[str, Any] | None = Field(default=None, sa_type=JSON)
    evidence: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    reused: str | None = None
    saved_nano_dollars: int = _nano_dollars()
    reference: str | None = None
    stage_ms: dict[str, int] = Field(default_factory=dict, sa_type=JSON)
    decided_at: datetime = _moment(default_factory=utc_now)


class CallRow(StoredRow, table=True):
    """The ledger: one line for each model call, priced at the moment it was made.

    `on_sonnet` and `on_opus` are what the same tokens would have cost there at that moment. When a
    price turns out to have been wrong, the right cost stands in `recost` beside the first one.
    """

    __tablename__ = "calls"
    __table_args__ = (
        Index("calls_when", "called_at"),
        Index("calls_ticket", "ticket_id"),
    )

    key: str = Field(primary_key=True)
    ticket_id: int | None = Field(default=None, foreign_key="tickets.id")
    message_key: str | None = None
    purpose: str
    model: str
    prompt_version: str
    status: str
    stop_reason: str | None = None
    request_id: str | None = None
    attempts: int = 1
    latency_ms: int
    input_tokens: int = 0
    output_tokens: int = 0
    cache_write_5m_tokens: int = 0
    cache_write_1h_tokens: int = 0
    cache_read_tokens: int = 0
    nano_dollars: int = Field(default=0, sa_type=BigInteger)
    price_version: str
    batch: bool = False
    intent: str | None = None
    channel_id: str | None = None
    requester_id: str | None = None
    on_sonnet: int = _nano_dollars()
    on_opus: int = _nano_dollars()
    recost: int | None = Field(default=None, sa_type=BigInteger)
    recost_version: str | None = None
    called_at: datetime = _moment(default_factory=utc_now)

    @property
    def cost(self) -> int:
        """The best known cost in nano-dollars: the corrected one, if there is one."""
        return self.nano_dollars if self.recost is None else self.recost


class Post(StoredRow, table=True):
    """A message of the bot's in Slack, under the key that keeps it from being posted twice."""

    __tablename__ = "posts"
    __table_args__ = (Index("posts_ticket", "ticket_id", "kind"),)

    key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    kind: str
    channel_id: str
    ts: str
    posted_at: datetime = _moment(default_factory=utc_now)


class Change(StoredRow, table=True):
    """The audit: who changed what of a ticket, from what to what, when and from where."""

    __tablename__ = "changes"
    __table_args__ = (
        Index("changes_ticket", "ticket_id", "id"),
        Index("changes_when", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    who: str
    what: str
    before: str | None = None
    after: str | None = None
    source: str
    at: datetime = _moment(default_factory=utc_now)
