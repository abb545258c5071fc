"""Articles drafted from solved tickets, from the draft to the file: each waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import JSON, Index, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db.columns import UtcDateTime, only_where, stored_id, utc_now
from storage.db.rows import StoredRow
from storage.tickets import corrections
from storage.tickets.corrections import Correction

ArticleDraftState = Literal["waiting", "approved", "filed", "rejected"]


class ArticleDraft(StoredRow, table=True):
    """A draft of an article. Waiting, then rejected, or approved and then filed under `source`.

    `findings` are the personal data that stand in it; `drafted` is the text as the model wrote it.
    `version` counts the changes, `shown` is the one that its card in Slack shows.
    """

    __tablename__ = "manuscripts"
    __table_args__ = (
        UniqueConstraint("ticket_id", "solved_at", name="manuscripts_ticket"),
        Index("manuscripts_open", "id", **only_where("state IN ('waiting', 'approved')")),
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
        return stored_id(self.id)

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
class ArticleDraftText:
    """What a person may change of an article draft, and what the check found in it."""

    title: str
    body: str
    audience: str
    language: str
    findings: list[dict[str, Any]]


class NoArticleDraft(LookupError):
    """There is no such article draft."""


class AlreadyDecided(Exception):
    """Somebody has decided already: `state`, by `who`."""

    def __init__(self, state: str, who: str | None) -> None:
        super().__init__(state)
        self.state = state
        self.who = who


class PersonalDataFound(Exception):
    """It may not be published: something of the customer's stands in it."""


def add_article_draft(session: Session, article_draft: ArticleDraft) -> None:
    """Put a draft before the agents; a ticket's solution has one, so that twice is once."""
    known = select(col(ArticleDraft.id)).where(
        col(ArticleDraft.ticket_id) == article_draft.ticket_id,
        col(ArticleDraft.solved_at) == article_draft.solved_at,
    )
    if session.scalar(known) is None:
        session.add(article_draft)


def find_article_draft(session: Session, number: int) -> ArticleDraft | None:
    """The article draft of this number, as it is now."""
    return session.get(ArticleDraft, number)


def article_drafts_behind(session: Session) -> Sequence[int]:
    """Those whose card is missing or old, and those that were approved and not filed yet."""
    query = (
        select(col(ArticleDraft.id))
        .where(
            or_(
                col(ArticleDraft.ts).is_(None),
                col(ArticleDraft.shown) < col(ArticleDraft.version),
                col(ArticleDraft.state) == "approved",
            )
        )
        .order_by(col(ArticleDraft.id))
    )
    return [number for number in session.scalars(query) if number is not None]


def edit_article_draft(
    session: Session, number: int, wording: ArticleDraftText, by: str
) -> ArticleDraft:
    """Change what it says.

    Raises:
        Gone, Decided: there is nothing to change any more.
    """
    article_draft = _waiting(session, number)
    article_draft.title, article_draft.body = wording.title, wording.body
    article_draft.audience, article_draft.language = wording.audience, wording.language
    article_draft.findings = wording.findings
    article_draft.edited_by = by
    article_draft.version += 1
    return article_draft


def approve_article_draft(session: Session, number: int, by: str, at: datetime) -> ArticleDraft:
    """Let it become an article; whether it was edited before is kept as a correction.

    Raises:
        Gone, Decided: it no longer waits.
        Personal: something of the customer's stands in it.
    """
    article_draft = _waiting(session, number)
    if article_draft.personal:
        raise PersonalDataFound
    _decide(article_draft, "approved", by, at)
    edited = article_draft.text != article_draft.drafted
    _correct(session, article_draft, "article_edited" if edited else "article_approved")
    return article_draft


def reject_article_draft(
    session: Session, number: int, by: str, reason: str, at: datetime
) -> ArticleDraft:
    """Let it be none, and keep why.

    Raises:
        Gone, Decided: it no longer waits.
    """
    article_draft = _waiting(session, number)
    article_draft.reason = reason
    _decide(article_draft, "rejected", by, at)
    _correct(session, article_draft, "article_rejected")
    return article_draft


def article_draft_filed(
    session: Session, number: int, source: str, problem: str | None = None
) -> None:
    """It stands in the knowledge base under this source; `problem` says why without a file."""
    article_draft = session.get_one(ArticleDraft, number)
    if article_draft.state == "approved":
        article_draft.state, article_draft.source, article_draft.problem = "filed", source, problem
        article_draft.version += 1


def article_draft_posted(
    session: Session, number: int, channel: str, ts: str, version: int
) -> None:
    """Its card stands in Slack and shows this version."""
    article_draft = session.get_one(ArticleDraft, number)
    article_draft.channel_id, article_draft.ts, article_draft.shown = channel, ts, version


def article_draft_at(session: Session, channel: str, ts: str) -> ArticleDraft | None:
    """The article draft whose card stands at this place."""
    query = select(ArticleDraft).where(
        col(ArticleDraft.ts) == ts, col(ArticleDraft.channel_id) == channel
    )
    return session.scalars(query).first()


def count_article_drafts(session: Session) -> dict[str, int]:
    """How many article drafts there are by state."""
    query = select(col(ArticleDraft.state), func.count()).group_by(col(ArticleDraft.state))
    return dict(session.execute(query).all())


def _waiting(session: Session, number: int) -> ArticleDraft:
    article_draft = session.get(ArticleDraft, number)
    if article_draft is None:
        raise NoArticleDraft
    if article_draft.state != "waiting":
        raise AlreadyDecided(article_draft.state, article_draft.decided_by)
    return article_draft


def _decide(article_draft: ArticleDraft, state: ArticleDraftState, by: str, at: datetime) -> None:
    article_draft.state, article_draft.decided_by, article_draft.decided_at = state, by, at
    article_draft.version += 1


def _correct(
    session: Session, article_draft: ArticleDraft, kind: corrections.CorrectionKind
) -> None:
    corrections.add_correction(
        session,
        Correction(
            key=f"article:{article_draft.id}",
            ticket_id=article_draft.ticket_id,
            kind=kind,
            before=article_draft.drafted,
            after=None if kind == "article_rejected" else article_draft.text,
            comment=article_draft.reason or "",
            by=article_draft.decided_by or "",
        ),
    )
