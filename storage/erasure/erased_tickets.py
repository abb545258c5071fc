"""Tickets without their words: whose they were and what was said is gone, for good.

What stays says nothing of anybody: numbers, moments, status, category, language, the ledger's costs
and the keys by which nothing is done twice. So digests of the past and budgets stay as they were.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session
from sqlmodel import col, select

from storage.answers.approved import Approval
from storage.cards.card_notes import CardNoteRow
from storage.cards.cards import CardRow
from storage.costs import requester_totals
from storage.intake.notes import NoteRow
from storage.nightly.article_drafts import ArticleDraft
from storage.stories.steps import forget_steps
from storage.tickets import changes, text_index
from storage.tickets.audit import NAMES, ChangeBy
from storage.tickets.corrections import Correction
from storage.tickets.outbox import DraftRow, OutboxRow
from storage.tickets.proposals import ProposalRow
from storage.tickets.tables import CallRow, Change, Decision, Message, Revision, Ticket
from storage.tickets.values import NOBODY

# Tickets of one transaction: messages are written between two.
AT_ONCE = 100
ENDED = ("solved", "closed")
# What triage says of a message without a word of it.
LABELS = ("intent", "confidence", "complexity", "sentiment", "urgency", "language", "action_needed")
# Columns whose values the audit tells no longer.
WORDED = ("title", "summary", "product", "issue_type", "tags", "link", "requester_id")
TOLD = frozenset(name for column, name in NAMES.items() if column not in WORDED)


def erase_ended(session: Session, before: datetime, by: ChangeBy, at: datetime) -> int:
    """Erase some tickets that ended before a moment and whose words stand yet; how many."""
    old = (
        select(col(Ticket.id))
        .where(
            col(Ticket.status).in_(ENDED),
            col(Ticket.status_since) < before,
            col(Ticket.requester_id) != NOBODY,
        )
        .order_by(col(Ticket.id))
        .limit(AT_ONCE)
    )
    numbers = [number for number in session.scalars(old) if number is not None]
    erase_tickets(session, numbers, by, at)
    requester_totals.erase_requesters(session, before.date())
    # Nobody looks at cards that old: drawing them all anew would keep Slack busy for hours.
    version = select(col(Ticket.version)).where(col(Ticket.id) == col(CardRow.ticket_id))
    cards = update(CardRow).where(col(CardRow.ticket_id).in_(numbers))
    session.flush()
    session.execute(cards.values(shown=version.scalar_subquery()))
    return len(numbers)


def erase_tickets(session: Session, numbers: Sequence[int], by: ChangeBy, at: datetime) -> None:
    """Take out all that people wrote in tickets, and who asked; doing it twice changes nothing.

    Article drafts that a person approved stay: what was theirs alone is no part of them.
    """
    messages = session.scalars(select(Message).where(col(Message.ticket_id).in_(numbers))).all()
    erase_messages(session, messages)
    _erase_proposals(session, numbers)
    _erase_outbox(session, numbers)
    for row in (NoteRow, DraftRow, Approval, CardNoteRow, Correction):
        session.execute(delete(row).where(col(row.ticket_id).in_(numbers)))
    session.execute(
        delete(ArticleDraft).where(
            col(ArticleDraft.ticket_id).in_(numbers),
            col(ArticleDraft.state).in_(("waiting", "rejected")),
        )
    )
    session.execute(
        update(ArticleDraft)
        .where(col(ArticleDraft.ticket_id).in_(numbers))
        .values(findings=[], drafted="")
    )
    for number in numbers:
        _erase_ticket(session, number, by, at)


def erase_messages(session: Session, messages: Sequence[Message]) -> None:
    """Take out what was said in messages, who of the customers said it, and what was read in it."""
    text_index.unindex_text(session, [(row.ticket_id, row.key, row.text) for row in messages])
    keys = [row.key for row in messages]
    session.execute(delete(Revision).where(col(Revision.message_key).in_(keys)))
    forget_steps(session, keys)
    _erase_decisions(session, keys)
    asked = [row.key for row in messages if row.author == "customer"]
    calls = update(CallRow).where(col(CallRow.message_key).in_(asked))
    session.execute(calls.values(requester_id=NOBODY))
    for row in messages:
        row.text, row.files = "", []
        if row.author == "customer":
            row.author_id = NOBODY


def _erase_decisions(session: Session, keys: Sequence[str]) -> None:
    for row in session.scalars(select(Decision).where(col(Decision.message_key).in_(keys))):
        row.triage = row.triage and {name: row.triage.get(name) for name in LABELS}
        row.gate = row.gate and {name: row.gate.get(name) for name in ("outcome", "reason")}


def _erase_proposals(session: Session, numbers: Sequence[int]) -> None:
    gone = {"what": "", "arguments": {}, "customer": NOBODY, "before": [], "why": "", "result": ""}
    session.execute(
        update(ProposalRow).where(col(ProposalRow.ticket_id).in_(numbers)).values(**gone)
    )


def _erase_outbox(session: Session, numbers: Sequence[int]) -> None:
    """The keys stay, so that nothing goes out twice; what has not gone out never does."""
    which = col(OutboxRow.ticket_id).in_(numbers)
    session.execute(delete(OutboxRow).where(which, col(OutboxRow.ts).is_(None)))
    session.execute(update(OutboxRow).where(which).values(text="", markup=None, files=[]))


def _erase_ticket(session: Session, number: int, by: ChangeBy, at: datetime) -> None:
    """The ticket itself, and what the audit tells of it."""
    ticket = changes.get_ticket(session, number)
    requester = ticket.requester_id
    changes.change_ticket(
        session,
        ticket,
        by,
        at=at,
        title="",
        summary=None,
        product=None,
        issue_type=None,
        tags=[],
        link=None,
        requester_id=NOBODY,
    )
    session.flush()
    of_ticket = col(Change.ticket_id) == number
    worded = col(Change.what).not_in(TOLD)
    session.execute(update(Change).where(of_ticket, worded).values(before=None, after=None))
    theirs = col(Change.who) == requester
    session.execute(update(Change).where(of_ticket, theirs).values(who=NOBODY))
