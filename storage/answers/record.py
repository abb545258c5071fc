"""What became of a message: decision, calls, posts and ticket, in one transaction.

Doing it twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from storage.answers import approved
from storage.cards import card_notes, cards
from storage.cards.card_notes import CardNoteRow
from storage.cards.cards import CardFacts
from storage.costs import ledger
from storage.db.columns import utc_now
from storage.tickets import bursts, changes, messages, outbox, text_index, tickets
from storage.tickets.audit import ChangeBy
from storage.tickets.outbox import DraftRow
from storage.tickets.states import Status
from storage.tickets.tables import CallRow, Decision, Message, Post, Ticket

BOT = ChangeBy("bot", "story")


@dataclass(frozen=True)
class TicketLabels:
    """What triage says of a message. A greeting has no `title`: it says nothing of the matter."""

    language: str
    sentiment: str
    urgency: str
    confidence: float
    complexity: str
    product: str | None
    issue_type: str
    action_needed: bool
    intent: str
    title: str


@dataclass(frozen=True)
class MessageRecord:
    """A message that is done with. `parts` are the keys of those that were answered with it.

    `described` are files of theirs of which Slack told more than they did.
    `author` is who wrote it. `responded_at` is when the customer was answered, if they were;
    `handed_over` says that a person was called. `courtesy` says that the message asks for nothing,
    `thanks` that rules could tell; `whole` that nothing was added to it meanwhile; `renames` that
    it says anew what the ticket is about, `wordless` that it says nothing. `card_in` is the agents'
    channel if they are to see the ticket, `note` what they are to read under its card: both follow
    by themselves.
    """

    decision: Decision
    calls: Sequence[CallRow]
    posts: Sequence[Post]
    said: Sequence[Message]
    author: str
    ts: str
    parts: Sequence[str] = ()
    described: Sequence[Mapping[str, Any]] = ()
    labels: TicketLabels | None = None
    responded_at: datetime | None = None
    handed_over: bool = False
    courtesy: bool = False
    thanks: bool = False
    whole: bool = True
    renames: bool = False
    wordless: bool = False
    card_in: str = ""
    note: CardNoteRow | None = None


def record_message(session: Session, record: MessageRecord) -> CardFacts | None:
    """Write down what became of a message, and what that makes of its ticket.

    Where that gives the ticket its first card, it is claimed, and drawn from what is returned.
    """
    decision = record.decision
    fresh = ledger.put_rows(session, decision, *record.calls, *record.posts, *record.said)
    said = [(row.ticket_id, row.key, row.text) for row in fresh if isinstance(row, Message)]
    text_index.index_text(session, said)
    tickets.settle_message(session, decision.message_key, decision.outcome)
    bursts.settle_burst(session, record.parts)
    messages.describe_files(session, [decision.message_key, *record.parts], record.described)
    ticket = tickets.find_ticket(session, decision.ticket_id)
    if ticket is None:
        return None
    _update(session, ticket, record)
    # A story that ran again after a crash finds its own card; that is nothing to be told.
    decided = decision if decision in fresh else None
    if record.note is not None and decided is not None:
        card_notes.want_note(session, record.note)
    return cards.first_card(session, ticket, record.card_in, decided) if record.card_in else None


def record_proposal(
    session: Session,
    ticket_id: int,
    labels: TicketLabels | None,
    draft: DraftRow | None,
    *,
    renames: bool = False,
) -> None:
    """Write down early what the agents' card shows: the labels, and the draft if there is one.

    `renames` says that the labels take the place of what the ticket was called.
    """
    ticket, now = tickets.find_ticket(session, ticket_id), utc_now()
    if ticket is None:
        return
    moment = ticket.handed_over_at or now
    changes.change_ticket(
        session, ticket, BOT, handed_over_at=moment, **_named(ticket, labels, renames=renames)
    )
    if draft is not None:
        outbox.put_draft(session, draft)
    changes.touch_ticket(ticket, now)


def _update(session: Session, ticket: Ticket, record: MessageRecord) -> None:
    now = utc_now()
    news = _named(ticket, record.labels, renames=record.renames)
    if record.renames and record.wordless:
        # Its author took the words back, which the title is made of.
        news["title"] = ""
    news["first_response_at"] = ticket.first_response_at or record.responded_at
    if record.handed_over:
        news["handed_over_at"] = ticket.handed_over_at or now
    status, key = _next(ticket, record), record.decision.message_key
    if status in ("open", "pending") and ticket.status in ("solved", "closed"):
        why = "the customer wrote again"
        approved.correct_reopened(session, ticket, why, record.author, besides=key)
    if status in ("open", "solved"):
        # What they wrote did it.
        writer = ChangeBy(record.author, "thread")
        changes.change_ticket(session, ticket, writer, at=now, status=status)
    elif status is not None:
        news["status"] = status
    changes.change_ticket(session, ticket, BOT, at=now, **news)
    changes.touch_ticket(ticket, now)


def _next(ticket: Ticket, record: MessageRecord) -> Status | None:
    """The status after the story; None leaves it. A mere thanks opens nothing that was done."""
    match record.decision.outcome:
        case "cancelled":
            return "closed" if record.whole and record.ts == ticket.thread_ts else None
        case "answered" | "asked" | "declined" | "stopped":
            return "pending"
        case "replied" if record.thanks and _waits_for_customer(ticket):
            return "solved"
        case "replied":
            done = ticket.status != "open" or ticket.handed_over_at is not None
            return None if done else "pending"
        case "handed_over" | "drafted" | "failed" | "shadowed" | "noted":
            return None if record.courtesy else "open"
        case _:
            return None


def _waits_for_customer(ticket: Ticket) -> bool:
    """Whether nobody else is waited for, so that a thanks ends it."""
    return ticket.status == "pending" and ticket.handed_over_at is None


def _named(ticket: Ticket, labels: TicketLabels | None, *, renames: bool) -> dict[str, Any]:
    """A ticket is named by its first real request: a greeting labels it, but gives no title."""
    if labels is None:
        return {}
    news: dict[str, Any] = {
        "language": labels.language,
        "sentiment": labels.sentiment,
        "urgency": labels.urgency,
    }
    if ticket.title and not renames:
        return news
    news |= {
        "confidence": labels.confidence,
        "complexity": labels.complexity,
        "product": labels.product,
        "issue_type": labels.issue_type,
        "action_needed": labels.action_needed,
    }
    if not ticket.title or ticket.human_since is None:
        # What a person works at has the category and priority that they gave it.
        news |= {"intent": labels.intent, "priority": labels.urgency}
    return {**news, "title": labels.title} if labels.title else news
