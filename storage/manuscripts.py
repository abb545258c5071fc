"""Articles drafted from solved tickets, from the draft to the file: each waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Index, UniqueConstraint, func, or_, select, text
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from storage import corrections
from storage.columns import UtcDateTime, utc_now
from storage.corrections import Correction

State = Literal["waiting", "approved", "filed", "rejected"]


class Manuscript(SQLModel, table=True):
    """A draft of an article. Waiting, then rejected, or approved and then filed under `source`.

    `findings` are the personal data that stand in it; `drafted` is the text as the model wrote it.
    `version` counts the changes, `shown` is the one that its card in Slack shows.
    """

    __tablename__ = "manuscripts"
    __table_args__ = (
        UniqueConstraint("ticket_id", "solved_at", name="manuscripts_ticket"),
        Index("manuscripts_open", "id", sqlite_where=text("state IN ('waiting', 'approved')")),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    solved_at: datetime = Field(sa_type=UtcDateTime)
    title: str
    body: str
    audience: str
    language: str
    model: str
    drafted: str
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    state: str = "waiting"
    edited_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = None
    source: str | None = None
    problem: str | None = None
    channel_id: str | None = None
    ts: str | None = None
    version: int = 1
    shown: int = 0
    drafted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

    @property
    def number(self) -> int:
        """What its buttons call it."""
        return self.id or 0

    @property
    def text(self) -> str:
        """Title and body, as corrections compare them."""
        return f"{self.title}\n\n{self.body}"

    @property
    def reviewed_on(self) -> date:
        """The day on which a person found it right."""
        return (self.decided_at or self.drafted_at).date()

    @property
    def personal(self) -> bool:
        """Whether something of the customer's stands in it, which may not be published."""
        return any(each["certain"] for each in self.findings)


@dataclass(frozen=True)
class Wording:
    """What a person may change of a manuscript, and what the check found in it."""

    title: str
    body: str
    audience: str
    language: str
    findings: list[dict[str, Any]]


class Gone(LookupError):
    """There is no such manuscript."""


class Decided(Exception):
    """Somebody has decided already: `state`, by `who`."""

    def __init__(self, state: str, who: str | None) -> None:
        super().__init__(state)
        self.state = state
        self.who = who


class Personal(Exception):
    """It may not be published: something of the customer's stands in it."""


def add(session: Session, manuscript: Manuscript) -> None:
    """Put a draft before the agents; a ticket's solution has one, so that twice is once."""
    known = select(col(Manuscript.id)).where(
        col(Manuscript.ticket_id) == manuscript.ticket_id,
        col(Manuscript.solved_at) == manuscript.solved_at,
    )
    if session.scalar(known) is None:
        session.add(manuscript)


def find(session: Session, number: int) -> Manuscript | None:
    """The manuscript of this number, as it is now."""
    return session.get(Manuscript, number)


def behind(session: Session) -> Sequence[int]:
    """Those whose card is missing or old, and those that were approved and not filed yet."""
    query = (
        select(col(Manuscript.id))
        .where(
            or_(
                col(Manuscript.ts).is_(None),
                col(Manuscript.shown) < col(Manuscript.version),
                col(Manuscript.state) == "approved",
            )
        )
        .order_by(col(Manuscript.id))
    )
    return [number for number in session.scalars(query) if number is not None]


def edit(session: Session, number: int, wording: Wording, by: str) -> Manuscript:
    """Change what it says.

    Raises:
        Gone, Decided: there is nothing to change any more.
    """
    manuscript = _waiting(session, number)
    manuscript.title, manuscript.body = wording.title, wording.body
    manuscript.audience, manuscript.language = wording.audience, wording.language
    manuscript.findings = wording.findings
    manuscript.edited_by = by
    manuscript.version += 1
    return manuscript


def approve(session: Session, number: int, by: str, at: datetime) -> Manuscript:
    """Let it become an article; whether it was edited before is kept as a correction.

    Raises:
        Gone, Decided: it no longer waits.
        Personal: something of the customer's stands in it.
    """
    manuscript = _waiting(session, number)
    if manuscript.personal:
        raise Personal
    _decide(manuscript, "approved", by, at)
    edited = manuscript.text != manuscript.drafted
    _correct(session, manuscript, "article_edited" if edited else "article_approved")
    return manuscript


def reject(session: Session, number: int, by: str, reason: str, at: datetime) -> Manuscript:
    """Let it be none, and keep why.

    Raises:
        Gone, Decided: it no longer waits.
    """
    manuscript = _waiting(session, number)
    manuscript.reason = reason
    _decide(manuscript, "rejected", by, at)
    _correct(session, manuscript, "article_rejected")
    return manuscript


def filed(session: Session, number: int, source: str, problem: str | None = None) -> None:
    """It stands in the knowledge base under this source; `problem` says why without a file."""
    manuscript = session.get_one(Manuscript, number)
    if manuscript.state == "approved":
        manuscript.state, manuscript.source, manuscript.problem = "filed", source, problem
        manuscript.version += 1


def posted(session: Session, number: int, channel: str, ts: str, version: int) -> None:
    """Its card stands in Slack and shows this version."""
    manuscript = session.get_one(Manuscript, number)
    manuscript.channel_id, manuscript.ts, manuscript.shown = channel, ts, version


def standing_at(session: Session, channel: str, ts: str) -> Manuscript | None:
    """The manuscript whose card stands at this place."""
    query = select(Manuscript).where(
        col(Manuscript.ts) == ts, col(Manuscript.channel_id) == channel
    )
    return session.scalars(query).first()


def tally(session: Session) -> dict[str, int]:
    """How many manuscripts there are by state."""
    query = select(col(Manuscript.state), func.count()).group_by(col(Manuscript.state))
    return dict(session.execute(query).all())


def _waiting(session: Session, number: int) -> Manuscript:
    manuscript = session.get(Manuscript, number)
    if manuscript is None:
        raise Gone
    if manuscript.state != "waiting":
        raise Decided(manuscript.state, manuscript.decided_by)
    return manuscript


def _decide(manuscript: Manuscript, state: State, by: str, at: datetime) -> None:
    manuscript.state, manuscript.decided_by, manuscript.decided_at = state, by, at
    manuscript.version += 1


def _correct(session: Session, manuscript: Manuscript, kind: corrections.Kind) -> None:
    corrections.add(
        session,
        Correction(
            key=f"article:{manuscript.id}",
            ticket_id=manuscript.ticket_id,
            kind=kind,
            before=manuscript.drafted,
            after=None if kind == "article_rejected" else manuscript.text,
            comment=manuscript.reason or "",
            by=manuscript.decided_by or "",
        ),
    )
