"""Messages that are none of the desk's business: counted, and kept with the thread of a ticket."""

from collections.abc import Collection

from sqlalchemy import delete, exists, func, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.answers.record import MessageRecord, record_message
from storage.cards.cards import CardRow
from storage.costs import daily_totals, ledger
from storage.costs.days import day_of
from storage.db.columns import utc_now
from storage.intake import arrivals, inbox
from storage.intake.arrivals import Arrival
from storage.intake.history import HISTORY
from storage.intake.notes import NoteRow
from storage.intake.talk import LEFT_ALONE
from storage.tickets import bursts, changes, messages, text_index, tickets
from storage.tickets.tables import Decision, IgnoredMessage, Message, Post, Ticket


def record_left_alone(session: Session, arrival: Arrival, reason: str) -> None:
    """Count a message that the desk leaves alone; twice changes nothing.

    Where its thread is a ticket it is kept there, and there it is counted. Where an edit has come
    in ahead of it, that says what the message is.
    """
    latest = messages.latest_revision(session, arrival.key)
    if latest is not None and latest.text != arrival.text:
        return
    inbox.remove_message(session, arrival.key)
    thread = (arrival.team_id, arrival.channel_id, arrival.thread_ts)
    if tickets.ticket_of_thread(session, *thread) is None:
        messages.ignore_message(session, arrival.key, reason)
        return
    opened = arrivals.open_for_arrival(session, arrival)
    if opened.message.outcome is None:
        ledger.put_rows(session, _decision(arrival.key, opened.message.ticket_id, reason))
        tickets.settle_message(session, arrival.key, LEFT_ALONE)


def join_silently(session: Session, arrival: Arrival, *, expected: bool) -> bool:
    """Keep a courtesy with the message that it is more of; False where that is no ticket.

    `expected` is one that its thread is about to become. Twice changes nothing.
    """
    thread = (arrival.team_id, arrival.channel_id, arrival.thread_ts)
    if not expected and tickets.ticket_of_thread(session, *thread) is None:
        return False
    inbox.remove_message(session, arrival.key)
    opened = arrivals.open_for_arrival(session, arrival)
    if opened.message.outcome is None:
        tickets.settle_message(session, arrival.key, bursts.JOINED)
    return True


def settle_left_alone(session: Session, record: MessageRecord) -> bool:
    """Write down that a message turned out to be none of the desk's business; twice is a no-op.

    A ticket that holds nothing else is none: it goes, its messages are counted as ignored, and what
    triage cost stays in the ledger. True then; else the message stays with its ticket.
    """
    decision = record.decision
    parts = (*record.parts, *bursts.joined_to(session, decision.message_key))
    keys = tuple(dict.fromkeys((decision.message_key, *parts)))
    ticket = tickets.find_ticket(session, decision.ticket_id)
    if ticket is not None and not _holds_only(session, ticket, keys):
        record_message(session, record)
        return False
    for call in record.calls:
        call.ticket_id = None
    ledger.put_rows(session, *record.calls)
    for key in keys:
        messages.ignore_message(session, key, decision.reason)
    if ticket is not None:
        _dissolve(session, ticket.ticket_id)
    return True


def pull_in(session: Session, arrival: Arrival) -> str:
    """Make a ticket of a message, whatever it was taken for before; answers its number.

    What was left alone is no longer: it is handled like one that comes in now.
    """
    session.execute(delete(IgnoredMessage).where(col(IgnoredMessage.key) == arrival.key))
    opened = arrivals.open_for_arrival(session, arrival)
    if opened.message.outcome in (LEFT_ALONE, HISTORY):
        opened.message.outcome = None
        _undecide(session, arrival.key)
    return opened.ticket.number


def _holds_only(session: Session, ticket: Ticket, keys: Collection[str]) -> bool:
    """Whether nothing else was said or done in a ticket."""
    number = ticket.ticket_id
    other = exists().where(
        col(Message.ticket_id) == number,
        col(Message.key).not_in(keys),
        func.coalesce(col(Message.outcome), "").not_in((HISTORY, LEFT_ALONE)),
    )
    worked_on = [
        exists().where(col(table.ticket_id) == number) for table in (CardRow, NoteRow, Post)
    ]
    touched = ticket.human_since or ticket.handed_over_at or ticket.assignee_id
    return not touched and not any(session.scalar(select(each)) for each in (other, *worked_on))


def _dissolve(session: Session, number: int) -> None:
    """What was left alone in the ticket meanwhile is counted like the rest of the talk."""
    said = messages.messages_of_ticket(session, number)
    for each in said:
        if each.outcome == LEFT_ALONE and (reason := _undecide(session, each.key)):
            messages.ignore_message(session, each.key, reason)
    text_index.unindex_text(session, [(number, each.key, each.text) for each in said])
    session.execute(delete(Message).where(col(Message.ticket_id) == number))
    changes.delete_ticket(session, number)


def _undecide(session: Session, key: str) -> str | None:
    """Take back what was decided on a message; answers the reason, if there was a decision."""
    decision = ledger.find_decision(session, key)
    if decision is None:
        return None
    reason, zone = decision.reason, session.info["zone"]
    day = day_of(decision.decided_at, zone)
    session.delete(decision)
    session.flush()
    daily_totals.rebuild_day(session, day, zone)
    return reason


def _decision(key: str, ticket_id: int, reason: str) -> Decision:
    return Decision(
        message_key=key,
        ticket_id=ticket_id,
        action="none",
        publish="nowhere",
        reason=reason,
        outcome=LEFT_ALONE,
        decided_at=utc_now(),
    )
