"""What a nightly run works on: its tickets, its message batches, its answers.

A run is known by the moment it was due. Everything that was asked and answered is written down
here, so that a run goes on after a restart and pays for nothing twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.costs import ledger
from storage.db.columns import utc_now
from storage.db.insert import insert
from storage.intake.imported import TEAM as IMPORTED
from storage.nightly import article_drafts
from storage.nightly.article_drafts import ArticleDraft
from storage.nightly.tables import Night, NightBatch, NightReply, NightTicket
from storage.tickets import changes
from storage.tickets.audit import ChangeBy
from storage.tickets.outbox import OutboxRow
from storage.tickets.tables import CallRow, Decision, Message, Ticket
from storage.tickets.values import NOBODY

BY_NIGHT = ChangeBy("bot", "night")


@dataclass(frozen=True)
class ListedTicket:
    """A ticket of a run with what was said in it, oldest first."""

    entry: NightTicket
    ticket: Ticket
    said: Sequence[Message]
    orders: tuple[str, ...]


def night_candidates(
    session: Session, since: datetime, due: datetime, articles: int, *, summaries: bool = True
) -> list[NightTicket]:
    """The tickets solved between two moments and not listed before, the latest first.

    At most `articles` of them may yield an article; without `summaries` there are no others.
    """
    found: list[NightTicket] = []
    for ticket in session.scalars(_solved(since, due)).all():
        number, solved_at = ticket.ticket_id, ticket.solved_at
        if solved_at is None or session.get(NightTicket, (number, solved_at)) is not None:
            continue
        wanted = articles > 0 and _taught(session, ticket)
        articles -= wanted
        entry = NightTicket(
            ticket_id=number,
            solved_at=solved_at,
            due_at=due,
            summary="wanted" if summaries else "none",
            article="wanted" if wanted else "none",
        )
        if wanted or summaries:
            found.append(entry)
    return found


def begin_night(session: Session, due: datetime, entries: Sequence[NightTicket]) -> bool:
    """Begin a run with its tickets; False when it is known already."""
    row = insert(Night).values(due_at=due, state="under_way", begun_at=utc_now())
    fresh = session.execute(row.on_conflict_do_nothing().returning(col(Night.due_at))).first()
    if fresh is not None and entries:
        values = [each.model_dump() for each in entries]
        session.execute(insert(NightTicket).on_conflict_do_nothing(), values)
    return fresh is not None


def _solved(since: datetime, due: datetime) -> Any:
    moment = col(Ticket.solved_at)
    return (
        select(Ticket)
        .where(
            # Said literally, because SQLite chooses a partial index when it plans.
            text("solved_at IS NOT NULL"),
            moment >= since,
            moment < due,
            col(Ticket.status).in_(("solved", "closed")),
            col(Ticket.merged_into).is_(None),
            col(Ticket.team_id) != IMPORTED,
            col(Ticket.requester_id) != NOBODY,
        )
        .order_by(moment.desc())
    )


def _taught(session: Session, ticket: Ticket) -> bool:
    """Whether an agent answered it and no article had a part in it; private ones teach nobody."""
    if ticket.private or "not_a_request" in ticket.tags:
        return False
    agents = select(func.count()).where(
        col(Message.ticket_id) == ticket.id, col(Message.author) == "agent"
    )
    if not session.scalar(agents):
        return False
    answers = select(col(Decision.sources)).where(
        col(Decision.ticket_id) == ticket.id, col(Decision.outcome) == "answered"
    )
    sent = select(col(OutboxRow.sources)).where(col(OutboxRow.ticket_id) == ticket.id)
    return not any((*session.scalars(answers), *session.scalars(sent)))


def night_under_way(session: Session) -> Night | None:
    """The oldest run that has not ended."""
    query = select(Night).where(col(Night.state) == "under_way").order_by(col(Night.due_at))
    return session.scalars(query.limit(1)).first()


def latest_night(session: Session) -> Night | None:
    """The newest run, however it ended."""
    return session.scalars(select(Night).order_by(col(Night.due_at).desc()).limit(1)).first()


def listed_tickets(session: Session, due: datetime) -> list[ListedTicket]:
    """What is left to do of a run, with everything that was said."""
    query = (
        select(NightTicket, Ticket)
        .join(Ticket, col(Ticket.id) == col(NightTicket.ticket_id))
        .where(
            col(NightTicket.due_at) == due,
            (col(NightTicket.summary) == "wanted") | (col(NightTicket.article) == "wanted"),
        )
        .order_by(col(NightTicket.ticket_id), col(NightTicket.solved_at))
    )
    return [
        ListedTicket(
            entry,
            ticket,
            messages_said(session, entry.ticket_id),
            order_numbers(session, entry.ticket_id),
        )
        for entry, ticket in session.execute(query).all()
    ]


def messages_said(session: Session, ticket_id: int) -> Sequence[Message]:
    """What was said in a ticket, oldest first."""
    query = select(Message).where(col(Message.ticket_id) == ticket_id).order_by(col(Message.ts))
    return session.scalars(query).all()


def order_numbers(session: Session, ticket_id: int) -> tuple[str, ...]:
    """What triage took for order numbers in a ticket."""
    triaged = session.scalars(
        select(col(Decision.triage)).where(col(Decision.ticket_id) == ticket_id)
    )
    found = [(each or {}).get("entities") or {} for each in triaged]
    return tuple(dict.fromkeys(number for each in found for number in each.get("order_ids", ())))


def night_batches(session: Session, due: datetime) -> Sequence[NightBatch]:
    """Every batch of a run, those under way and those fetched."""
    return session.scalars(select(NightBatch).where(col(NightBatch.due_at) == due)).all()


def night_replies(session: Session, due: datetime) -> dict[str, dict[str, Any]]:
    """The answers of a run by their keys."""
    query = select(NightReply).where(col(NightReply.due_at) == due)
    return {row.key: row.reply for row in session.scalars(query)}


def add_night_batch(session: Session, batch: NightBatch) -> None:
    """Write down that a batch is about to be submitted."""
    session.add(batch)


def night_batch_sent(session: Session, name: str, batch: str) -> None:
    """Write down the id that the API gave a batch."""
    session.get_one(NightBatch, name).batch = batch


def night_batch_fetched(session: Session, name: str) -> None:
    """Write down that a batch is over: its results are here, or it never was."""
    session.get_one(NightBatch, name).fetched = True


def night_answered(session: Session, reply: NightReply, call: CallRow) -> None:
    """Write down an answer and what it cost; twice is once.

    Of a ticket that was erased meanwhile the cost alone, for nobody.
    """
    if call.ticket_id is not None and _erased(session, call.ticket_id):
        ledger.put_rows(session, call.model_copy(update={"requester_id": NOBODY}))
        return
    row = insert(NightReply).values(reply.model_dump()).on_conflict_do_nothing()
    session.execute(row)
    ledger.put_rows(session, call)


def night_summarised(
    session: Session, entry: NightTicket, summary: str, labels: dict[str, Any]
) -> None:
    """Put a summary on its ticket, where search finds it; labels only where there are none.

    Not on one that was erased meanwhile: the words of it are gone.
    """
    if _erased(session, entry.ticket_id):
        return
    ticket = session.get_one(Ticket, entry.ticket_id)
    missing = {name: value for name, value in labels.items() if getattr(ticket, name) is None}
    changes.change_ticket(session, ticket, BY_NIGHT, summary=summary, **missing)
    settle_night_ticket(session, entry, summary="done")


def night_drafted(session: Session, entry: NightTicket, article_draft: ArticleDraft) -> None:
    """Put the draft of an article before the agents, unless its ticket was erased meanwhile."""
    if _erased(session, entry.ticket_id):
        return
    article_drafts.add_article_draft(session, article_draft)
    settle_night_ticket(session, entry, article="done")


def settle_night_ticket(session: Session, entry: NightTicket, /, **outcomes: str) -> None:
    """Say what became of a ticket's summary or article."""
    key = (col(NightTicket.ticket_id) == entry.ticket_id) & (
        col(NightTicket.solved_at) == entry.solved_at
    )
    session.execute(update(NightTicket).where(key).values(**outcomes))


def forget_ticket(session: Session, ticket_id: int) -> None:
    """Drop what was answered about a ticket's words, and ask no more about them."""
    first, last = f"{ticket_id}-", f"{ticket_id}."
    key = col(NightReply.key)
    session.execute(delete(NightReply).where(key > first, key < last))
    for outcome in (NightTicket.summary, NightTicket.article):
        wanted = (col(NightTicket.ticket_id) == ticket_id) & (col(outcome) == "wanted")
        session.execute(update(NightTicket).where(wanted).values({col(outcome): "none"}))


def _erased(session: Session, ticket_id: int) -> bool:
    """Whether a ticket's words were taken out for good."""
    ticket = session.get(Ticket, ticket_id)
    return ticket is None or ticket.requester_id == NOBODY


def end_night(session: Session, due: datetime, state: str, problem: str | None = None) -> None:
    """A run is over; what its batches answered stands in the tickets and in the ledger."""
    night = session.get_one(Night, due)
    night.state, night.problem, night.ended_at = state, problem, utc_now()
    session.execute(delete(NightReply).where(col(NightReply.due_at) == due))
    session.execute(delete(NightBatch).where(col(NightBatch.due_at) == due))


def count_night(session: Session, due: datetime) -> dict[str, int]:
    """How many summaries and articles of a run came to what, as `summary done`."""
    found: dict[str, int] = {}
    for name in ("summary", "article"):
        column = getattr(NightTicket, name)
        query = select(column, func.count()).where(col(NightTicket.due_at) == due).group_by(column)
        found |= {f"{name} {outcome}": count for outcome, count in session.execute(query)}
    return found
