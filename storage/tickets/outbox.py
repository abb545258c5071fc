"""Words of agents on their way to customers, and the drafts that some of them come from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, bindparam, select
from sqlalchemy.orm import Session
from sqlmodel import Field, col

from storage.db import lookup
from storage.db.columns import UtcDateTime, utc_now
from storage.db.insert import insert_new
from storage.db.rows import StoredRow
from storage.tickets import changes, text_index
from storage.tickets.audit import ChangeBy
from storage.tickets.tables import Message, Post, Ticket
from storage.tickets.values import editions_range, original_key

TAKEN_BACK = "taken back before it was posted"


class DraftRow(StoredRow, table=True):
    """An answer that the bot proposes for a message.

    `fate`: waiting, sent, edited, ignored, replaced by a newer one, withdrawn with its question.
    """

    __tablename__ = "drafts"
    __table_args__ = (Index("drafts_ticket", "ticket_id"),)

    message_key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    text: str
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    model: str | None = None
    fate: str = "waiting"
    drafted_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)


class OutboxRow(StoredRow, table=True):
    """Something said to the customer through the bot; without a `ts` it is on its way.

    `kind` is `words`, `rating` for words with thumbs under them, `note` for what the desk says
    to agents and nobody else, `rewording` or `withdrawal` of words under whose key and moment it
    stands, or `removal` of a post, whose key is the `text`, and of files. A note pings `agent_id`;
    words are said for `agent_id`, or without one by the desk. The key makes it unique: a draft or a
    typed message goes out once. `markup` are the words as Slack shows them, where an agent wrote
    them there. Of each of the `files`, `ours` is the id under which it was shared; `problem` says
    why it was not.
    """

    __tablename__ = "relays"
    __table_args__ = (Index("relays_unsent", "ts"),)

    key: str = Field(primary_key=True)
    ticket_id: int = Field(foreign_key="tickets.id")
    agent_id: str | None = None
    kind: str = "words"
    text: str
    markup: str | None = None
    sources: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    files: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=JSON, sa_column_kwargs={"server_default": "[]"}
    )
    asked_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    ts: str | None = None
    problem: str | None = None

    @property
    def by_agent(self) -> bool:
        """Whether these are an agent's words for the customer."""
        return self.agent_id is not None and self.kind != "note"


def put_draft(session: Session, draft: DraftRow) -> None:
    """Put a draft before the agents in place of an older one; doing it twice changes nothing."""
    if lookup.find_row(session, DraftRow, draft.message_key) is not None:
        return
    for older in waiting_drafts(session, draft.ticket_id):
        older.fate = "replaced"
    session.add(draft)


def waiting_drafts(session: Session, ticket_id: int) -> Sequence[DraftRow]:
    """The drafts of a ticket that nobody has decided on yet, newest last."""
    return session.scalars(_WAITING, {"ticket": ticket_id}).all()


_WAITING = (
    select(DraftRow)
    .where(col(DraftRow.ticket_id) == bindparam("ticket"), col(DraftRow.fate) == "waiting")
    .order_by(col(DraftRow.message_key))
)


def find_draft(session: Session, message_key: str) -> DraftRow | None:
    """The draft for a message, whatever became of it."""
    return lookup.find_row(session, DraftRow, message_key)


def put_in_outbox(session: Session, outbox_row: OutboxRow) -> OutboxRow | None:
    """Put words on their way; None when done, the earlier row when this key was used before.

    What was edited or taken back before it came here is said as it reads by then, or not at all.
    """
    known = session.get(OutboxRow, outbox_row.key)
    if known is None:
        _heed(outbox_row, latest_wording(session, outbox_row.key))
        session.add(outbox_row)
    return known


def _heed(words: OutboxRow, wording: OutboxRow | None) -> None:
    """Let words read as a revision that overtook them has it."""
    if wording is None or words.key == wording.key:
        return
    if wording.kind == "withdrawal":
        words.problem = TAKEN_BACK
        return
    words.text, words.markup, words.files = wording.text, wording.markup, wording.files
    wording.files = []


def find_in_outbox(session: Session, key: str) -> OutboxRow | None:
    """The row under this key, or None."""
    return lookup.find_row(session, OutboxRow, key)


def unsent_in_outbox(session: Session) -> Sequence[OutboxRow]:
    """What is on its way, oldest first; what Slack refused for good is not."""
    query = (
        select(OutboxRow)
        .where(col(OutboxRow.ts).is_(None), col(OutboxRow.problem).is_(None))
        .order_by(col(OutboxRow.asked_at))
    )
    return session.scalars(query).all()


def mark_draft(session: Session, key: str, fate: str) -> None:
    """Say what became of a draft."""
    row = session.get(DraftRow, key)
    if row is not None:
        row.fate = fate


def removals(session: Session, message_key: str) -> Sequence[OutboxRow]:
    """What takes away the notes that show the agents the words and the files of a message."""
    first, last = editions_range(message_key)
    shown = f"files:{message_key}"
    query = select(Post).where(
        col(Post.key).in_([f"{message_key}:note", f"relay:{shown}"])
        | ((col(Post.key) > first) & (col(Post.key) < last)),
        col(Post.kind) == "note",
    )
    files = find_in_outbox(session, shown)
    return [
        OutboxRow(
            key=f"removed:{post.key}",
            ticket_id=post.ticket_id,
            kind="removal",
            text=post.key,
            files=files.files if files and post.key == f"relay:{shown}" else [],
        )
        for post in session.scalars(query)
    ]


def withdraw_drafts(session: Session, ticket_id: int) -> None:
    """What was asked was taken back: no draft of the ticket is to be sent any more."""
    for draft in waiting_drafts(session, ticket_id):
        draft.fate = "withdrawn"


def outbox_said(
    session: Session, key: str, post: Post, words: Message | None, at: datetime
) -> None:
    """It stands in Slack: `words` in the customer's thread, or None for a note among agents."""
    insert_new(session, [post])
    fresh = insert_new(session, [words]) if words is not None else ()
    text_index.index_text(session, [(row.ticket_id, row.key, row.text) for row in fresh])
    row, ticket = find_in_outbox(session, key), lookup.find_row(session, Ticket, post.ticket_id)
    if row is None or ticket is None:
        return
    row.ts = post.ts
    if row.agent_id and row.kind == "words":
        writer, first = ChangeBy(row.agent_id, "outbox"), ticket.first_response_at or at
        changes.change_ticket(session, ticket, writer, first_response_at=first)
    changes.touch_ticket(ticket, at)


def put_revised_words(session: Session, row: OutboxRow) -> bool:
    """Put a rewording or a withdrawal of an agent's words on its way; False where none were said.

    Words that are not posted yet are posted as they read now; the row sees to it that they are.
    One that overtakes its words waits for them here; then it names their ticket itself.
    """
    words = find_in_outbox(session, original_key(row.key))
    if words is None and row.ticket_id:
        session.merge(row)
    if words is None or words.kind != "words":
        return False
    row.ticket_id, row.agent_id = words.ticket_id, words.agent_id
    if session.get(OutboxRow, row.key) is not None:
        return True
    session.add(row)
    session.flush()
    latest = latest_wording(session, row.key)
    unsaid = words.ts is None and words.problem is None
    if unsaid and row.kind == "rewording" and latest is not None and latest.key == row.key:
        words.text, words.markup = row.text, row.markup
    return True


def latest_wording(session: Session, key: str) -> OutboxRow | None:
    """The latest rewording or withdrawal of the words that a key is about."""
    first, last = editions_range(original_key(key))
    query = select(OutboxRow).where(col(OutboxRow.key) > first, col(OutboxRow.key) < last)
    return session.scalars(query.order_by(col(OutboxRow.key).desc()).limit(1)).first()


def words_revised(session: Session, key: str, ts: str) -> None:
    """What the customer has is as a rewording or a withdrawal wants it."""
    row = find_in_outbox(session, key)
    if row is not None:
        row.ts = ts


def keep_files(session: Session, key: str, files: list[dict[str, Any]]) -> None:
    """Say which files of a row were shared, and which could not be."""
    row = find_in_outbox(session, key)
    if row is not None:
        row.files = files


def files_of_words(session: Session, key: str) -> Mapping[str, str | None]:
    """The files of an agent's words, those of rewordings too, and under which ids they are shared.

    By the ids of the agent's own files; None for one that is not shared.
    """
    first, last = editions_range(original_key(key))
    query = select(OutboxRow).where(
        (col(OutboxRow.key) == original_key(key))
        | ((col(OutboxRow.key) > first) & (col(OutboxRow.key) < last))
    )
    return {each["id"]: each.get("ours") for row in session.scalars(query) for each in row.files}


def outbox_refused(session: Session, key: str, problem: str) -> None:
    """Slack will not have it."""
    row = find_in_outbox(session, key)
    if row is not None:
        row.problem = problem
