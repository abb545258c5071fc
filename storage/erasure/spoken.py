"""What was said in messages, wherever it stands: words, files, and what was made of them."""

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from sqlmodel import col, select

from storage.answers.approved import Approval
from storage.cards.card_notes import CardNoteRow
from storage.stories.steps import forget_steps
from storage.tickets import text_index
from storage.tickets.corrections import Correction
from storage.tickets.outbox import DraftRow, OutboxRow
from storage.tickets.proposals import ProposalRow
from storage.tickets.tables import CallRow, Decision, Message, Post, Revision
from storage.tickets.values import NOBODY

# What triage says of a message without a word of it.
LABELS = ("intent", "confidence", "complexity", "sentiment", "urgency", "language", "action_needed")
# Where a reason begins to quote: an answer that was held back, a file that was not read.
QUOTES = (": ", "; ", "«")
# What may still be made in a system of the desk's.
OPEN = ("waiting", "approved")


def erase_messages(session: Session, messages: Sequence[Message]) -> None:
    """Take out what was said in messages, who of the customers said it, and what was read in it.

    Twice changes nothing. The rows stay, and so do the moments of edits: the history of Slack would
    bring back what the desk has not heard of.
    """
    text_index.unindex_text(session, [(row.ticket_id, row.key, row.text) for row in messages])
    keys = [row.key for row in messages]
    said = col(Revision.message_key).in_(keys)
    session.execute(
        update(Revision).where(said, col(Revision.text).is_not(None)).values(text="", files=[])
    )
    forget_steps(session, keys)
    _erase_decisions(session, keys)
    asked = [row.key for row in messages if row.author == "customer"]
    calls = update(CallRow).where(col(CallRow.message_key).in_(asked))
    session.execute(calls.values(requester_id=NOBODY))
    for table in (Approval, DraftRow, Correction):
        session.execute(delete(table).where(col(table.message_key).in_(keys)))
    session.execute(delete(CardNoteRow).where(col(CardNoteRow.key).in_(keys)))
    for row in messages:
        _erase_what_follows(session, row.key)
        row.text, row.files = "", []
        if row.author == "customer":
            row.author_id = NOBODY


def erase_outbox(session: Session, *which: str) -> None:
    """Take the words out of rows of the outbox, by their keys."""
    for key in which:
        row = session.get(OutboxRow, key)
        # What a removal has for a text is the key of a post, which is to go yet.
        if row is not None and row.kind != "removal":
            row.text, row.markup, row.files = "", None, []


def erase_proposal(row: ProposalRow) -> None:
    """Say no longer what was changed, for whom and why; that it was, and its worth, stays."""
    row.what, row.why, row.result, row.customer = "", "", "", NOBODY
    row.arguments, row.before = {}, []


def without_quotes(reason: str) -> str:
    """A reason as far as it is the desk's own sentence."""
    for quote in QUOTES:
        reason = reason.partition(quote)[0]
    return reason.rstrip()


def _erase_decisions(session: Session, keys: Sequence[str]) -> None:
    for row in session.scalars(select(Decision).where(col(Decision.message_key).in_(keys))):
        row.reason = without_quotes(row.reason)
        row.triage = row.triage and {name: row.triage.get(name) for name in LABELS}
        row.gate = row.gate and {
            "outcome": row.gate.get("outcome"),
            "reason": without_quotes(str(row.gate.get("reason") or "")),
        }


def _erase_what_follows(session: Session, key: str) -> None:
    """What was made under the key of a message: notes of its files, changes, the bot's words."""
    first, last = f"{key}:", f"{key};"
    erase_outbox(session, f"files:{key}")
    for change in session.scalars(
        select(ProposalRow).where(col(ProposalRow.key) > first, col(ProposalRow.key) < last)
    ):
        if change.fate not in OPEN:
            erase_proposal(change)
    team = key.partition(":")[0]
    posts = select(Post).where(col(Post.key) > first, col(Post.key) < last)
    for post in session.scalars(posts).all():
        answer = session.get(Message, f"{team}:{post.channel_id}:{post.ts}")
        if answer is not None and answer.author == "bot" and answer.text:
            text_index.unindex_text(session, [(answer.ticket_id, answer.key, answer.text)])
            answer.text, answer.files = "", []
