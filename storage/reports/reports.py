"""The figures of a run of days, read from the day books and the tickets."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Float, Integer, bindparam, case, cast, func, select, text
from sqlalchemy.orm import Session
from sqlmodel import col

from storage.costs.daily_totals import SUMS, DayCalls, DayCount, in_two_digits
from storage.costs.days import Days
from storage.db.seconds_between import seconds_between
from storage.nightly import article_drafts
from storage.tickets.models import CallRow, Decision, IgnoredMessage, Message, Ticket

DEAREST = 5
# With the plus it is no column: grouped by that, SQLite walks in its order through all the years.
_SUBJECT = text("+day_counts.subject")
# An agent who writes again within this many seconds was at work in between; a word that comes
# after a longer silence took the second number: reading the thread and writing.
SITTING, ALONE = 900, 120


@dataclass(frozen=True)
class SpendGroup:
    """Calls of one model, purpose, intent, status and way of sending; amounts in nano-dollars."""

    model: str
    purpose: str
    intent: str
    status: str
    batch: bool
    calls: int
    attempts: int
    input_tokens: int
    output_tokens: int
    cache_write_5m_tokens: int
    cache_write_1h_tokens: int
    cache_read_tokens: int
    nano_dollars: int
    first_counted: int
    on_sonnet: int
    on_opus: int


@dataclass(frozen=True)
class IncidentFigures:
    """Incidents that tickets of some days belong to; of the largest, its ticket and how many."""

    count: int = 0
    largest: int = 0
    tickets: int = 0


@dataclass(frozen=True)
class TicketFigures:
    """Tickets of some days; `waiting` is how many are open now, `drafts` articles to approve now.

    `reused` is how many messages got an approved answer again, and what those answers had cost.
    `first_responses` counts those that took so many milliseconds, to two digits.
    """

    opened: int = 0
    solved: int = 0
    waiting: int = 0
    drafts: int = 0
    incidents: IncidentFigures = IncidentFigures()
    unaided: int = 0
    reused: int = 0
    saved_nano_dollars: int = 0
    first_responses: Mapping[int, int] = field(default_factory=dict)
    by_intent: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class MessageFigures:
    """Messages of some days, by what became of them; `stuck` have no outcome for too long."""

    ticketed: int = 0
    ignored: int = 0
    failed: int = 0
    under_way: int = 0
    stuck: int = 0

    @property
    def received(self) -> int:
        return self.ticketed + self.ignored + self.failed + self.under_way + self.stuck


@dataclass(frozen=True)
class DearestTicket:
    """A ticket and what its calls cost in some days."""

    ticket_id: int
    title: str
    channel_id: str
    thread_ts: str
    private: bool
    nano_dollars: int


@dataclass(frozen=True)
class Figures:
    """Everything a digest is made of."""

    spent: tuple[SpendGroup, ...]
    heard: MessageFigures
    tickets: TicketFigures
    counts: Mapping[str, Mapping[str, int]]
    dearest: tuple[DearestTicket, ...]
    agent_seconds: int

    @property
    def nano_dollars(self) -> int:
        return sum(each.nano_dollars for each in self.spent)


def all_counts(session: Session, days: Days) -> dict[str, dict[str, int]]:
    """How often each subject was met, for every kind that a digest tells of."""
    return {
        kind: subject_counts(session, kind, days)
        for kind in ("latency", "handled", "outcome", "asked")
    }


def spend_groups(session: Session, days: Days) -> tuple[SpendGroup, ...]:
    """The calls of some days in groups; their sum is the ledger's."""
    keys = [getattr(DayCalls, each.name) for each in fields(SpendGroup) if each.name not in SUMS]
    sums = [func.sum(getattr(DayCalls, name)) for name in SUMS]
    query = select(*keys, *sums).where(_on(DayCalls, days)).group_by(*keys)
    return tuple([SpendGroup(*row) for row in (session.execute(query))])


def day_rows(session: Session, days: Days) -> list[DayCalls]:
    """The day books themselves, day by day."""
    order = (col(DayCalls.day), col(DayCalls.model), col(DayCalls.purpose), DayCalls.intent)
    query = select(DayCalls).where(_on(DayCalls, days)).order_by(*order)
    return list(session.scalars(query))


def spend_by_day(session: Session, days: Days) -> dict[date, dict[str, int]]:
    """Nano-dollars by day and model."""
    cost = func.sum(DayCalls.nano_dollars)
    query = select(col(DayCalls.day), col(DayCalls.model), cost).where(_on(DayCalls, days))
    found: dict[date, dict[str, int]] = {}
    for day, model, nano in session.execute(query.group_by(col(DayCalls.day), col(DayCalls.model))):
        found.setdefault(day, {})[model] = nano
    return found


def subject_counts(session: Session, kind: str, days: Days) -> dict[str, int]:
    """How often each subject of a kind was met."""
    query = (
        select(col(DayCount.subject), func.sum(DayCount.count))
        .where(col(DayCount.kind) == kind, _on(DayCount, days))
        .group_by(_SUBJECT)
    )
    return dict(session.execute(query).all())


def subject_costs(
    session: Session, kind: str, days: Days, limit: int | None = None
) -> Sequence[tuple[str, int, int]]:
    """Subject, calls and nano-dollars of a kind (desk, channel, requester, ticket), dearest first.

    What no subject is known of stands under an empty name.
    """
    cost = func.sum(DayCount.nano_dollars)
    query = (
        select(col(DayCount.subject), func.sum(DayCount.count), cost)
        .where(col(DayCount.kind) == kind, _on(DayCount, days))
        .group_by(_SUBJECT)
        .order_by(cost.desc(), col(DayCount.subject))
        .limit(limit)
    )
    return session.execute(query).all()


def dearest_tickets(session: Session, days: Days) -> tuple[DearestTicket, ...]:
    """The tickets whose calls cost most."""
    found = subject_costs(session, "ticket", days, DEAREST + 1)
    cost = {int(subject): nano for subject, _calls, nano in found if subject}
    query = select(Ticket).where(col(Ticket.id).in_(cost))
    tickets = {ticket.ticket_id: ticket for ticket in session.scalars(query)}
    return tuple(
        DearestTicket(number, each.title, each.channel_id, each.thread_ts, each.private, nano)
        for number, nano in list(cost.items())[:DEAREST]
        if (each := tickets.get(number)) is not None
    )


def ticket_figures(session: Session, days: Days) -> TicketFigures:
    """What became of the tickets."""
    unaided = case(
        (
            col(Ticket.first_response_at).is_not(None)
            & col(Ticket.handed_over_at).is_(None)
            & col(Ticket.human_since).is_(None),
            1,
        ),
        else_=0,
    )
    intent = func.coalesce(Ticket.intent, "")
    took = func.round(seconds_between(Ticket.opened_at, Ticket.first_response_at) * 1000)
    rounded = in_two_digits(cast(took, Integer))
    query = (
        select(intent, rounded, func.count(), func.sum(unaided))
        .where(*_within(Ticket.opened_at, days))
        .group_by(text("1, 2"))
    )
    rows = session.execute(query).all()
    by_intent, first_responses = Counter[str](), Counter[int]()
    for name, milliseconds, count, _ in rows:
        by_intent[name] += count
        if milliseconds is not None:
            first_responses[milliseconds] += count
    solved = select(func.count()).where(*_within(Ticket.solved_at, days))
    waiting = select(func.count()).where(col(Ticket.status) == "open")
    reused, saved = session.execute(
        select(func.count(), func.coalesce(func.sum(Decision.saved_nano_dollars), 0)).where(
            *_within(Decision.decided_at, days), col(Decision.reused).is_not(None)
        )
    ).one()
    return TicketFigures(
        reused=reused,
        saved_nano_dollars=int(saved),
        opened=by_intent.total(),
        solved=session.scalar(solved) or 0,
        waiting=session.scalar(waiting) or 0,
        drafts=article_drafts.count_article_drafts(session).get("waiting", 0),
        incidents=_incidents(session, days),
        unaided=sum(row[3] for row in rows),
        first_responses=first_responses,
        by_intent=by_intent,
    )


def _incidents(session: Session, days: Days) -> IncidentFigures:
    """The incidents that grew in some days, each with the ticket that stands for it."""
    size = func.count() + 1
    query = (
        select(col(Ticket.incident_id), size)
        # Not «is not null»: SQLite would look through all tickets of the days instead.
        .where(col(Ticket.incident_id) > 0, *_within(Ticket.opened_at, days))
        .group_by(col(Ticket.incident_id))
        .order_by(size.desc(), col(Ticket.incident_id))
    )
    found = session.execute(query).all()
    if not found:
        return IncidentFigures()
    largest, tickets = found[0]
    return IncidentFigures(len(found), largest or 0, tickets)


def message_figures(session: Session, days: Days, stuck_before: datetime) -> MessageFigures:
    """Where every message of people and of other bots went, by the day on which that was settled.

    What is under way counts on the day it came in; from before `stuck_before` it is stuck.
    """
    outcomes = subject_counts(session, "outcome", days)
    # What the bot posted for an agent came from nowhere but the desk itself.
    typed = col(Message.outcome).is_distinct_from("relayed")
    agents = select(func.count()).where(*_by_agents(days), typed)
    ignored = select(func.count()).where(*_within(IgnoredMessage.seen_at, days))
    late = func.sum(case((col(Message.received_at) < stuck_before, 1), else_=0))
    unfinished = select(func.count(), func.coalesce(late, 0)).where(
        col(Message.author) == _inline("customer"),
        col(Message.outcome).is_(None),
        *_within(Message.received_at, days),
    )
    waiting, stuck = session.execute(unfinished).one()
    failed = outcomes.pop("failed", 0)
    return MessageFigures(
        ticketed=sum(outcomes.values()) + (session.scalar(agents) or 0),
        ignored=session.scalar(ignored) or 0,
        failed=failed,
        under_way=waiting - stuck,
        stuck=stuck,
    )


def agent_seconds(session: Session, days: Days) -> int:
    """How long agents were at work in threads, estimated from when they wrote there.

    Words of one agent in one thread less than SITTING apart are one sitting, which counts from its
    first word to its last and ALONE before it; a sitting over midnight counts as two.
    """
    ts = cast(Message.ts, Float)
    before = func.lag(ts).over(
        partition_by=(col(Message.ticket_id), col(Message.author_id)), order_by=ts
    )
    said = select((ts - before).label("gap")).where(*_by_agents(days)).subquery()
    took = case((said.c.gap <= SITTING, said.c.gap), else_=ALONE)
    return int(session.scalar(select(cast(func.coalesce(func.sum(took), 0), Integer))) or 0)


@dataclass(frozen=True)
class RecentCalls:
    """Calls since a moment, for the alarms."""

    calls: int
    failed: int
    prompt_tokens: int
    cache_read_tokens: int
    nano_dollars: int


def recent_calls(session: Session, since: datetime) -> RecentCalls:
    """The calls of the ledger since a moment; few, so they are read from the ledger itself."""
    query = select(*_gist(CallRow, func.count())).where(col(CallRow.called_at) >= since)
    return RecentCalls(*session.execute(query).one())


def usual_calls(session: Session, days: Days) -> RecentCalls:
    """The calls of whole days."""
    query = select(*_gist(DayCalls, func.sum(DayCalls.calls))).where(_on(DayCalls, days))
    return RecentCalls(*session.execute(query).one())


def _gist(table: Any, calls: Any) -> list[Any]:
    """Calls, those that failed or were refused, prompt tokens, those from the cache, and cost."""
    each = 1 if table is CallRow else table.calls
    bad = case((col(table.status).in_(("ok", "max_tokens")), 0), else_=each)
    prompt = (
        table.input_tokens
        + table.cache_write_5m_tokens
        + table.cache_write_1h_tokens
        + table.cache_read_tokens
    )
    cost = (
        func.coalesce(CallRow.recost, CallRow.nano_dollars)
        if table is CallRow
        else table.nano_dollars
    )
    sums = (func.sum(bad), func.sum(prompt), func.sum(table.cache_read_tokens), func.sum(cost))
    return [func.coalesce(total, 0) for total in (calls, *sums)]


def _by_agents(days: Days) -> tuple[Any, ...]:
    return col(Message.author) == _inline("agent"), *_within(Message.received_at, days)


def _inline(value: str) -> Any:
    """A constant that stands in the statement itself, as a partial index wants it."""
    return bindparam(None, value, literal_execute=True)


def _within(moment: Any, days: Days) -> tuple[Any, Any]:
    return col(moment) >= days.start, col(moment) < days.end


def _on(table: Any, days: Days) -> Any:
    return col(table.day).between(days.first, days.last)
