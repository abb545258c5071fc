"""Edits and deletions of messages, as one transaction each: kept, applied, and what they bring.

The latest counts, in whatever order they come; the same one twice changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.cards import card_notes
from storage.cards.cards import CardRow
from storage.db import lookup
from storage.db.columns import utc_now
from storage.db.insert import insert
from storage.intake import inbox
from storage.tickets import bursts, changes, outbox, text_index
from storage.tickets.audit import ChangeBy, audit_act
from storage.tickets.mergers import surviving_ticket
from storage.tickets.messages import Revised, latest_revision
from storage.tickets.outbox import OutboxRow
from storage.tickets.states import LIVE
from storage.tickets.tables import IgnoredMessage, Message, Revision, Ticket
from storage.tickets.values import edition_key, editions_range, original_key

# Characters of the words that a ticket is called by, where no model has chosen them.
LONGEST_TITLE = 150


@dataclass(frozen=True)
class SeenRevision:
    """A message whose story has ended, as its revision finds it.

    `text` and `files` are what its last story knew. `only` says that nothing else of a customer's
    stands in the ticket, `carded` that a card stands in the agents' channel.
    """

    ticket: Ticket
    message: Message
    text: str
    files: Sequence[Mapping[str, Any]]
    only: bool
    carded: bool


@dataclass(frozen=True)
class Consequences:
    """What a revision brings: a new story (its key and payload), the ticket's end, a note.

    `removes` says that the words and files that the agents were shown are taken away.
    """

    story: tuple[str, dict[str, Any]] | None = None
    closes: bool = False
    note: OutboxRow | None = None
    removes: bool = False


RevisionRule = Callable[[SeenRevision], Consequences]


@dataclass(frozen=True)
class RevisionEffect:
    """What came of a revision.

    `known` says that the message is in a ticket or on its way into one, `ignored` that it was none
    of the desk's business. `pending` says that its story has not ended, and will heed this. `sends`
    are the keys of what is put into the outbox.
    """

    known: bool = True
    ignored: bool = False
    pending: bool = False
    ticket_id: int | None = None
    story: dict[str, Any] | None = None
    sends: Sequence[str] = ()


def revise_message(
    session: Session, revision: Revision, rule: RevisionRule | None = None
) -> RevisionEffect:
    """Record an edit or a deletion, whether or not the message is stored yet, and apply it.

    `rule` says what follows where the story of a customer's message has ended.
    """
    key, before = revision.message_key, latest_revision(session, revision.message_key)
    put_revision(session, revision, key)
    message = lookup.find_row(session, Message, key)
    if message is None:
        waits = lookup.find_row(session, inbox.WaitingMessage, key) is not None
        ignored = lookup.find_row(session, IgnoredMessage, key) is not None
        return RevisionEffect(known=waits, ignored=ignored, pending=waits)
    if before is not None and before.edited_ts >= revision.edited_ts:
        return RevisionEffect()
    gone = before is not None and before.text is None
    return _apply(session, message, revision, rule, was_gone=gone)


def reword_message(session: Session, revision: Revision) -> None:
    """Give a stored message other words, as another desk has them, and do nothing else."""
    message = lookup.find_row(session, Message, revision.message_key)
    if message is not None:
        put_revision(session, revision, message.key)
        _reword(session, message, revision, was_gone=False)


def catch_up(session: Session, key: str, heard: str, rule: RevisionRule) -> RevisionEffect:
    """Follow what came too late for a story and before its end; `heard` is what that knew."""
    message = lookup.find_row(session, Message, original_key(key))
    if message is None:
        return RevisionEffect()
    ticket = surviving_ticket(session, changes.get_ticket(session, message.ticket_id))
    return _follow(session, _seen(session, ticket, message, heard, message.files), rule)


def unfollowed_revision(session: Session, key: str) -> Revision | None:
    """The latest edit or deletion of a message, unless it is told as a story of its own."""
    latest = latest_revision(session, key)
    if latest is None:
        return None
    edition = edition_key(key, latest.edited_ts)
    told = lookup.find_row(session, Message, edition) is not None
    waits = lookup.find_row(session, inbox.WaitingMessage, edition) is not None
    return None if told or waits else latest


def no_longer_ignored(session: Session, key: str) -> None:
    """What a message is counted as is to be seen anew: it reads differently now."""
    row = lookup.find_row(session, IgnoredMessage, key)
    if row is not None:
        session.delete(row)


def put_revision(session: Session, revision: Revision, key: str | None = None) -> None:
    """Keep an edit of a message, under its own key or that of a later edition; twice is one."""
    row = {
        "message_key": key or revision.message_key,
        "edited_ts": revision.edited_ts,
        "text": revision.text,
        "files": revision.files,
        "seen_at": utc_now(),
    }
    session.execute(insert(Revision).values(row).on_conflict_do_nothing())


def _apply(
    session: Session,
    message: Message,
    revision: Revision,
    rule: RevisionRule | None,
    *,
    was_gone: bool,
) -> RevisionEffect:
    editions = _editions(session, message.key)
    told = editions[-1] if editions else message
    text, files = told.text, list(told.files)
    pending = message.author == "customer" and told.outcome is None
    concerned = [message]
    if editions and (pending or revision.text is None):
        concerned.append(told)
        put_revision(session, revision, told.key)
    for each in concerned:
        _reword(session, each, revision, was_gone=was_gone)
    ticket = surviving_ticket(session, changes.get_ticket(session, message.ticket_id))
    writer = ChangeBy(message.author_id, "thread")
    what: Revised = "deleted" if revision.text is None else "edited"
    audit_act(session, ticket, writer, "message", what, utc_now())
    changes.touch_ticket(ticket, utc_now())
    if revision.text is None:
        _rename(session, message, writer)
    if pending or rule is None or message.author != "customer":
        return RevisionEffect(pending=pending, ticket_id=ticket.ticket_id)
    return _follow(session, _seen(session, ticket, message, text, files), rule)


def _editions(session: Session, key: str) -> Sequence[Message]:
    """A message as it read after edits that came when it had been dealt with, oldest first."""
    first, last = editions_range(key)
    query = select(Message).where(col(Message.key) > first, col(Message.key) < last)
    return session.scalars(query.order_by(col(Message.key))).all()


def _reword(session: Session, message: Message, revision: Revision, *, was_gone: bool) -> None:
    """What was deleted can no longer be found, though the ticket keeps it."""
    findable, now = "" if was_gone else message.text, revision.text or ""
    text_index.reindex_text(session, message.ticket_id, message.key, findable, now)
    if revision.text is not None:
        message.text = revision.text
        message.files = message.files if revision.files is None else revision.files


def _rename(session: Session, gone: Message, by: ChangeBy) -> None:
    """A ticket is not called any more by the words of a message that was deleted."""
    ticket = changes.get_ticket(session, gone.ticket_id)
    asked = (
        select(Message)
        .where(col(Message.ticket_id) == gone.ticket_id, col(Message.author) == "customer")
        .order_by(col(Message.received_at), col(Message.key))
    )
    first = session.scalars(asked.limit(1)).first()
    if not ticket.title or first is None or first.key != gone.key:
        return
    edited = col(Message.key).between(*editions_range(gone.key))
    left = session.scalars(asked.where(~bursts.withdrawn(col(Message.key)), ~edited).limit(1))
    words = "".join(each.text for each in left).split()
    changes.change_ticket(session, ticket, by, title=" ".join(words)[:LONGEST_TITLE])


def _seen(
    session: Session,
    ticket: Ticket,
    message: Message,
    text: str,
    files: Sequence[Mapping[str, Any]],
) -> SeenRevision:
    first, last = editions_range(message.key)
    other = exists().where(
        col(Message.ticket_id) == ticket.ticket_id,
        col(Message.author) == "customer",
        col(Message.key) != message.key,
        ~col(Message.key).between(first, last),
        ~bursts.withdrawn(col(Message.key)),
    )
    card = lookup.find_row(session, CardRow, ticket.ticket_id)
    return SeenRevision(
        ticket,
        message,
        text,
        files,
        only=not session.scalar(select(other)),
        carded=card is not None,
    )


def _follow(session: Session, seen: SeenRevision, rule: RevisionRule) -> RevisionEffect:
    consequences = rule(seen)
    ticket, message = seen.ticket, seen.message
    rows = [consequences.note] if consequences.note is not None else []
    if consequences.removes:
        card_notes.drop_notes(session, message.key)
        rows += outbox.removals(session, message.key)
    for row in rows:
        outbox.put_in_outbox(session, row)
    if consequences.story is not None:
        inbox.put_message(session, *consequences.story)
    if consequences.closes and ticket.status in LIVE:
        outbox.withdraw_drafts(session, ticket.ticket_id)
        writer = ChangeBy(message.author_id, "thread")
        changes.change_ticket(session, ticket, writer, status="closed")
    return RevisionEffect(
        ticket_id=ticket.ticket_id,
        story=consequences.story[1] if consequences.story else None,
        sends=[row.key for row in rows],
    )
