"""Tickets of another desk, brought into this one's tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.db.columns import utc_now
from storage.intake import notes, revisions
from storage.intake.notes import NoteRow
from storage.text.folding import fold
from storage.tickets import audit, changes, text_index
from storage.tickets.audit import ChangeBy
from storage.tickets.tables import Message, Revision, Ticket
from storage.tickets.values import NOBODY

# In place of a Slack workspace: tickets that have no thread here.
TEAM = "import"
# Who it was where the export does not say.
UNKNOWN = "unknown"
BY_IMPORT = ChangeBy("import", "import")

ImportedStatus = Literal["open", "pending", "solved", "closed"]


@dataclass(frozen=True)
class ImportedMessage:
    """Words in a ticket of another desk, under a `name` that they keep from export to export.

    `place` orders those of the same moment. A note is what customers never saw.
    """

    name: str
    side: Literal["customer", "agent", "note"]
    author: str
    text: str
    at: datetime
    place: int = 0


@dataclass(frozen=True)
class ImportedTicket:
    """A ticket as another desk kept it. `source` names that desk, `id` is its number there.

    `labels` are columns of the ticket that are known from elsewhere: intent, sentiment and so on.
    With `further` it is only more of what was said: nothing else of the ticket is looked at.
    """

    source: str
    id: str
    opened_at: datetime
    said: tuple[ImportedMessage, ...]
    title: str = ""
    requester: str = ""
    assignee: str = ""
    status: ImportedStatus = "closed"
    priority: str = "normal"
    solved_at: datetime | None = None
    labels: dict[str, Any] = field(default_factory=dict)
    further: bool = False


@dataclass(frozen=True)
class ImportCounts:
    """How many tickets an import added, changed and left as they were, and how many messages."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    messages: int = 0

    def __add__(self, other: "ImportCounts") -> "ImportCounts":
        return ImportCounts(
            self.added + other.added,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.messages + other.messages,
        )


def import_tickets(session: Session, past: Sequence[ImportedTicket]) -> ImportCounts:
    """Store tickets under their source and number; twice changes nothing, news are taken over.

    News are columns that differ, words that differ and words that were not there. Each leaves its
    row in the audit. One that was erased here stays so: its export still has the words.
    """
    known = _known(session, past)
    erased = {name for name, ticket in known.items() if ticket.requester_id == NOBODY}
    past = [each for each in past if (each.source, each.id) not in erased]
    words = _known_words(session, [ticket.ticket_id for ticket in known.values()])
    fresh = _added(session, [each for each in past if (each.source, each.id) not in known])
    known |= fresh
    count, changed, spoken = len(fresh), set[int](), 0
    fresh_words: list[text_index.Said] = []
    for each in past:
        ticket = known[each.source, each.id]
        new = (each.source, each.id) in fresh
        facts = {} if each.further or new else _facts(each)
        news = changes.take_over_news(session, ticket, BY_IMPORT, utc_now(), facts)
        said = _say(session, ticket, each, words, fresh_words, audited=not new)
        spoken += said
        if not new and (news or said):
            changed.add(ticket.ticket_id)
    text_index.index_text(session, fresh_words)
    return ImportCounts(count, len(changed), len(known) - count - len(changed), spoken)


def imported_customers(session: Session, name: str) -> Sequence[str]:
    """The customers of imported tickets that a name may mean: as it stands, else in any case."""
    there = select(col(Ticket.requester_id)).where(col(Ticket.team_id) == TEAM)
    said = (
        select(col(Message.author_id))
        .join(Ticket, col(Ticket.id) == col(Message.ticket_id))
        .where(col(Ticket.team_id) == TEAM, col(Message.author) == "customer")
    )
    names = {found for query in (there, said) for found in session.scalars(query.distinct())}
    names -= {NOBODY, UNKNOWN}
    wanted = fold(name)
    return [name] if name in names else sorted(each for each in names if fold(each) == wanted)


def _known(session: Session, past: Sequence[ImportedTicket]) -> dict[tuple[str, str], Ticket]:
    query = select(Ticket).where(
        col(Ticket.team_id) == TEAM,
        col(Ticket.channel_id).in_({each.source for each in past}),
        col(Ticket.thread_ts).in_([each.id for each in past]),
    )
    found = session.scalars(query).all()
    return {(ticket.channel_id, ticket.thread_ts): ticket for ticket in found}


def _known_words(session: Session, tickets: Sequence[int]) -> dict[str, str]:
    """What is stored of these tickets, messages and notes, by key."""
    said = select(col(Message.key), col(Message.text)).where(col(Message.ticket_id).in_(tickets))
    noted = select(col(NoteRow.key), col(NoteRow.text)).where(col(NoteRow.ticket_id).in_(tickets))
    return {row[0]: row[1] for query in (said, noted) for row in session.execute(query)}


def _added(session: Session, past: Sequence[ImportedTicket]) -> dict[tuple[str, str], Ticket]:
    """New tickets by source and number, written at once; the first row of a number opens it."""
    added: dict[tuple[str, str], Ticket] = {}
    for each in past:
        if (each.source, each.id) not in added:
            added[each.source, each.id] = _ticket(each)
    session.add_all(added.values())
    session.flush()
    text_index.index_text(
        session, [(ticket.ticket_id, "title", ticket.title) for ticket in added.values()]
    )
    return added


def _ticket(past: ImportedTicket) -> Ticket:
    return Ticket(
        team_id=TEAM,
        channel_id=past.source,
        thread_ts=past.id,
        requester_id=past.requester or UNKNOWN,
        opened_at=past.opened_at,
        updated_at=past.solved_at or past.opened_at,
        # A person had it: the bot has no business in it.
        human_since=past.opened_at,
        **_facts(past),
    )


def _facts(past: ImportedTicket) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "title": past.title,
        "status": past.status,
        "priority": past.priority,
        "assignee_id": past.assignee or None,
        "solved_at": past.solved_at,
    }
    return facts | past.labels


def _say(
    session: Session,
    ticket: Ticket,
    past: ImportedTicket,
    known: dict[str, str],
    fresh: list[text_index.Said],
    *,
    audited: bool,
) -> int:
    """Store what is new of a ticket's words, to be indexed with `fresh`; how many were."""
    count = 0
    for each in past.said:
        key = f"{TEAM}:{past.source}:{past.id}:{each.name}"
        before = known.get(key)
        if before == each.text:
            continue
        count += 1
        known[key] = each.text
        _store(session, ticket, key, each, before)
        if before is None and each.side != "note":
            fresh.append((ticket.ticket_id, key, each.text))
        if audited:
            what = "words added" if before is None else "words changed"
            audit.audit_act(session, ticket, BY_IMPORT, what, each.side, utc_now())
    if count and audited:
        changes.touch_ticket(ticket, utc_now())
    return count


def _store(
    session: Session, ticket: Ticket, key: str, said: ImportedMessage, before: str | None
) -> None:
    if said.side == "note":
        notes.keep_note(session, key, ticket.ticket_id, said.author or UNKNOWN, said.text, said.at)
    elif before is None:
        session.add(_message(ticket, key, said))
    else:
        session.flush()
        edited_ts = f"{utc_now().timestamp():.6f}"
        revision = Revision(message_key=key, edited_ts=edited_ts, text=said.text)
        revisions.reword_message(session, revision)


def _message(ticket: Ticket, key: str, said: ImportedMessage) -> Message:
    return Message(
        key=key,
        ticket_id=ticket.ticket_id,
        channel_id=ticket.channel_id,
        ts=f"{said.at.timestamp():017.6f}.{said.place:05}",
        author_id=said.author or UNKNOWN,
        author=said.side,
        text=said.text,
        outcome="imported",
        received_at=said.at,
    )
