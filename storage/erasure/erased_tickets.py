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
from storage.erasure.over import tickets_over
from storage.erasure.spoken import OPEN, erase_messages, erase_outbox, erase_proposal
from storage.intake.notes import NoteRow
from storage.nightly import nights
from storage.nightly.article_drafts import ArticleDraft
from storage.tickets import changes
from storage.tickets.audit import NAMES, ChangeBy
from storage.tickets.corrections import Correction
from storage.tickets.issues import IssueRow
from storage.tickets.outbox import DraftRow, OutboxRow
from storage.tickets.proposals import proposals_of_ticket
from storage.tickets.tables import Change, Message, Revision, Ticket
from storage.tickets.values import NOBODY

# Tickets of one transaction: messages are written between two.
AT_ONCE = 100
# Columns whose values the audit tells no longer.
WORDED = ("title", "summary", "product", "issue_type", "tags", "link", "requester_id")
TOLD = frozenset(name for column, name in NAMES.items() if column not in WORDED)


def ended_before(session: Session, before: datetime) -> Sequence[int]:
    """The tickets that were over before a moment and whose words stand yet, oldest first.

    What agents said in one after it was erased are words too.
    """
    words = select(col(Message.key)).where(
        col(Message.ticket_id) == col(Ticket.id), col(Message.text) != ""
    )
    stand = (col(Ticket.requester_id) != NOBODY) | words.exists()
    return tickets_over(session, col(Ticket.status_since) < before, stand)


def erase_ended(
    session: Session, numbers: Sequence[int], before: datetime, by: ChangeBy, at: datetime
) -> int:
    """Erase those of some tickets that are over since before a moment; how many."""
    among = col(Ticket.id).in_(numbers)
    gone = tickets_over(session, among, col(Ticket.status_since) < before)
    erase_tickets(session, gone, by, at)
    # Nobody looks at cards that old: drawing them all anew would keep Slack busy for hours.
    version = select(col(Ticket.version)).where(col(Ticket.id) == col(CardRow.ticket_id))
    cards = update(CardRow).where(col(CardRow.ticket_id).in_(gone))
    session.flush()
    session.execute(cards.values(shown=version.scalar_subquery()))
    return len(gone)


def forget_requesters(session: Session, before: datetime) -> None:
    """Say of what was spent before a moment no longer who caused it."""
    requester_totals.erase_requesters(session, before)


def erase_tickets(session: Session, numbers: Sequence[int], by: ChangeBy, at: datetime) -> None:
    """Take out all that people wrote in tickets, and who asked; doing it twice changes nothing.

    Article drafts that a person approved stay: what was theirs alone is no part of them.
    """
    messages = session.scalars(select(Message).where(col(Message.ticket_id).in_(numbers))).all()
    people = {number: {NOBODY} for number in numbers}
    for each in messages:
        if each.author == "customer":
            people[each.ticket_id].add(each.author_id)
    erase_messages(session, messages)
    _erase_notes(session, numbers)
    _erase_outbox(session, numbers)
    for row in (DraftRow, Approval, CardNoteRow, Correction, IssueRow):
        session.execute(delete(row).where(col(row.ticket_id).in_(numbers)))
    erase_article_drafts(session, numbers)
    for number in numbers:
        _erase_proposals(session, number)
        nights.forget_ticket(session, number)
        _erase_ticket(session, number, people[number], by, at)


def erase_article_drafts(session: Session, numbers: Sequence[int]) -> None:
    """Drop the article drafts of tickets that no person approved, and what was found in others."""
    of_tickets = col(ArticleDraft.ticket_id).in_(numbers)
    undecided = col(ArticleDraft.state).in_(("waiting", "rejected"))
    session.execute(delete(ArticleDraft).where(of_tickets, undecided))
    session.execute(update(ArticleDraft).where(of_tickets).values(findings=[], drafted=""))


def _erase_notes(session: Session, numbers: Sequence[int]) -> None:
    """Notes, with what they said before and after they were edited."""
    keys = session.scalars(
        select(col(NoteRow.key)).where(col(NoteRow.ticket_id).in_(numbers))
    ).all()
    session.execute(delete(Revision).where(col(Revision.message_key).in_(keys)))
    session.execute(delete(NoteRow).where(col(NoteRow.key).in_(keys)))


def _erase_outbox(session: Session, numbers: Sequence[int]) -> None:
    """The keys stay, so that nothing goes out twice; notes that have not gone out never do."""
    of_tickets = col(OutboxRow.ticket_id).in_(numbers)
    unsent = (col(OutboxRow.ts).is_(None), col(OutboxRow.problem).is_(None))
    told = col(OutboxRow.kind).in_(("note", "rewording"))
    session.execute(delete(OutboxRow).where(of_tickets, told, *unsent))
    erase_outbox(session, *session.scalars(select(col(OutboxRow.key)).where(of_tickets)))


def _erase_proposals(session: Session, number: int) -> None:
    """What still waits in a ticket that is over never happens, and nobody decided about it."""
    for row in proposals_of_ticket(session, number):
        if row.fate in OPEN:
            session.delete(row)
        else:
            erase_proposal(row)


def _erase_ticket(
    session: Session, number: int, people: set[str], by: ChangeBy, at: datetime
) -> None:
    """The ticket itself, and what the audit tells of it and of its customers."""
    ticket = changes.get_ticket(session, number)
    customers = {*people, ticket.requester_id}
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
    theirs = col(Change.who).in_(customers)
    session.execute(update(Change).where(of_ticket, theirs).values(who=NOBODY))
